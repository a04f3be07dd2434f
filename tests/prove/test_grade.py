"""The grade is set by caps: it never rises with one more matter, never falls with one less, and has no mood."""

from dataclasses import replace
from itertools import product
from random import Random
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.finding import Severity
from apiward.core.verdict import Confidence
from apiward.prove.grade import (
    EXERCISE_DAYS,
    FRESH_DAYS,
    GONE_DAYS,
    LONG_DAYS,
    MANY,
    STALE_DAYS,
    CapKind,
    Grade,
    Letter,
    Missing,
    grade_of,
)
from apiward.prove.standing import GuardState, Reach, Standing, StandingFinding, StandingIncident, Treatment
from tests.prove.standings import FINDINGS, INCIDENTS, SOUND, STANDINGS, known

OPEN, ACCEPTED, HELD = Treatment
CRITICAL, HIGH, MEDIUM, LOW, NOTE = reversed(Severity)
LIKELY: Final = Confidence.LIKELY


def _value(grade: Grade) -> int:
    return -1 if grade.letter is None else grade.letter


def _letter(*findings: StandingFinding, **changed: object) -> str:
    found = grade_of(replace(SOUND, findings=findings, **changed)).letter  # type: ignore[arg-type] # by name
    return found.name if found is not None else "none"


@pytest.mark.parametrize(
    ("finding", "letter"),
    [
        (known(CRITICAL), "F"),
        (known(CRITICAL, confidence=LIKELY), "E"),
        (known(HIGH), "D"),
        (known(HIGH, confidence=LIKELY), "D"),
        (known(HIGH, age_days=LONG_DAYS), "D"),
        (known(HIGH, age_days=LONG_DAYS + 0.1), "E"),
        (known(MEDIUM), "C"),
        (known(MEDIUM, age_days=300.0), "C"),
        (known(LOW), "B"),
        (known(NOTE), "A"),
        (known(CRITICAL, ACCEPTED), "D"),
        (known(HIGH, ACCEPTED), "C"),
        (known(MEDIUM, ACCEPTED), "B"),
        (known(LOW, ACCEPTED), "A"),
        (known(CRITICAL, HELD), "B"),
        (known(HIGH, HELD), "B"),
        (known(MEDIUM, HELD), "B"),
        (known(LOW, HELD), "A"),
    ],
)
def test_one_finding_caps_the_letter(finding: StandingFinding, letter: str) -> None:
    assert _letter(finding) == letter


def test_a_rule_holds_nothing_where_no_guard_runs() -> None:
    assert _letter(known(CRITICAL, HELD), guard=GuardState.ABSENT) == "F"
    assert _letter(known(CRITICAL, HELD), guard=GuardState.WATCHES) == "B"


def test_many_different_serious_problems_count_for_more_and_say_how_many_must_go() -> None:
    many = [known(id_=f"{number}", check=f"OBJ{number:02}") for number in range(MANY + 1)]
    assert _letter(*many[: MANY - 1]) == "D"
    assert _letter(*many[:MANY]) == "E"
    grade = grade_of(replace(SOUND, findings=tuple(many)))
    assert [(cap.kind, cap.count) for cap in grade.lifts] == [(CapKind.SERIOUS_MANY, 2)]
    assert grade.next_letter is Letter.D
    assert _letter(*[replace(one, check="OBJ01") for one in many]) == "D"  # one cause is put right at once


@pytest.mark.parametrize(
    ("incident", "letter"),
    [
        (StandingIncident("a", CRITICAL), "D"),
        (StandingIncident("a", HIGH), "C"),
        (StandingIncident("a", MEDIUM), "B"),
        (StandingIncident("a", LOW), "B"),
        (StandingIncident("a", NOTE), "A"),
        (StandingIncident("a", CRITICAL, is_contained=True), "B"),
    ],
)
def test_an_incident_caps_until_it_is_closed(incident: StandingIncident, letter: str) -> None:
    assert _letter(incidents=(incident,)) == letter


