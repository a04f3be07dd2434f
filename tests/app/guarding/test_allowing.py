"""From an incident to an exclusion in the rules file, and what stands in the way of one."""

from pathlib import Path

import pytest

from apiward.app.guarding.allowing import AllowDesk, StoreAwayError, allow_desk, day
from apiward.app.guarding.place import Place
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig
from apiward.core.decision import Decision, Effect, Ruling
from apiward.core.event import Event
from apiward.core.lanes import AuditKind
from tests.app.guarding.stored import stored_events
from tests.app.guarding.test_autopilot import NOW_S, Store
from tests.stores.events.made import event

SQL = Decision("inspect.sql", place="body.note")


def _event(number: int, *said: Decision, is_applied: bool = True, **changes: object) -> Event:
    rulings = tuple(Ruling(one, is_applied) for one in said)
    return event(number, operation="POST /notes", outcome="refused", rulings=rulings, **changes)


def _desk(tmp_path: Path, *events: Event) -> AllowDesk:
    store = Store()
    store.events = {one.id: one for one in events}
    return AllowDesk(tmp_path, tmp_path / "data", store, NOW_S, pause=lambda _: None)


def test_an_incident_becomes_a_rule_that_ends(tmp_path: Path) -> None:
    incident = _event(1, SQL)
    desk = _desk(tmp_path, incident, _event(2, SQL, principal="user:2"))
    proposals = desk.proposals(desk.event(incident.id))
    assert [(one.replay.requests, one.replay.attacks) for one in proposals] == [(1, 0)]
    assert desk.standing(proposals[0].exclusion) is None
    [made] = desk.allow(incident, proposals, reason="a course", owner="anna", days=30)
    assert (made.id, made.operation, made.rule, made.place) == (
        "allow-000001",
        "POST /notes",
        "inspect.sql",
        "body.note",
    )
    assert (made.reason, made.owner, made.incident) == ("a course", "anna", incident.id)
    assert made.expires_s == NOW_S + 30 * 86_400
    assert desk.listed() == (made,)
    assert desk.standing(proposals[0].exclusion) == made
    [again] = desk.allow(incident, proposals, reason="", owner="", days=1)
    assert again.id == "allow-000001-2"
    assert desk.remove(again.id) == again
    assert desk.listed() == (made,)


def test_who_lets_through_and_takes_back_stands_in_the_audit_record(tmp_path: Path) -> None:
    incident, data = _event(1, SQL), tmp_path / "data"
    data.mkdir()
    store = Store()
    store.events = {incident.id: incident}
    desk = AllowDesk(tmp_path, data, store, NOW_S, by="owner:ada")
    [made] = desk.allow(incident, desk.proposals(incident), reason="a course", owner="anna", days=30)
    desk.remove(made.id)
    lifted, back = stored_events(Place(None, tmp_path, data))
    assert (lifted.principal, lifted.said) == (
        "owner:ada",
        f"inspect.sql was lifted on POST /notes as {made.id}: a course",
    )
    assert (back.principal, back.said) == (
        "owner:ada",
        f"{made.id} was taken back: inspect.sql refuses again on POST /notes.",
    )
    assert {one.kind for one in (lifted, back)} == {AuditKind.ADMINISTRATION}


def test_what_was_only_watched_is_proposed_where_nothing_was_refused(tmp_path: Path) -> None:
    other = Decision("shape.undeclared", place="body.extra")
    watched = _event(1, SQL, other, SQL, is_applied=False)
    assert [one.exclusion.rule for one in _desk(tmp_path, watched).proposals(watched)] == [
        "inspect.sql",
        "shape.undeclared",
    ]
    met = watched._replace(rulings=(*watched.rulings, Ruling(Decision("shape.body", place="body"), is_applied=True)))
    assert [one.exclusion.rule for one in _desk(tmp_path, met).proposals(met)] == ["shape.body"]


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ((), "was not refused"),
        ((Decision("inspect.sql", Effect.NOTE),), "was not refused"),
        ((Decision("protocol.length"),), "two ways"),
        ((Decision("permit.role"),), "explain-access"),
        ((Decision("inspect.sql", place="body.?"),), "was not kept"),
    ],
)
def test_what_cannot_be_excluded_is_told(tmp_path: Path, said: tuple[Decision, ...], word: str) -> None:
    incident = _event(1, *said)
    with pytest.raises(AdvisedError, match=word):
        _desk(tmp_path, incident).proposals(incident)


def test_an_unknown_incident_is_told(tmp_path: Path) -> None:
    with pytest.raises(AdvisedError, match="Compare it letter by letter"):
        _desk(tmp_path).event("1a2b")


def test_what_has_just_happened_is_waited_for(tmp_path: Path) -> None:
    store, waits = Store(), []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        store.events["1a2b"] = _event(1, SQL)

    assert AllowDesk(tmp_path, tmp_path / "data", store, NOW_S, pause=pause).event("1a2b").id == "00000001"
    assert len(waits) == 1


def test_the_newest_refusal_is_found(tmp_path: Path) -> None:
    assert _desk(tmp_path, _event(1, SQL), _event(2, SQL)).event("last").id == "00000002"
    with pytest.raises(AdvisedError, match="Nothing was refused"):
        _desk(tmp_path).event("last")


def test_an_unknown_exclusion_is_told(tmp_path: Path) -> None:
    desk = _desk(tmp_path)
    with pytest.raises(AdvisedError, match="There are none"):
        desk.remove("allow-1")
    incident = _event(1, SQL)
    desk.allow(incident, _desk(tmp_path, incident).proposals(incident), reason="", owner="", days=1)
    with pytest.raises(AdvisedError, match='Did you mean "allow-000001"'):
        desk.remove("allow-000002")


def test_a_store_that_is_away_is_no_usage_error(tmp_path: Path) -> None:
    (tmp_path / "events.sqlite").write_text("no database " * 1_000)
    with allow_desk(tmp_path, tmp_path, GuardConfig(), NOW_S) as desk, pytest.raises(StoreAwayError) as told:
        desk.event("1a2b")
    assert told.value.exit_code == 3


def test_a_folder_without_events_is_told(tmp_path: Path) -> None:
    with pytest.raises(AdvisedError, match="There are no events"), allow_desk(tmp_path, tmp_path, GuardConfig(), NOW_S):
        pass


def test_days_are_told_in_utc() -> None:
    assert day(NOW_S) == "2027-01-15"
