"""From a refusal to its narrowest exclusion, and what that would have let through before."""

from dataclasses import replace

import pytest

from apiward.catalogue.rules import STAGES
from apiward.core.decision import Decision, Effect, Ruling
from apiward.core.event import Event
from apiward.core.evidence import Denial
from apiward.guard.allowing import ALLOWABLE
from apiward.guard.exclusions import ELSEWHERE, Exclusion, callers_in, exclusion, refusals, replay

SQL = Decision("inspect.sql", place="body.items[3].note")
EVENT = Event(
    "incident",
    100.0,
    "POST",
    "POST /notes",
    "/notes",
    400,
    "refused",
    "192.0.2.1",
    "user:1",
    (Ruling(SQL, True),),  # noqa: FBT003
)
WANTED = Exclusion("POST /notes", "inspect.sql", "body.items[].note")
DENIAL = Denial(
    "POST /notes", "inspect.sql", "body.items[0].note", "user:2", is_applied=True, is_moot=False, times=1, last_s=0
)


def _event(id_: str, caller: str, *said: Decision, client: str = "192.0.2.9") -> Event:
    rulings = tuple(Ruling(one, is_applied=True) for one in (said or (SQL,)))
    return EVENT._replace(id=id_, principal=caller, client=client, rulings=rulings)


def test_the_narrowest_exclusion_is_operation_rule_and_place() -> None:
    assert exclusion(EVENT, SQL) == WANTED
    bare = EVENT._replace(operation="", path="/hook")
    assert exclusion(bare, Decision("route.undescribed")) == Exclusion("POST /hook", "route.undescribed", "")


def test_what_the_caller_met_comes_first() -> None:
    watched, note = Decision("shape.body"), Decision("inspect.sql", Effect.NOTE)
    event = EVENT._replace(rulings=(Ruling(watched, False), Ruling(note, True), Ruling(SQL, True)))  # noqa: FBT003
    assert refusals(event) == (SQL, watched)


@pytest.mark.parametrize("stage", [name for name in STAGES if name not in ALLOWABLE])
def test_other_stages_say_where_to_turn(stage: str) -> None:
    found = exclusion(EVENT, Decision(f"{stage}.x"))
    assert found.why_not == ELSEWHERE.get(stage, "Its settings stand in [guard].")


def test_what_was_not_kept_whole_cannot_be_excluded() -> None:
    assert "was not kept" in exclusion(EVENT, replace(SQL, place="body.?")).why_not
    assert "was not kept" in exclusion(EVENT, replace(SQL, place="x" * 100)).why_not
    bare = EVENT._replace(operation="", path="/reset/…")
    assert "Describe the operation" in exclusion(bare, Decision("route.undescribed")).why_not


def test_the_past_is_counted_without_the_incident_itself() -> None:
    events = [EVENT, _event("a", "user:1"), _event("b", "user:2"), _event("c", "user:2")]
    found = replay(events, [DENIAL], WANTED, EVENT.id, is_cut=False)
    assert (found.requests, found.callers, found.attacks, found.hostile) == (3, 2, 0, ())


def test_another_rule_or_place_is_not_what_would_be_let_through() -> None:
    events = [
        _event("a", "user:1", Decision("inspect.shell", place=SQL.place)),
        _event("b", "user:1", replace(SQL, place="x")),
    ]
    assert replay(events, [], WANTED, EVENT.id, is_cut=False).requests == 0
    assert callers_in(events, WANTED) == frozenset()


@pytest.mark.parametrize(
    "denial",
    [
        replace(DENIAL, rule="inspect.shell"),
        replace(DENIAL, place="body.title"),
        replace(DENIAL, operation="GET /other"),
        replace(DENIAL, rule="protocol.transfer-encoding"),
        replace(DENIAL, rule="route.undescribed", times=20),
        replace(DENIAL, caller="192.0.2.9", rule="inspect.shell"),
    ],
)
def test_who_attacked_elsewhere_attacked_here(denial: Denial) -> None:
    found = replay(
        [_event("b", "user:2"), _event("c", "user:3", client="192.0.2.3")], [denial], WANTED, "", is_cut=True
    )
    assert (found.requests, found.attacks, found.hostile, found.is_cut) == (2, 1, ("user:2",), True)


@pytest.mark.parametrize(
    "denial",
    [
        DENIAL,
        replace(DENIAL, rule="shape.undeclared"),
        replace(DENIAL, rule="authenticate.token-expired"),
        replace(DENIAL, rule="route.undescribed", times=19),
        replace(DENIAL, rule="inspect.shell", caller="user:9"),
    ],
)
def test_ordinary_slips_are_no_attacks(denial: Denial) -> None:
    assert replay([_event("b", "user:2")], [denial], WANTED, "", is_cut=False).attacks == 0


def test_who_asks_for_the_same_door_again_and_again_tries_no_others() -> None:
    wanted = Exclusion("POST /hook", "route.undescribed", "")
    hook = EVENT._replace(operation="", path="/hook", rulings=(Ruling(Decision("route.undescribed"), is_applied=True),))
    events = [hook._replace(id=str(number), principal="user:2") for number in range(30)]
    asked = replace(DENIAL, operation="", rule="route.undescribed", place="", times=30)
    assert replay(events, [asked], wanted, "0", is_cut=False).attacks == 0
    assert replay(events, [replace(asked, times=50)], wanted, "0", is_cut=False).attacks == 29


def test_what_another_rule_refused_as_well_is_an_attack() -> None:
    both = _event("b", "user:2", SQL, Decision("conduct.walk"))
    assert replay([both], [], WANTED, "", is_cut=False).attacks == 1


def test_callers_are_named_with_their_addresses() -> None:
    assert callers_in([_event("b", "user:2")], WANTED) == {"user:2", "192.0.2.9"}
