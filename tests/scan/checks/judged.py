"""Runs one check on the API of a case, and says what came of it."""

from collections.abc import Callable

from apiward.core.verdict import Confidence, Outcome
from apiward.scan.api import Check
from tests.scan.harness import scan_app
from tests.scan.small_api import Pair


def broken_at(make: Callable[[], Pair], check: Check) -> set[str]:
    """Return the operations where the check finds its weakness."""
    app, description = make()
    return {finding.operation for finding in scan_app(app, description, [check]).report.findings}


def looked_at(make: Callable[[], Pair], check: Check) -> set[str]:
    """Return the operations where the check came to a judgement, good or bad."""
    app, description = make()
    items = scan_app(app, description, [check]).report.items
    return {item.operation for item in items if item.outcome in (Outcome.HOLDS, Outcome.BROKEN)}


def sure_of(make: Callable[[], Pair], check: Check) -> dict[str, Confidence]:
    """Return how sure the check is of each operation where it finds its weakness."""
    app, description = make()
    return {one.operation: one.confidence for one in scan_app(app, description, [check]).report.findings}
