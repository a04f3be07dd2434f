"""Problems of several checks that are very likely one slip in the code, as they are in the same place."""

from collections.abc import Iterable, Mapping
from typing import Final

from apiward.catalogue.entries import CheckEntry
from apiward.core.finding import Finding

OWNER: Final = "owner"
"""Held by a rule that asks whose the thing is: reading, changing and deleting lack the same look at the owner."""


def same_places(findings: Iterable[Finding], checks: Mapping[str, CheckEntry]) -> dict[str, tuple[str, ...]]:
    """Return for each check the other checks that found something in the same place, in order.

    The same place is the same value of one operation; or, where nobody asks whose a thing is, the same path.
    """
    found: dict[tuple[str, ...], set[str]] = {}
    for finding in findings:
        entry = checks[finding.check]
        if finding.place and finding.place != finding.operation.partition(" ")[2]:
            found.setdefault((finding.operation, finding.place), set()).add(finding.check)
        if entry.patch == OWNER and entry.family == "objects":
            found.setdefault((OWNER, finding.operation.partition(" ")[2]), set()).add(finding.check)
    beside: dict[str, set[str]] = {}
    for codes in found.values():
        for code in codes:
            beside.setdefault(code, set()).update(codes - {code})
    return {code: tuple(sorted(others)) for code, others in beside.items() if others}
