from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine, inspect

from apiward.stores.events.migrations.versions import marks_0003, watching_0004


def test_it_is_made_and_taken_back(bare_engine: Engine) -> None:
    assert watching_0004.down_revision == marks_0003.revision
    with bare_engine.begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        watching_0004.upgrade(op)
        assert inspect(connection).has_table("incidents")
        watching_0004.downgrade(op)
        assert inspect(connection).get_table_names() == []
