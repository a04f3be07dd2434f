from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine

from apiward.stores.events.database import bring_up_to_date
from apiward.stores.events.schema import METADATA, VERSIONS


def test_alembic_finds_nothing_left_to_migrate(engine: Engine) -> None:
    bring_up_to_date(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSIONS})
        assert compare_metadata(context, METADATA) == []
