from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine, inspect, select, text

from apiward.stores.events.database import bring_up_to_date
from apiward.stores.events.migrations.versions import events_0001, record_0002
from apiward.stores.events.reading import EventReader
from apiward.stores.events.rows import row_of
from apiward.stores.events.schema import VERSIONS
from apiward.stores.events.storing import SqlEvents
from apiward.stores.record.schema import AUDIT_TREE
from tests.stores.events.made import NOW_S, event

_TABLES = ("audit", "audit_tree", "rollups")


def test_it_is_made_with_an_empty_tree_and_taken_back(bare_engine: Engine) -> None:
    assert record_0002.down_revision == events_0001.revision
    with bare_engine.begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        record_0002.upgrade(op)
        tree = connection.execute(select(AUDIT_TREE)).one()
        assert (tree.size, tree.peaks, tree.last) == (0, "", "")
        record_0002.downgrade(op)
        assert not any(inspect(connection).has_table(name) for name in _TABLES)


def test_a_store_of_the_version_before_keeps_its_events_and_takes_more(bare_engine: Engine) -> None:
    with bare_engine.begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        events_0001.upgrade(op)
        connection.execute(text(f"CREATE TABLE {VERSIONS} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        connection.execute(text(f"INSERT INTO {VERSIONS} VALUES ('{events_0001.revision}')"))
        columns = ("0", 1.0, "GET", "", "/", 200, "passed", "", "", "[]", 0.0, 0.0, 0, 0, "request", "")
        names = "id,at_s,method,operation,path,status,outcome,client,principal,rulings,own_s,elapsed_s,request_size"
        marks = ",".join(f":c{at}" for at in range(len(columns)))
        statement = text(f"INSERT INTO events ({names},answer_size,kind,said) VALUES ({marks})")
        connection.execute(statement, {f"c{at}": cell for at, cell in enumerate(columns)})
    bring_up_to_date(bare_engine)
    SqlEvents(bare_engine, lambda: NOW_S).add([list(row_of(event(1)))])
    assert [item.event.id for item in EventReader(bare_engine).events()] == ["0", "00000001"]
