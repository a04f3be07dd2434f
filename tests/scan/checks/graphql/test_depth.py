"""It fires where a deep query is taken, and only there."""

import base64
import random
from types import SimpleNamespace
from typing import Any

import pytest

from apiward.core.verdict import Outcome
from apiward.scan.checks.graphql.depth import CHECK, _nobodys
from tests.scan.checks.graphql.phone import outcome, scanned

TRIGGERS: tuple[tuple[str, ...], ...] = (("any depth", "graphql-depth-unlimited"),)
SILENT: tuple[tuple[str, ...], ...] = (
    ("limited",),
    ("only fields unlimited", "graphql-aliases-unlimited"),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=[case[0] for case in TRIGGERS])
def test_fires(case: tuple[str, ...]) -> None:
    assert outcome(CHECK.code, *case[1:]) is Outcome.BROKEN


@pytest.mark.parametrize("case", SILENT, ids=[case[0] for case in SILENT])
def test_stays_silent(case: tuple[str, ...]) -> None:
    assert outcome(CHECK.code, *case[1:]) is Outcome.HOLDS


def test_nothing_is_asked_for_that_is_there() -> None:
    findings = scanned("graphql-depth-unlimited").report.findings
    (found,) = [one for one in findings if one.check == "GQL03"]
    assert found.evidence.attack.response is not None
    assert b"NOT_FOUND" in found.evidence.attack.response.body


@pytest.mark.parametrize("value", [7, "12", "ab3", "T3JkZXI6MTI=", "5a0c1d2e-0000-4000-a000-000000000001"])
def test_an_identifier_of_nobody_has_the_form_of_its_kind(value: int | str) -> None:
    scene: Any = SimpleNamespace(rng=random.Random(1))
    other = _nobodys(scene, value)
    assert other != value
    assert type(other) is type(value)
    if value == "T3JkZXI6MTI=":
        assert base64.b64decode(str(other)).startswith(b"Order:9")
