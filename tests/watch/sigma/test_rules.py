"""Rules at work: what is told and when, within bounds, and the same after any restart."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apiward.core.detection import EVERYBODY, Detection
from apiward.core.event import Event
from apiward.core.finding import Severity
from apiward.watch.sigma.reading import read_rules
from apiward.watch.sigma.rules import SigmaRules
from apiward.watch.sigma.tracking import who_of
from tests.watch.sigma.seen import PLAIN, START_S, made_events

BASE = """
title: Failed
name: failed
level: low
logsource: {category: webserver}
detection: {sel: {status: [401, 403]}, condition: sel}
---
title: Well
name: well
logsource: {category: webserver}
detection: {sel: {status|lt: 300}, condition: sel}
"""
KINDS = (
    "{type: event_count, rules: [failed], group-by: [c-ip], timespan: 5s, condition: {gte: 3}}",
    "{type: event_count, rules: [failed, well], group-by: [principal], timespan: 4s, condition: {gt: 1, lte: 3}}",
    "{type: value_count, rules: [failed, well], group-by: [c-ip], timespan: 9s, condition: {field: path, gte: 3}}",
    "{type: value_count, rules: [well], group-by: [c-ip], timespan: 9s, condition: {field: path, neq: 2}}",
    "{type: temporal, rules: [failed, well], group-by: [c-ip], timespan: 3s}",
    "{type: temporal, rules: [failed, well], group-by: [c-ip], timespan: 3s, condition: failed and well}",
    "{type: temporal_ordered, rules: [failed, well], group-by: [c-ip], timespan: 3s}",
)


def _rules(*correlations: str, generate: bool = False) -> SigmaRules:
    parts = [f"title: Many {n}\nname: many{n}\nlevel: high\ncorrelation: {one}\n" for n, one in enumerate(correlations)]
    if generate:
        parts = [part.replace("timespan", "generate: true, timespan") for part in parts]
    return SigmaRules(read_rules([("it.yml", "---\n".join([BASE, *parts]))]))


def _failed(number: int, at_s: float, **changed: object) -> Event:
    return PLAIN._replace(id=f"f{number}", at_s=START_S + at_s, status=401, **changed)  # type: ignore[arg-type] # fields of an event


def _of(found: list[Detection], rule: str) -> list[Detection]:
    return [one for one in found if one.rule == rule]


def test_a_single_event_is_told_at_once_in_the_name_of_its_caller() -> None:
    rules = _rules()
    (one,) = rules.see(_failed(1, 0))
    assert (one.rule, one.who, one.severity, one.count) == ("sigma.failed", "user:Anna", Severity.LOW, 1)
    assert (one.first_s, one.last_s, one.events, one.where) == (START_S, START_S, ("f1",), "GET /orders/{id}")
    assert not rules.see(PLAIN._replace(status=404))
    (other,) = rules.see(_failed(2, 1, principal="anonymous:"))
    assert other.who == "address:192.0.2.1"
    (nobody,) = rules.see(_failed(3, 1, principal="", client=""))
    assert nobody.who == EVERYBODY


def test_a_flood_costs_a_handful_of_detections_and_the_count_is_right() -> None:
    rules = _rules()
    found = [one for number in range(100_000) for one in rules.see(_failed(number, number * 0.001))]
    assert len(found) == 17
    (last,) = rules.passed(START_S + 10_000)
    assert (last.count, last.first_s, last.last_s) == (100_000, START_S, START_S + 99.999)
    assert rules.passed(START_S + 99_999) == []
    (again,) = rules.see(_failed(1, 200_000))
    assert (again.count, again.first_s) == (1, START_S + 200_000)


@pytest.mark.parametrize(("gap_s", "told"), [(2.5, [(3, ("f0", "f1", "f2"))]), (2.501, [])])
def test_a_count_is_reached_within_the_span_alone(gap_s: float, told: list[object]) -> None:
    rules = _rules(KINDS[0])  # three events in five seconds, the ends included
    found = [one for n in range(3) for one in rules.see(_failed(n, n * gap_s))]
    assert [(one.count, one.events) for one in found] == told


def test_rules_of_a_correlation_tell_by_themselves_only_where_it_generates() -> None:
    assert {one.rule for one in _rules(KINDS[0]).see(_failed(1, 0))} == set()
    assert {one.rule for one in _rules(KINDS[0], generate=True).see(_failed(1, 0))} == {"sigma.failed"}


def test_how_few_there_were_is_told_when_the_moment_is_over() -> None:
    rules = _rules("{type: event_count, rules: [failed], group-by: [c-ip], timespan: 5s, condition: {eq: 1}}")
    assert rules.see(_failed(1, 0)) == []
    assert rules.see(_failed(2, 0)) == []  # two in one moment are not one
    assert _of([*rules.see(PLAIN._replace(at_s=START_S + 1))], "sigma.many0") == []
    assert rules.see(_failed(3, 100)) == []
    (one,) = rules.passed(START_S + 101)
    assert one.count == 1


def test_what_comes_late_still_counts() -> None:
    rules = _rules(KINDS[0], KINDS[2], KINDS[6])
    events = [_failed(1, 0), _failed(2, 4, path="/b"), _failed(3, 2, path="/c")]
    assert {one.rule for event in events for one in rules.see(event)} == {"sigma.many0", "sigma.many1"}
    late = [PLAIN._replace(id="w", at_s=START_S + 3), _failed(9, 1.5), PLAIN._replace(id="v", at_s=START_S + 4)]
    assert "sigma.many2" in {one.rule for event in late for one in rules.see(event)}


def test_what_comes_late_does_not_end_a_chain() -> None:
    rules = _rules(KINDS[6])
    rules.see(_failed(1, 1))
    assert rules.see(PLAIN._replace(at_s=START_S)) == []  # it came before, however late it is told
    assert rules.see(PLAIN._replace(at_s=START_S + 1)) == []  # in one moment, nothing came after the other
    assert len(rules.see(PLAIN._replace(at_s=START_S + 1.001))) == 1


def test_a_group_is_told_as_it_came_and_case_does_not_part_it() -> None:
    rules = _rules(
        "{type: event_count, rules: [failed], group-by: [principal, c-ip], timespan: 5s, condition: {gte: 2}}"
    )
    rules.see(_failed(1, 0))
    (one,) = rules.see(_failed(2, 1, principal="USER:anna"))
    assert one.who == "user:Anna"
    assert one.facts == (("title", "Many 0"), ("principal", "user:Anna"), ("c-ip", "192.0.2.1"))


def test_a_drill_is_never_mixed_with_what_is_real() -> None:
    rules = _rules(KINDS[0])
    marked = (("drill", "d1"),)
    events = [_failed(n, n * 0.1, marks=marked if n % 2 else ()) for n in range(5)]
    found = [one for event in events for one in rules.see(event)]
    assert [(one.is_drill, one.events) for one in found] == [(False, ("f0", "f2", "f4"))]
    (drill,) = rules.see(_failed(7, 1, marks=marked))
    assert drill.is_drill


def test_the_group_that_was_quiet_for_longest_is_forgotten_where_there_are_too_many() -> None:
    book = read_rules([("it.yml", BASE)])
    rules = SigmaRules(book, max_groups=10)
    for number in range(100):
        rules.see(_failed(number, number * 0.001, principal=f"user:{number}"))
    assert rules.evicted == 90
    assert len(json.loads(rules.state())["rules"]["sigma.failed"]["groups"]) == 10


def test_the_memory_of_a_group_is_bounded() -> None:
    rules = _rules(*KINDS)
    for number in range(3_000):
        rules.see(_failed(number, number * 0.0001, path=f"/{'x' * 90}{number}"))
    assert len(rules.state()) < 20_000


def test_groups_that_have_ended_are_forgotten() -> None:
    rules = _rules(*KINDS)
    for number in range(500):
        rules.see(_failed(number, number * 100.0, client=f"192.0.2.{number % 250}", principal=f"user:{number}"))
    for state in json.loads(rules.state())["rules"].values():
        assert len(state["groups"]) <= 8


@settings(deadline=None)
@given(st.integers(0, 10_000), st.lists(st.integers(0, 199), max_size=4), st.booleans())
def test_a_restart_at_any_moment_changes_nothing(seed: int, cuts: list[int], is_tied: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    events = made_events(200, seed, pace_s=0.3, is_tied=is_tied)
    whole = _rules(*KINDS, generate=True)
    expected = [one for event in events for one in whole.see(event)] + [*whole.passed(START_S + 1e6)]
    rules, found = _rules(*KINDS, generate=True), list[Detection]()
    for number, event in enumerate(events):
        if number in cuts:
            rules = SigmaRules.restored(rules.book, rules.state())
        found += rules.see(event)
    assert [*found, *rules.passed(START_S + 1e6)] == expected
    assert expected


def test_a_rule_that_has_changed_begins_anew_and_the_others_go_on() -> None:
    rules = _rules(KINDS[0], KINDS[4])
    for number in range(2):
        rules.see(_failed(number, number))
    changed = _rules(KINDS[0].replace("5s", "6s"), KINDS[4])
    restored = SigmaRules.restored(changed.book, rules.state())
    found = [*restored.see(_failed(3, 2)), *restored.see(PLAIN._replace(at_s=START_S + 2.5))]
    assert [one.rule for one in found if "many" in one.rule] == ["sigma.many1"]


@pytest.mark.parametrize(
    "state", [b"", b"{", b"[]", b'{"version": 1, "rules": {"sigma.failed": 7}}', b'{"version": 9}']
)
def test_a_state_that_is_none_begins_anew(state: bytes) -> None:
    assert len(SigmaRules.restored(_rules().book, state).see(_failed(1, 0))) == 1


@pytest.mark.parametrize("place", ["groups", "waiting", "clock"])
@pytest.mark.parametrize("junk", [None, [[1]], "x", [[["a"], "who", [], "", [1, 2], [], None]]])
def test_a_damaged_state_begins_anew(place: str, junk: object) -> None:
    rules = _rules(*KINDS, generate=True)
    for event in made_events(50, 1):
        rules.see(event)
    document = json.loads(rules.state())
    for state in document["rules"].values():
        state[place] = junk
    restored = SigmaRules.restored(rules.book, json.dumps(document).encode())
    assert restored.see(_failed(1, 1e6))


@pytest.mark.parametrize(
    ("group", "who"),
    [
        ({"c-ip": "192.0.2.1", "principal": "user:7"}, "user:7"),
        ({"c-ip": "192.0.2.1", "principal": "anonymous:"}, "address:192.0.2.1"),
        ({"session": "ab", "asn": "64500"}, "session:ab"),
        ({"path": "/x"}, EVERYBODY),
        ({}, EVERYBODY),
    ],
)
def test_who_does_it_is_the_surest_of_what_a_group_shares(group: dict[str, str], who: str) -> None:
    assert who_of(group) == who


def test_what_has_grown_is_told_when_time_passes_and_once() -> None:
    rules = _rules()
    for number in range(3):
        rules.see(_failed(number, number))
    (one,) = rules.passed(START_S + 3)
    assert one.count == 3
    assert rules.passed(START_S + 4) == []
    rules.see(_failed(7, 5))
    (more,) = SigmaRules.restored(rules.book, rules.state()).passed(START_S + 6)
    assert (more.count, more.first_s) == (4, START_S)