@pytest.mark.parametrize(
    ("changed", "letter"),
    [
        ({}, "A"),
        ({"reach": Reach(10, 10, FRESH_DAYS)}, "A"),
        ({"reach": Reach(10, 10, FRESH_DAYS + 0.1)}, "B"),
        ({"reach": Reach(10, 10, STALE_DAYS + 0.1)}, "C"),
        ({"reach": Reach(10, 10, GONE_DAYS)}, "C"),
        ({"reach": Reach(10, 10, GONE_DAYS + 0.1)}, "none"),
        ({"reach": None}, "none"),
        ({"reach": Reach(10, 8)}, "A"),
        ({"reach": Reach(10, 7)}, "none"),
        ({"reach": Reach(0, 0)}, "none"),
        ({"reach": Reach(10, 10, is_read_only=True)}, "B"),
        ({"guard": GuardState.WATCHES}, "B"),
        ({"guard": GuardState.ABSENT}, "B"),
        ({"exercise_age_days": None}, "B"),
        ({"exercise_age_days": EXERCISE_DAYS + 1}, "B"),
    ],
)
def test_an_a_needs_fresh_evidence_a_guard_and_practice(changed: dict[str, object], letter: str) -> None:
    assert _letter(**changed) == letter


def test_without_a_letter_it_says_what_is_missing_and_what_is_known_all_the_same() -> None:
    grade = grade_of(Standing(findings=(known(CRITICAL),)))
    assert (grade.letter, grade.missing, grade.lifts, grade.next_letter) == (None, (Missing.NO_SCAN,), (), None)
    assert grade.caps[0].kind is CapKind.CRITICAL
    old = grade_of(replace(SOUND, reach=Reach(10, 3, 200.0)))
    assert old.missing == (Missing.SCAN_GONE, Missing.TOO_LITTLE)


def test_what_weighs_most_comes_first_and_one_cause_is_told_once() -> None:
    findings = (known(LOW, id_="3", check="CFG01"), known(HIGH, id_="2"), known(HIGH, id_="1"), known(MEDIUM, id_="4"))
    grade = grade_of(replace(SOUND, findings=findings))
    assert [(cap.kind, cap.findings) for cap in grade.caps] == [
        (CapKind.SERIOUS, ("1", "2")),
        (CapKind.MEDIUM, ("4",)),
        (CapKind.LOW, ("3",)),
    ]
    assert grade.lifts == grade.caps[:1]
    assert (grade.letter, grade.next_letter) == (Letter.D, Letter.C)


@given(STANDINGS, FINDINGS, INCIDENTS)
def test_one_more_matter_never_lifts_it(
    standing: Standing, finding: StandingFinding, incident: StandingIncident
) -> None:
    before = _value(grade_of(standing))
    assert _value(grade_of(replace(standing, findings=(*standing.findings, finding)))) <= before
    assert _value(grade_of(replace(standing, incidents=(*standing.incidents, incident)))) <= before


@given(STANDINGS, st.data())
def test_mending_never_lowers_it(standing: Standing, data: st.DataObject) -> None:
    before = _value(grade_of(standing))
    mended = [
        replace(standing, reach=_young(standing)),
        replace(standing, reach=_written(standing)),
        replace(standing, exercise_age_days=0.0),
    ]
    mended += [replace(standing, guard=guard) for guard in GuardState if _no_worse(guard, standing.guard)]
    if standing.findings:
        chosen = data.draw(st.sampled_from(standing.findings))
        rest = tuple(one for one in standing.findings if one is not chosen)
        better = [replace(chosen, severity=Severity(low)) for low in range(chosen.severity)]
        better += [replace(chosen, age_days=0.0), replace(chosen, confidence=LIKELY)]
        if chosen.treatment is OPEN or standing.guard is not GuardState.ABSENT:
            better.append(replace(chosen, treatment=HELD))
        if chosen.treatment is OPEN:
            better.append(replace(chosen, treatment=ACCEPTED))
        mended += [replace(standing, findings=findings) for findings in (rest, *((*rest, one) for one in better))]
    if standing.incidents:
        last = standing.incidents[-1]
        mended += [
            replace(standing, incidents=standing.incidents[:-1]),
            replace(standing, incidents=(*standing.incidents[:-1], replace(last, is_contained=True))),
        ]
    if standing.reach is not None and standing.reach.reached < standing.reach.operations:
        mended.append(replace(standing, reach=replace(standing.reach, reached=standing.reach.reached + 1)))
    for one in mended:
        assert _value(grade_of(one)) >= before, one


