from sqlalchemy import Engine, inspect

from apiward.stores.events.database import bring_up_to_date
from apiward.stores.events.rows import COLUMNS
from apiward.stores.events.schema import EVENTS


def test_the_table_holds_a_row_after_its_number() -> None:
    assert tuple(EVENTS.c.keys()) == ("seq", *COLUMNS)


def test_the_migrations_make_the_same_table(engine: Engine) -> None:
    bring_up_to_date(engine)
    found = inspect(engine)
    columns = {column["name"]: column["nullable"] for column in found.get_columns("events")}
    assert columns == {column.name: column.nullable for column in EVENTS.c}
    indexes = {str(index["name"]): index["column_names"] for index in found.get_indexes("events")}
    assert indexes == {str(index.name): [column.name for column in index.columns] for index in EVENTS.indexes}
