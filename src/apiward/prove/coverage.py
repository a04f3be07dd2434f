"""What a scan checked, what it did not, and why: counted once, so that all formats say the same."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from apiward.core.scan_report import CheckedItem, ScanReport
from apiward.core.verdict import Outcome

MAX_VIEWERS: Final = 4
NOBODY: Final = "no log-in"
OTHERS: Final = "others"
"""Throw-away accounts, and those that there was no room to name."""
DECIDED = frozenset({Outcome.HOLDS, Outcome.BROKEN})


@dataclass(frozen=True, slots=True)
class CheckCount:
    """How the runs of one check ended, in operations."""

    check: str
    holds: int
    broken: int
    unsure: int
    not_run: int


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why something is UNSURE or NOT_RUN, with every (check, operation) it stands for."""

    outcome: Outcome
    why: str
    cases: tuple[tuple[str, str], ...]


class Reached(StrEnum):
    """What became of a described operation: a 2xx answer, none to any request, not called for safety, not called."""

    ANSWERED = "answered"
    SILENT = "silent"
    LEFT_ALONE = "left-alone"
    NOT_ASKED = "not-asked"


@dataclass(frozen=True, slots=True)
class OperationRow:
    """One described operation: who got a 2xx from it (names of `Coverage.viewers`), and how its checks ended.

    `why` says why it was left alone.
    """

    operation: str
    state: Reached
    viewers: tuple[str, ...]
    holds: int
    broken: int
    unsure: int
    not_run: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was looked at. `checked` are operations of the description with at least one clear result.

    `beyond` are what else has a clear result: the API as a whole, and routes that nobody described. `viewers` are as
    whom operations were called, each with how many gave a 2xx; `rows` are the described operations.
    """

    operations: tuple[str, ...]
    checked: tuple[str, ...]
    beyond: tuple[str, ...]
    asked: tuple[str, ...]
    answered: tuple[str, ...]
    silent: tuple[str, ...]
    left_alone: tuple[tuple[str, str], ...]
    checks: tuple[CheckCount, ...]
    reasons: tuple[Reason, ...]
    unsure: int
    not_run: int
    is_enough: bool
    viewers: tuple[tuple[str, int], ...] = ()
    rows: tuple[OperationRow, ...] = ()

    def of(self, state: Reached) -> tuple[OperationRow, ...]:
        """Return the operations of which that became."""
        return tuple(row for row in self.rows if row.state is state)


def coverage_of(report: ScanReport) -> Coverage:
    """Return what `report` says about its own reach. `silent` operations were asked, and never gave a 2xx answer."""
    decided = {item.operation for item in report.items if item.outcome in DECIDED}
    described, asked, answered = (
        set(x) for x in (report.operations, report.operations_asked, report.operations_answered)
    )
    alone = {operation for operation, _ in report.left_alone}
    rows = _rows(report)
    return Coverage(
        operations=report.operations,
        checked=tuple(op for op in report.operations if op in decided),
        beyond=tuple(sorted(decided - described)),
        asked=tuple(op for op in report.operations if op in asked),
        answered=tuple(op for op in report.operations if op in answered),
        silent=tuple(op for op in report.operations if op in asked - answered - alone),
        left_alone=report.left_alone,
        checks=_counts(report.items),
        reasons=_reasons(report.items),
        unsure=report.count(Outcome.UNSURE),
        not_run=report.count(Outcome.NOT_RUN),
        is_enough=checked_enough(report),
        viewers=tuple((name, sum(name in row.viewers for row in rows)) for name in _viewers(report)),
        rows=rows,
    )


def checked_enough(report: ScanReport) -> bool:
    """Whether the scan saw enough to speak: one operation answered 2xx and one check came to a result."""
    return bool(report.operations_answered) and any(item.outcome in DECIDED for item in report.items)


def _viewers(report: ScanReport) -> tuple[str, ...]:
    """Return as whom operations were called: some accounts by name, all others together, nobody logged in."""
    named = [account.name for account in report.accounts if account.is_logged_in][:MAX_VIEWERS]
    used = {name for _, names in report.reached for name in names}
    others = [OTHERS] if used - {*named, ""} else []
    return tuple(dict.fromkeys((*named, *others, NOBODY))) if report.reached else ()


def _rows(report: ScanReport) -> tuple[OperationRow, ...]:
    viewers, reached, alone = _viewers(report), dict(report.reached), dict(report.left_alone)
    tally: dict[str, Counter[Outcome]] = {}
    for item in report.items:
        tally.setdefault(item.operation, Counter())[item.outcome] += 1
    asked, answered = set(report.operations_asked), set(report.operations_answered)
    rows = []
    for operation in report.operations:
        count = tally.get(operation, Counter[Outcome]())
        names = {name if name in viewers else OTHERS if name else NOBODY for name in reached.get(operation, ())}
        state = Reached.SILENT if operation in asked else Reached.NOT_ASKED
        if operation in answered or operation in alone:
            state = Reached.ANSWERED if operation in answered else Reached.LEFT_ALONE
        row = OperationRow(
            operation,
            state,
            tuple(name for name in viewers if name in names),
            holds=count[Outcome.HOLDS],
            broken=count[Outcome.BROKEN],
            unsure=count[Outcome.UNSURE],
            not_run=count[Outcome.NOT_RUN],
            why=alone.get(operation, ""),
        )
        rows.append(row)
    return tuple(rows)


def _counts(items: Iterable[CheckedItem]) -> tuple[CheckCount, ...]:
    tally: dict[str, Counter[Outcome]] = {}
    for item in items:
        tally.setdefault(item.check, Counter())[item.outcome] += 1
    return tuple(
        CheckCount(
            code,
            holds=count[Outcome.HOLDS],
            broken=count[Outcome.BROKEN],
            unsure=count[Outcome.UNSURE],
            not_run=count[Outcome.NOT_RUN],
        )
        for code, count in sorted(tally.items())
    )


def _reasons(items: Iterable[CheckedItem]) -> tuple[Reason, ...]:
    found: dict[tuple[Outcome, str], list[tuple[str, str]]] = {}
    for item in items:
        if item.outcome not in DECIDED:
            found.setdefault((item.outcome, item.saw), []).append((item.check, item.operation))
    reasons = (Reason(outcome, why, tuple(cases)) for (outcome, why), cases in found.items())
    return tuple(sorted(reasons, key=lambda r: (-len(r.cases), r.outcome, r.why)))
