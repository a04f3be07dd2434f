"""Evidence is counted by the database: the same on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from apiward.core.decision import Decision, Effect, Ruling
from apiward.core.evidence import Denial, Habit, Traffic
from apiward.stores.events import evidence as module
from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.events.evidence import SqlEvidence, StoreError
from apiward.stores.events.rows import row_of
from apiward.stores.events.storing import SqlEvents
from tests.stores.events.made import NOW_S, event

DAY_S = 86_400.0
KEY = "GET /products/{id}"
SQL = Ruling(Decision("inspect.sql", place="query q", saw='a "quoted" text'), is_applied=False)
APPLIED = Ruling(Decision("inspect.sql", place="query q"), is_applied=True)
SLOWED = Ruling(Decision("conduct.slowed", Effect.DELAY), is_applied=False)
NOTE = Ruling(Decision("shape.unknown-query", Effect.NOTE), is_applied=True)
OTHER = "POST /orders"

_EVENTS = [
    event(1, at_s=NOW_S),
    event(2, at_s=NOW_S + 1, principal="anonymous:", client="192.0.2.7"),
    event(3, at_s=NOW_S + DAY_S, principal="anonymous:", client="192.0.2.7", rulings=(SQL, SLOWED)),
    event(4, at_s=NOW_S + DAY_S + 1, rulings=(SQL, SQL), status=404),
    event(5, at_s=NOW_S + DAY_S + 2, rulings=(APPLIED,), status=400, outcome="refused"),
    event(6, at_s=NOW_S + DAY_S + 3, rulings=(NOTE,)),
    event(7, at_s=NOW_S + DAY_S + 4, operation=OTHER, principal="user:9"),
    event(8, at_s=NOW_S + DAY_S + 5, operation="", method="POST", path="/hook", rulings=(SQL,)),
    event(9, at_s=NOW_S + DAY_S + 6, kind="guard", said="Autopilot: 50% _done_", rulings=(SQL,)),
    event(10, at_s=NOW_S + DAY_S + 7, kind="guard", said="Something else"),
    # what was read from a log is no evidence of how the guard fares
    event(11, at_s=NOW_S + DAY_S + 5, rulings=(SQL,), marks=(("source", "access.log"),)),
]


@pytest.fixture
def evidence(engine: Engine) -> Iterator[SqlEvidence]:
    SqlEvents(engine, lambda: NOW_S).add([list(row_of(item)) for item in _EVENTS])
    made = SqlEvidence(engine)
    yield made
    made.close()


def test_refusals_are_told_by_rule_place_and_caller(evidence: SqlEvidence) -> None:
    found, is_cut = evidence.denials(NOW_S)
    assert not is_cut
    late = NOW_S + DAY_S
    assert set(found) == {
        Denial(KEY, "inspect.sql", "query q", "192.0.2.7", is_applied=False, is_moot=False, times=1, last_s=late),
        Denial(KEY, "conduct.slowed", "", "192.0.2.7", is_applied=False, is_moot=False, times=1, last_s=late),
        Denial(KEY, "inspect.sql", "query q", "user:42", is_applied=False, is_moot=True, times=2, last_s=late + 1),
        Denial(KEY, "inspect.sql", "query q", "user:42", is_applied=True, is_moot=True, times=1, last_s=late + 2),
        Denial("", "inspect.sql", "query q", "user:42", is_applied=False, is_moot=False, times=1, last_s=late + 5),
    }
    assert found[0].times == 2, "the most frequent first"


def test_refusals_are_chosen_by_time_and_caller(evidence: SqlEvidence) -> None:
    assert evidence.denials(NOW_S + 2 * DAY_S) == ((), False)
    assert evidence.denials(NOW_S, until_s=NOW_S + DAY_S) == ((), False)
    found, _ = evidence.denials(NOW_S, callers=["192.0.2.7", "' OR 1=1 --"])
    assert {one.caller for one in found} == {"192.0.2.7"}


def test_more_refusals_than_are_told_are_said(evidence: SqlEvidence, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_DENIALS", 2)
    found, is_cut = evidence.denials(NOW_S)
    assert (len(found), is_cut) == (2, True)


def test_what_went_well_is_counted_by_operation(evidence: SqlEvidence) -> None:
    found = evidence.traffic(NOW_S, starts={})
    assert found == {
        KEY: Traffic(4, 2, 2, NOW_S, NOW_S + DAY_S + 3),
        OTHER: Traffic(1, 1, 1, NOW_S + DAY_S + 4, NOW_S + DAY_S + 4),
        "": Traffic(1, 1, 1, NOW_S + DAY_S + 5, NOW_S + DAY_S + 5),
    }


def test_each_operation_has_its_own_start_and_some_callers_do_not_count(evidence: SqlEvidence) -> None:
    found = evidence.traffic(NOW_S, starts={KEY: NOW_S + DAY_S, OTHER: 5.0}, without=["192.0.2.7"])
    assert (found[KEY].requests, found[KEY].callers, found[OTHER].requests) == (1, 1, 1)


def test_habits_are_told_by_caller(evidence: SqlEvidence) -> None:
    assert evidence.habits(KEY, NOW_S, NOW_S + 9 * DAY_S) == {"user:42": Habit(4, 2), "192.0.2.7": Habit(2, 0)}
    assert evidence.habits(KEY, NOW_S, NOW_S + 1) == {"user:42": Habit(1, 0)}
    assert evidence.habits("nothing", NOW_S, NOW_S + 1) == {}


def test_events_that_name_a_rule_are_found_the_newest_first(evidence: SqlEvidence) -> None:
    found, is_cut = evidence.refused(KEY, "", "", "inspect.sql", NOW_S)
    assert [one.id for one in found] == ["00000005", "00000004", "00000003"]
    assert not is_cut
    assert evidence.refused(KEY, "", "", "inspect.%", NOW_S) == ((), False)
    undescribed, _ = evidence.refused("", "POST", "/hook", "inspect.sql", NOW_S)
    assert [one.id for one in undescribed] == ["00000008"]
    assert evidence.refused("", "POST", "/hooks", "inspect.sql", NOW_S) == ((), False)


def test_an_event_is_found_by_its_id(evidence: SqlEvidence) -> None:
    assert evidence.event("00000004") == _EVENTS[3]
    assert evidence.event("' OR 1=1 --") is None


def test_the_newest_refusal_is_found(evidence: SqlEvidence) -> None:
    found = evidence.last_refused()
    assert found is not None
    assert found.id == "00000008"


def test_what_the_guard_says_of_itself_is_found(evidence: SqlEvidence) -> None:
    assert [one.id for one in evidence.said("Autopilot: 50% _", 5)] == ["00000009"]
    assert evidence.said("Autopilot: 50_", 5) == ()


def test_a_store_that_is_away_is_told_without_values(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    path.write_text("no database " * 1_000)
    with pytest.raises(StoreError, match="event database"):
        SqlEvidence(open_database(sqlite_url(path))).event("secret-value")
    with pytest.raises(OSError, match="event database") as told:
        SqlEvidence(open_database("postgresql+psycopg://nobody@/x?host=/nowhere")).event("secret-value")
    assert "secret-value" not in str(told.value)
