import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from apiward.core.finding import Finding
from apiward.core.verdict import Confidence
from apiward.prove.ordering import gain_per_hour, grouped
from tests.prove.sample import CATALOGUE, finding, full_report


def codes(findings: list[Finding]) -> list[str]:
    return [cause[0].check for cause in grouped(findings, CATALOGUE.checks)]


def test_the_worst_comes_first() -> None:
    assert codes([finding("CFG03"), finding("OBJ01"), finding("AUT04"), finding("INJ01")]) == [
        "INJ01",
        "OBJ01",
        "AUT04",
        "CFG03",
    ]


def test_of_equal_severity_the_proved_one_comes_first() -> None:
    likely = finding("OBJ01", confidence=Confidence.LIKELY)
    assert codes([likely, finding("PRO01")]) == ["PRO01", "OBJ01"]


def test_of_equal_severity_and_confidence_the_most_gain_for_the_effort_comes_first() -> None:
    assert codes([finding("AUT04"), finding("RES02")]) == ["RES02", "AUT04"]
    many = [finding("AUT04", f"GET /{n}") for n in range(9)]
    assert codes([*many, finding("RES02")]) == ["AUT04", "RES02"]


def test_forty_places_are_one_cause() -> None:
    causes = grouped([finding("CFG03", f"GET /{n:02}") for n in range(40)], CATALOGUE.checks)
    assert [len(cause) for cause in causes] == [40]
    assert gain_per_hour(causes[0], CATALOGUE.checks["CFG03"]) > 40


def test_a_check_that_nobody_knows_comes_after_those_of_which_the_gain_is_known() -> None:
    known = finding("OBJ01")
    unknown = replace(known, check="AAA99")
    assert gain_per_hour([unknown], None) == 0.0
    slow = replace(CATALOGUE.checks["OBJ01"], effort_h=(900.0, 900.0))
    causes = grouped([unknown, known], {"OBJ01": slow})
    assert [cause[0].check for cause in causes] == ["OBJ01", "AAA99"]


@given(st.integers())
def test_the_order_does_not_depend_on_the_order_of_arrival(seed: int) -> None:
    findings = list(full_report().findings)
    expected = grouped(findings, CATALOGUE.checks)
    random.Random(seed).shuffle(findings)
    assert grouped(findings, CATALOGUE.checks) == expected
    assert sum(map(len, expected)) == len(findings)
