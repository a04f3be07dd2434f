from typing import Any

from sqlalchemy import Engine, Row, select

from apiward.core.decision import Decision, Ruling
from apiward.core.event import Event
from apiward.stores.events.rows import COLUMNS, Cell, row_of
from apiward.stores.events.storing import SqlEvents
from apiward.stores.record.schema import AUDIT, AUDIT_TREE, ROLLUPS
from tests.stores.events.made import NOW_S, event

DENIED = Ruling(Decision("permit.role", place="role", saw="none of staff"), is_applied=True)


def as_rows(*events: Event) -> list[list[Cell]]:
    return [list(row_of(one)) for one in events]


def keeper(engine: Engine) -> SqlEvents:
    return SqlEvents(engine, lambda: NOW_S)


def audit(engine: Engine) -> list[Row[Any]]:
    with engine.connect() as connection:
        return list(connection.execute(select(AUDIT).order_by(AUDIT.c.seq)).all())


def counts(engine: Engine) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(ROLLUPS).order_by(*ROLLUPS.primary_key.columns)).all()]


def refused(number: int) -> Event:
    return event(number, status=403, outcome="refused", rulings=(DENIED,))


def test_only_what_belongs_there_goes_into_the_record_in_order(engine: Engine) -> None:
    keeper(engine).add(as_rows(event(1), refused(2), event(3), event(4, status=401)))
    assert [(row.seq, row.id) for row in audit(engine)] == [(0, "00000002"), (1, "00000004")]


def test_what_is_offered_again_is_recorded_and_counted_once(engine: Engine) -> None:
    keeper(engine).add(as_rows(event(1), refused(2)))
    keeper(engine).add(as_rows(event(1), refused(2), refused(3), refused(3), event(4)))
    assert [row.id for row in audit(engine)] == ["00000002", "00000003"]
    assert sum(row[3] for row in counts(engine)) == 4


def test_large_batches_are_recorded_whole(engine: Engine) -> None:
    keeper(engine).add(as_rows(*(refused(number) for number in range(1_234))))
    assert [row.seq for row in audit(engine)] == list(range(1_234))
    with engine.connect() as connection:
        assert connection.execute(select(AUDIT_TREE.c.size)).scalar() == 1_234


def test_requests_are_counted_by_caller_operation_and_five_minutes(engine: Engine) -> None:
    at_s = 1_800_000_100.0
    given = [
        event(1, at_s=at_s, answer_size=10, elapsed_s=0.25),
        event(2, at_s=at_s + 1, answer_size=20, elapsed_s=0.5, status=404),
        event(3, at_s=at_s + 300),
        event(4, at_s=at_s, principal="user:7", status=403, outcome="refused"),
        event(5, at_s=at_s, principal="user:7", status=502, outcome="failed", request_size=7),
        event(6, at_s=at_s, kind="guard"),
    ]
    keeper(engine).add(as_rows(*given[:2]))
    keeper(engine).add(as_rows(*given[2:]))
    operation = given[0].operation
    assert counts(engine) == [
        (1_800_000_000, "user:42", operation, 2, 0, 0, 0, 1, 0, 0.75, 0, 30),
        (1_800_000_000, "user:7", operation, 2, 1, 1, 1, 0, 1, 0.004, 7, 1_024),
        (1_800_000_300, "user:42", operation, 1, 0, 0, 0, 0, 0, 0.002, 0, 512),
    ]


def test_a_row_that_was_changed_by_hand_is_stored_and_told_of(engine: Engine) -> None:
    bad = as_rows(refused(1))[0]
    bad[COLUMNS.index("rulings")] = "no json"
    assert keeper(engine).add([bad, *as_rows(refused(2))]) == ("1 events could not be read for the record.",)
    assert [row.id for row in audit(engine)] == ["00000002"]


def test_no_personal_data_stands_in_a_leaf(engine: Engine) -> None:
    keeper(engine).add(as_rows(refused(1)._replace(client="192.0.2.77", principal="user:anna", said="Anna came")))
    (row,) = audit(engine)
    assert row.who == "user:anna"
    for secret in ("192.0.2.77", "anna", "Anna", "/products/7", "none of staff"):
        assert secret not in row.leaf
        assert secret in row.personal
