from sqlalchemy import Engine, inspect

from apiward.stores.events.database import bring_up_to_date
from apiward.stores.events.rows import COLUMNS
from apiward.stores.events.schema import EVENTS, METADATA


def test_the_table_holds_a_row_after_its_number() -> None:
    assert tuple(EVENTS.c.keys()) == ("seq", *COLUMNS)


def test_the_migrations_make_the_same_tables(engine: Engine) -> None:
    bring_up_to_date(engine)
    found = inspect(engine)
    for name, table in METADATA.tables.items():
        columns = {column["name"]: column["nullable"] for column in found.get_columns(name)}
        assert columns == {column.name: column.nullable for column in table.c}
        assert found.get_pk_constraint(name)["constrained_columns"] == list(table.primary_key.columns.keys())
        indexes = {str(index["name"]): index["column_names"] for index in found.get_indexes(name)}
        assert indexes == {str(index.name): [column.name for column in index.columns] for index in table.indexes}
