"""Named cases of a check: what makes the app and its description, and how all of them are run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import pytest
from starlette.types import ASGIApp

from apiward.core.verdict import Confidence, Outcome
from apiward.scan.api import Check
from apiward.scan.level import Level
from tests.scan.checks.authentication.business import Business
from tests.scan.harness import Scanned, scan_app

Test: TypeAlias = Callable[["Case"], None]


@dataclass(frozen=True)
class Case:
    """`at` is the operation that the check must speak of; `outcome` what it must say there, where it matters."""

    name: str
    make: Callable[[], tuple[ASGIApp, dict[str, Any]]]
    at: str
    outcome: Outcome | None = None

    def scan(self, check: Check, level: Level = Level.FULL) -> Scanned:
        app, described = self.make()
        return scan_app(app, described, [check], level=level)


def case(
    name: str,
    at: str,
    outcome: Outcome | None = None,
    *,
    of: type[Business] = Business,
    **shape: str | bytes | bool | float | None,
) -> Case:
    """Return a case of the small business, or of a kind of it, in that shape."""

    def make() -> tuple[ASGIApp, dict[str, Any]]:
        business = of(**shape)  # type: ignore[arg-type]  # a wrong shape fails at once
        return business.app(), business.description()

    return Case(name, make, at, outcome)


def twins(check: Check, triggers: Sequence[Case], silent: Sequence[Case]) -> tuple[Test, Test]:
    """Return the two tests of a check: that it fires on each weak twin, and that it is silent on each sound one."""

    @pytest.mark.parametrize("one", triggers, ids=lambda one: one.name)
    def fires(one: Case) -> None:
        assert_broken(check, one)

    @pytest.mark.parametrize("one", silent, ids=lambda one: one.name)
    def is_silent(one: Case) -> None:
        assert_silent(check, one)

    return fires, is_silent


def assert_broken(check: Check, one: Case) -> None:
    """The check finds the weakness at its operation, and nowhere else."""
    scanned = one.scan(check)
    assert scanned.broken() == {(check.code, one.at)}, [(i.operation, i.saw) for i in scanned.report.items]
    assert all(finding.evidence.control is not None for finding in scanned.report.findings)


def assert_likely(check: Check, one: Case) -> None:
    """The check finds the weakness, and does not say that it is proved."""
    assert [finding.confidence for finding in one.scan(check).report.findings] == [Confidence.LIKELY]


def assert_silent(check: Check, one: Case) -> None:
    """The check finds nothing, and says what is expected where it is expected."""
    scanned = one.scan(check)
    assert not any("apiward itself failed" in item.saw for item in scanned.report.items)
    assert not scanned.broken(), [finding.saw for finding in scanned.report.findings]
    if one.outcome is not None:
        assert scanned.outcome(check.code, one.at) is one.outcome, scanned.said(check.code, one.at)
