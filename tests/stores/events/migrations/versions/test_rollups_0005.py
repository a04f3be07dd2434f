from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine, select, text

from apiward.stores.events.migrations.versions import record_0002, rollups_0005, watching_0004
from apiward.stores.record.rolling import add_up
from apiward.stores.record.schema import ROLLUPS


def test_counts_outlast_it_both_ways_and_go_on(bare_engine: Engine) -> None:
    assert rollups_0005.down_revision == watching_0004.revision
    with bare_engine.begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        record_0002.upgrade(op)
        for change in (None, rollups_0005.upgrade, rollups_0005.downgrade):
            if change is not None:
                change(op)
            add_up(connection, [(300.0, "user:1", "GET /a", "passed", 404, 0.5, 1, 2)])
        row = connection.execute(select(ROLLUPS)).one()
        assert (row.window_s, row.principal, row.operation, row.requests, row.missing) == (
            300,
            "user:1",
            "GET /a",
            3,
            3,
        )
        assert (row.elapsed_s, row.request_size, row.answer_size) == (1.5, 3, 6)


def test_with_sqlite_rows_have_no_numbers_afterwards(bare_engine: Engine) -> None:
    with bare_engine.begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        record_0002.upgrade(op)
        rollups_0005.upgrade(op)
        if connection.dialect.name == "sqlite":
            made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'rollups'")).scalar_one()
            assert "WITHOUT ROWID" in made
