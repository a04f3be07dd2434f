"""The autopilot's decisions: small steps on, and back where callers who fared well before are harmed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.decision import Mode
from apiward.core.evidence import Habit, Traffic
from apiward.guard.policy import ModeRule
from apiward.guard.readiness import SWITCHED, AutopilotSettings, Standing, State
from apiward.guard.stage import StageName
from apiward.guard.switching import AUTOPILOT, DAY_S, HOUR_S, Aftermath, Step, Turn, back, is_watched, ons
from apiward.stores.events.lines import moment

NOW_S = 1_800_000_000.0
SETTINGS = AutopilotSettings()
KEY = "POST /notes"


def _ready(operation: str = KEY, stage: StageName = StageName.SHAPE, requests: int = 300) -> Standing:
    return Standing(operation, stage, Mode.WATCH, State.READY, "All is well.", Traffic(requests, 5, 7))


def _rule(
    hours_ago: float, mode: str = "enforce", *, operation: str = KEY, stage: str = "shape", by: str = AUTOPILOT
) -> ModeRule:
    return ModeRule(operation, stage, mode, by, moment(NOW_S - hours_ago * HOUR_S), "because")


def test_what_is_ready_is_switched_on_the_best_known_first() -> None:
    steps = ons([_ready("GET /a", requests=300), _ready("GET /b", requests=900)], [], SETTINGS, NOW_S)
    assert [(step.turn, step.operation) for step in steps] == [(Turn.ON, "GET /b"), (Turn.ON, "GET /a")]
    assert steps[0].reason == "900 requests, 5 callers, 7 days, 0 would-be refusals"
    assert steps[0].mode is Mode.ENFORCE


def test_nothing_else_is_switched() -> None:
    others = [replace(_ready(f"GET /{state}"), state=state) for state in State if state is not State.READY]
    assert ons(others, [], SETTINGS, NOW_S) == ()


def test_one_stage_of_an_operation_at_a_time() -> None:
    standings = [_ready(stage=StageName.SHAPE), _ready(stage=StageName.INSPECT)]
    assert [step.stage for step in ons(standings, [], SETTINGS, NOW_S)] == [StageName.SHAPE]
    assert ons(standings[1:], [_rule(23)], SETTINGS, NOW_S) == (), "the last one is watched still"
    assert [step.stage for step in ons(standings[1:], [_rule(25)], SETTINGS, NOW_S)] == [StageName.INSPECT]


def test_no_more_than_the_hour_allows() -> None:
    standings = [_ready(f"GET /{number}") for number in range(20)]
    assert len(ons(standings, [], SETTINGS, NOW_S)) == 6
    before = [_rule(0.5, operation=f"GET /x{number}") for number in range(4)]
    assert len(ons(standings, before, SETTINGS, NOW_S)) == 2
    assert len(ons(standings, [replace(one, by="anna") for one in before], SETTINGS, NOW_S)) == 6
    late = [_rule(1.5, operation=f"GET /x{number}") for number in range(4)]
    assert len(ons(standings, late, SETTINGS, NOW_S)) == 6


def test_what_was_switched_back_is_left_alone_for_days() -> None:
    assert ons([_ready()], [_rule(6 * 24, "watch")], SETTINGS, NOW_S) == ()
    assert len(ons([_ready()], [_rule(8 * 24, "watch")], SETTINGS, NOW_S)) == 1


@given(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(SWITCHED), st.integers(0, 999)), max_size=30),
    st.lists(
        st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(SWITCHED), st.sampled_from(["enforce", "watch"]),
                  st.floats(0, 400)), max_size=10
    ),
    st.integers(1, 8),
)  # fmt: skip
def test_it_never_does_more_than_was_consented(
    ready: list[tuple[str, StageName, int]], before: list[tuple[str, StageName, str, float]], most: int
) -> None:
    settings = replace(SETTINGS, steps_per_hour=most)
    standings = [_ready(f"GET /{name}", stage, requests) for name, stage, requests in ready]
    rules = [_rule(ago, mode, operation=f"GET /{name}", stage=stage.value) for name, stage, mode, ago in before]
    steps = ons(standings, rules, settings, NOW_S)
    assert len(steps) + sum(1 for rule in rules if NOW_S - rule.since_s < HOUR_S) <= max(most, len(rules))
    assert len({step.operation for step in steps}) == len(steps)
    assert {(step.operation, step.stage) for step in steps} <= {(one.operation, one.stage) for one in standings}
    busy = {rule.operation for rule in rules if is_watched(rule, settings, NOW_S)}
    assert busy.isdisjoint(step.operation for step in steps)


FINE = {f"user:{number}": Habit(requests=100, failed=2) for number in range(10)}


def _after(**more: object) -> Aftermath:
    return replace(Aftermath(_rule(1), before=FINE, since=FINE, refused=frozenset()), **more)  # type: ignore[arg-type]


def test_a_switch_without_harm_stays() -> None:
    assert back(_after(), SETTINGS) is None


def test_two_callers_who_fared_well_before_are_enough() -> None:
    assert back(_after(refused=frozenset({"user:1"})), SETTINGS) is None
    step = back(_after(refused=frozenset({"user:1", "user:2"})), SETTINGS)
    assert step == Step(Turn.BACK, KEY, StageName.SHAPE, "2 callers who fared well before were refused")
    assert step.mode is Mode.WATCH


def test_one_is_enough_where_the_owner_says_so() -> None:
    step = back(_after(refused=frozenset({"user:1"})), replace(SETTINGS, back_callers=1))
    assert step is not None
    assert step.reason == "1 caller who fared well before was refused"


def test_strangers_and_attackers_open_nothing() -> None:
    strangers = frozenset(f"192.0.2.{number}" for number in range(200))
    floods = {name: Habit(1_000, 1_000) for name in strangers}
    assert back(_after(refused=strangers, since={**FINE, **floods}), SETTINGS) is None
    known = frozenset({"user:1", "user:2", "user:3"})
    assert back(_after(refused=known, complained=known, hostile=known), SETTINGS) is None


def test_who_only_ever_failed_has_not_fared_well() -> None:
    before = {**FINE, "user:x": Habit(9, 9), "user:y": Habit(1, 1)}
    assert back(_after(before=before, refused=frozenset({"user:x", "user:y"})), SETTINGS) is None


def test_a_complaint_counts_as_a_caller_and_the_same_one_not_twice() -> None:
    assert back(_after(refused=frozenset({"user:1"}), complained=frozenset({"user:1"})), SETTINGS) is None
    step = back(_after(refused=frozenset({"user:1"}), complained=frozenset({"user:2"})), SETTINGS)
    assert step is not None
    assert step.reason == "2 callers who fared well before were refused, 1 complaint among them"


@pytest.mark.parametrize(
    ("now", "is_back"),
    [
        (Habit(100, 2), False),
        (Habit(100, 5), False),
        (Habit(100, 20), True),
        (Habit(3, 3), True),
        (Habit(1, 1), False),
        (Habit(0, 0), False),
    ],
)
def test_errors_beyond_the_habit_of_known_callers_turn_it_back(now: Habit, *, is_back: bool) -> None:
    step = back(_after(since={"user:1": now, "user:2": now}), SETTINGS)
    assert (step is not None) is is_back
    if now == Habit(100, 20) and step is not None:
        assert step.reason == "20.0% of the answers to known callers are errors now, and 2.0% were before"
    assert back(_after(since={"user:1": now, "user:2": Habit(5, 0)}), SETTINGS) is None, "one caller is not enough"


def test_without_a_habit_there_is_no_excess() -> None:
    assert back(_after(before={}, since={"user:1": Habit(50, 50)}), SETTINGS) is None


@given(st.integers(1, 2_000), st.floats(0, 1), st.integers(1, 2_000))
def test_the_same_share_as_before_never_turns_it_back(before: int, share: float, since: int) -> None:
    rate = int(share * before) / before
    after = _after(
        before={"user:1": Habit(before, int(share * before))}, since={"user:1": Habit(since, int(rate * since))}
    )
    assert back(after, SETTINGS) is None


def test_a_switch_is_watched_for_a_day() -> None:
    assert is_watched(_rule(23), SETTINGS, NOW_S)
    assert not is_watched(_rule(25), SETTINGS, NOW_S)
    assert not is_watched(_rule(1, "watch"), SETTINGS, NOW_S)
    assert not is_watched(_rule(1, by="anna"), SETTINGS, NOW_S)
    assert DAY_S == 24 * HOUR_S
