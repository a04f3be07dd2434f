from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine, inspect

from apiward.stores.events.migrations.versions import people_0006, rollups_0005
from apiward.stores.events.schema import HEAD

TABLES = ("people", "people_codes", "people_sessions")


def test_the_tables_come_and_go(bare_engine: Engine) -> None:
    assert (people_0006.revision, people_0006.down_revision) == (HEAD, rollups_0005.revision)
    with bare_engine.begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        people_0006.upgrade(op)
        assert all(inspect(connection).has_table(name) for name in TABLES)
        people_0006.downgrade(op)
        assert not any(inspect(connection).has_table(name) for name in TABLES)
