"""Whether a stage may enforce on an operation: what speaks for it, what against it, and who does not count."""

from dataclasses import replace

import pytest

from apiward.catalogue.rules import load_rules
from apiward.core.decision import Mode
from apiward.core.evidence import Denial, Evidence, Traffic
from apiward.guard.readiness import (
    ATTACK_RULES,
    ATTACKER_KINDS,
    NOBODY,
    SWITCHED,
    AutopilotSettings,
    Place,
    Standing,
    State,
    attackers,
    evidence_words,
    gathered,
    is_attack,
    standings,
)
from apiward.guard.stage import StageName

KEY = "POST /notes"
WATCH = dict.fromkeys(StageName, Mode.WATCH)
ENOUGH = Traffic(requests=300, callers=5, days=7)
SETTINGS = AutopilotSettings()
REFUSAL = Denial(KEY, "shape.body", "body.a", "user:1", is_applied=False, is_moot=False, times=3, last_s=50.0)
PROBES = tuple(
    replace(REFUSAL, operation="GET /other", rule=rule, place="", caller="192.0.2.66")
    for rule in ("inspect.sql", "inspect.shell", "protocol.transfer-encoding")
)


def _standing(
    *denials: Denial,
    traffic: Traffic = ENOUGH,
    place: Place = Place(KEY, WATCH),  # noqa: B008 - frozen
    stage: StageName = StageName.SHAPE,
    allowed: frozenset[tuple[str, str, str]] = frozenset(),
    is_cut: bool = False,
) -> Standing:
    evidence = Evidence(0.0, {place.operation: traffic}, denials, is_cut)
    found = standings([place], evidence, SETTINGS, allowed)
    assert [one.stage for one in found] == list(SWITCHED)
    return next(one for one in found if one.stage is stage)


def test_enough_of_everything_and_no_refusal_is_ready() -> None:
    found = _standing()
    assert (found.state, found.why) == (State.READY, "300 requests, 5 callers, 7 days, 0 would-be refusals.")


@pytest.mark.parametrize(
    ("traffic", "why"),
    [
        (Traffic(requests=299, callers=5, days=7), "Too little was seen: 299 requests of 300."),
        (Traffic(requests=300, callers=1, days=7), "Too little was seen: 1 caller of 5."),
        (Traffic(requests=300, callers=5, days=6), "Too little was seen: 6 days of 7."),
        (Traffic(), "Too little was seen: 0 requests of 300."),
    ],
)
def test_too_little_of_anything_is_told(traffic: Traffic, why: str) -> None:
    found = _standing(traffic=traffic)
    assert (found.state, found.why) == (State.NOT_YET, why)


def test_what_would_be_refused_stands_in_the_way_and_is_told() -> None:
    found = _standing(REFUSAL, replace(REFUSAL, caller="user:2", last_s=60.0))
    assert found.state is State.NOT_YET
    assert found.why == "shape.body at body.a would refuse 6 requests of 2 callers."
    assert [(one.rule, one.place, one.times, one.callers, one.last_s) for one in found.would_be] == [
        ("shape.body", "body.a", 6, 2, 60.0)
    ]
    more = _standing(REFUSAL, replace(REFUSAL, place="body.b", times=9))
    assert more.why == "shape.body at body.b would refuse 9 requests of 1 caller, and 1 more like it."


def test_another_stage_or_operation_is_not_in_the_way() -> None:
    assert _standing(REFUSAL, stage=StageName.INSPECT).state is State.READY
    assert _standing(replace(REFUSAL, operation="GET /other")).state is State.READY


def test_what_was_applied_or_failed_all_the_same_is_not_in_the_way() -> None:
    assert _standing(replace(REFUSAL, is_applied=True)).state is State.READY
    assert _standing(replace(REFUSAL, is_moot=True)).state is State.READY


def test_what_is_excluded_is_not_in_the_way() -> None:
    refusal = replace(REFUSAL, place="body.items[7].a")
    assert _standing(refusal, allowed=frozenset({(KEY, "shape.body", "body.items[].a")})).state is State.READY
    assert _standing(refusal, allowed=frozenset({(KEY, "shape.body", "body.items[].b")})).state is State.NOT_YET


def test_attackers_do_not_keep_the_guard_open() -> None:
    refusal = replace(REFUSAL, caller="192.0.2.66")
    assert _standing(refusal, *PROBES).state is State.READY
    assert _standing(refusal, *PROBES[:2]).state is State.NOT_YET, "two kinds are not enough"
    assert _standing(REFUSAL, *PROBES).state is State.NOT_YET, "it was another caller"


def test_a_stage_that_errs_makes_nobody_an_attacker() -> None:
    """Three rules of inspect on the operation in question are what is to be found out, not a proof of bad intent."""
    honest = [replace(REFUSAL, rule=f"inspect.{name}") for name in ("sql", "shell", "markup")]
    assert _standing(*honest, stage=StageName.INSPECT).state is State.NOT_YET
    assert attackers(honest, "inspect", KEY) == frozenset()
    assert attackers(honest) == {"user:1"}


@pytest.mark.parametrize(
    ("place", "state"),
    [
        (Place(KEY, {**WATCH, StageName.SHAPE: Mode.OFF}), State.OFF),
        (Place(KEY, {**WATCH, StageName.SHAPE: Mode.ENFORCE}), State.ENFORCES),
        (Place(KEY, WATCH, silent=frozenset({StageName.SHAPE})), State.NOTHING_TO_SAY),
        (Place(KEY, WATCH, owned=frozenset({StageName.SHAPE})), State.YOURS),
        (Place(NOBODY, WATCH), State.NOT_YET),
    ],
)
def test_other_standings_are_told_apart(place: Place, state: State) -> None:
    found = _standing(place=place)
    assert found.state is state
    assert found.why.endswith(".")


def test_refusals_that_were_cut_off_are_doubt() -> None:
    assert _standing(is_cut=True).state is State.NOT_YET


def test_what_changes_answers_or_reads_the_protocol_is_never_switched() -> None:
    assert {StageName.PROTOCOL, StageName.MINIMISE, StageName.CONCEAL, StageName.HARDEN}.isdisjoint(SWITCHED)


def test_every_rule_of_attack_is_a_rule() -> None:
    assert set(load_rules().rules) >= ATTACK_RULES
    assert not is_attack("shape.undeclared")
    assert not is_attack("authenticate.token-expired")
    assert is_attack("inspect.sql")
    assert len(PROBES) == ATTACKER_KINDS


def test_refusals_are_gathered_by_rule_and_place() -> None:
    one, two = replace(REFUSAL, place="body.l[1]"), replace(REFUSAL, place="body.l[2]", caller="user:2")
    [found] = gathered((one, two))
    assert (found.place, found.times, found.callers) == ("body.l[]", 6, 2)
    assert evidence_words(Traffic(1, 1, 1), (found,)) == "1 request, 1 caller, 1 day, 6 would-be refusals"


def test_a_window_shorter_than_the_days_can_never_be_filled() -> None:
    with pytest.raises(ValueError, match="window_days"):
        AutopilotSettings(window_days=6)
