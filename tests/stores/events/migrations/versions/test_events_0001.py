from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine, inspect

from apiward.stores.events.migrations.versions import events_0001


def test_it_is_made_and_taken_back(bare_engine: Engine) -> None:
    with bare_engine.begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        events_0001.upgrade(op)
        assert inspect(connection).has_table("events")
        events_0001.downgrade(op)
        assert not inspect(connection).has_table("events")