def _young(standing: Standing) -> Reach | None:
    return None if standing.reach is None else replace(standing.reach, age_days=0.0)


def _written(standing: Standing) -> Reach | None:
    return None if standing.reach is None else replace(standing.reach, is_read_only=False)


def _no_worse(guard: GuardState, other: GuardState) -> bool:
    order = list(GuardState)
    return order.index(guard) >= order.index(other)


@given(STANDINGS, st.randoms(use_true_random=False))
def test_it_depends_on_the_facts_alone_not_on_their_order(standing: Standing, random: Random) -> None:
    findings, incidents = list(standing.findings), list(standing.incidents)
    random.shuffle(findings)
    random.shuffle(incidents)
    mixed = replace(standing, findings=tuple(findings), incidents=tuple(incidents))
    assert grade_of(mixed) == grade_of(standing) == grade_of(standing)


@given(STANDINGS)
def test_doing_all_that_lifts_it_gives_the_letter_that_it_names(standing: Standing) -> None:
    grade = grade_of(standing)
    if grade.letter in (None, Letter.A):
        assert grade.next_letter is None
        return
    assert grade.lifts
    assert grade.next_letter is not None
    assert grade.letter is not None
    assert grade.next_letter > grade.letter
    assert grade_of(_lifted(standing, grade)).letter == grade.next_letter


def _lifted(standing: Standing, grade: Grade) -> Standing:
    kinds = {cap.kind for cap in grade.lifts}
    gone = {id_ for cap in grade.lifts for id_ in (*cap.findings, *cap.incidents)}
    findings = [one for one in standing.findings if one.id not in gone]
    if CapKind.SERIOUS_MANY in kinds:
        count = next(cap.count for cap in grade.lifts if cap.kind is CapKind.SERIOUS_MANY)
        serious = {one.check for one in standing.findings if one.severity is HIGH and one.treatment is not ACCEPTED}
        done = serious - {one.check for one in findings if one.severity is HIGH}
        left = sorted(serious - done)[: max(0, count - len(done))]
        findings = [one for one in findings if not (one.check in left and one.severity is HIGH)]
    reach = _young(standing) if CapKind.SCAN_OLD in kinds else standing.reach
    if reach is not None and CapKind.READ_ONLY in kinds:
        reach = replace(reach, is_read_only=False)
    return replace(
        standing,
        findings=tuple(findings),
        incidents=tuple(one for one in standing.incidents if one.id not in gone),
        reach=reach,
        guard=GuardState.ENFORCES if kinds & {CapKind.GUARD_ABSENT, CapKind.GUARD_WATCHES} else standing.guard,
        exercise_age_days=0.0 if CapKind.EXERCISE in kinds else standing.exercise_age_days,
    )


def test_every_kind_of_cap_can_come_up() -> None:
    seen = set()
    for severity, treatment, confidence, guard, age in product(
        Severity, Treatment, Confidence, GuardState, (1.0, 40.0)
    ):
        many = tuple(
            known(severity, treatment, id_=f"{n}", check=f"{n}", confidence=confidence, age_days=age) for n in range(5)
        )
        incidents = (StandingIncident("a", severity), StandingIncident("b", severity, is_contained=True))
        seen |= {
            cap.kind for cap in grade_of(Standing("", many, Reach(1, 1, age, is_read_only=True), guard, incidents)).caps
        }
    assert seen == set(CapKind)
