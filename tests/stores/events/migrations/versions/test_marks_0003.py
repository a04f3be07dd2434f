from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, Engine, inspect, text

from apiward.stores.events.database import bring_up_to_date
from apiward.stores.events.migrations.versions import events_0001, marks_0003, record_0002
from apiward.stores.events.reading import EventReader
from apiward.stores.events.rows import COLUMNS, row_of
from apiward.stores.events.schema import VERSIONS
from apiward.stores.events.storing import SqlEvents
from tests.stores.events.made import MARKS, NOW_S, PLAIN, event

_BEFORE = COLUMNS[:-1]
_OLD = dict(zip(_BEFORE, row_of(PLAIN), strict=False))


def test_it_is_made_and_taken_back(bare_engine: Engine) -> None:
    assert marks_0003.down_revision == record_0002.revision
    with bare_engine.begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        events_0001.upgrade(op)
        marks_0003.upgrade(op)
        assert [column["name"] for column in inspect(connection).get_columns("events")] == ["seq", *COLUMNS]
        marks_0003.downgrade(op)
        assert [column["name"] for column in inspect(connection).get_columns("events")] == ["seq", *_BEFORE]


def test_events_of_the_version_before_have_no_marks_and_new_ones_do(bare_engine: Engine) -> None:
    with bare_engine.begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        events_0001.upgrade(op)
        record_0002.upgrade(op)
        connection.execute(text(f"CREATE TABLE {VERSIONS} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        connection.execute(text(f"INSERT INTO {VERSIONS} VALUES ('{record_0002.revision}')"))
        _insert_as_before(connection, "0")
    bring_up_to_date(bare_engine)
    SqlEvents(bare_engine, lambda: NOW_S).add([list(row_of(event(1, marks=MARKS)))])
    with bare_engine.begin() as connection:  # a guard of the version before, which goes on meanwhile
        _insert_as_before(connection, "2")
    assert [item.event.marks for item in EventReader(bare_engine).events()] == [(), MARKS, ()]


def _insert_as_before(connection: Connection, id_: str) -> None:
    values = ",".join(f":{name}" for name in _BEFORE)
    connection.execute(text(f"INSERT INTO events ({','.join(_BEFORE)}) VALUES ({values})"), {**_OLD, "id": id_})
