"""Named cases of a check: what makes the app and its description, and how all of them are run."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp

from apiward.core.verdict import Confidence, Outcome
from apiward.scan.api import Check
from apiward.scan.level import Level
from tests.scan.checks.authentication.business import Business
from tests.scan.harness import Scanned, scan_app


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
