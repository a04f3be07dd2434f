from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from apiward.stores.events.database import bring_up_to_date, open_database, sqlite_url
from apiward.stores.events.keeping import NewerStoreError
from apiward.stores.events.migrations.running import ORDER
from apiward.stores.events.schema import HEAD, METADATA, VERSIONS
from tests.stores.events.made import make_newer


def test_alembic_finds_nothing_left_to_migrate(engine: Engine) -> None:
    bring_up_to_date(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSIONS})
        assert compare_metadata(context, METADATA) == []
        assert context.get_current_revision() == HEAD


def test_each_version_goes_on_from_the_one_before() -> None:
    befores = [None, *(one.revision for one in ORDER)]
    assert [one.down_revision for one in ORDER] == befores[:-1]
    assert befores[-1] == HEAD


def test_an_app_that_migrates_its_own_database_meanwhile_is_not_disturbed(bare_engine: Engine, tmp_path: Path) -> None:
    theirs = open_database(sqlite_url(tmp_path / "theirs.sqlite"))
    with theirs.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        bring_up_to_date(bare_engine)
        op.create_table("books", sa.Column("title", sa.Text))
    assert inspect(theirs).get_table_names() == ["books"]
    assert inspect(bare_engine).has_table("incidents")
    assert not inspect(bare_engine).has_table("books")
    theirs.dispose()


def test_a_store_of_a_newer_version_is_left_alone(engine: Engine) -> None:
    bring_up_to_date(engine)
    make_newer(engine)
    with pytest.raises(NewerStoreError, match="newer version"):
        bring_up_to_date(engine)
    with engine.connect() as connection:
        assert connection.execute(text(f"SELECT version_num FROM {VERSIONS}")).scalar() == "later_0099"
