"""What a scan did not check, and why: each thing said once, the most important first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from apiward.core.scan_report import LEFT_BY_WISH, Limit, ScanReport
from apiward.prove import words
from apiward.prove.coverage import Coverage

MAX_NAMES: Final = 3
_STOPPED: Final = "The scan was stopped before its end."


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that was not checked. `brief` leaves out long lists, and what to do about it."""

    said: str
    brief: str


def gaps_of(report: ScanReport, coverage: Coverage) -> tuple[Gap, ...]:
    """Return what was not checked; empty only if nothing is missing."""
    # A limit says it with its cost and its remedy: the bare sentence would be the same once more.
    told = {limit.what for limit in report.limits}
    first = [_limit(limit) for limit in report.limits if limit.what == _STOPPED]
    others = [_limit(limit) for limit in report.limits if limit.what != _STOPPED]
    if report.was_interrupted and not first:
        first = [_plain(_STOPPED)]
    if report.was_cut_short:
        first.append(_plain("The scan ended before it was through."))
    if not coverage.is_enough:
        first.append(_plain("Too little could be checked to say that your API is safe."))
    if not (report.items or report.was_interrupted or report.was_cut_short):
        first.append(_plain("No check was made: none of those chosen could be tried on these operations."))
    counts = (gap for gap in _counts(report, coverage) if gap.said not in told)
    return (*first, *others, *_alone(coverage), *counts)


def _limit(limit: Limit) -> Gap:
    return Gap(f"{limit.what} {limit.cost} {limit.remedy}", f"{limit.what} {limit.cost}")


def _alone(coverage: Coverage) -> Iterator[Gap]:
    wished = [operation for operation, why in coverage.left_alone if why == LEFT_BY_WISH]
    if wished:
        yield Gap(*[f"{words.counted(len(wished), 'operation')} you asked us to leave alone: {', '.join(wished)}."] * 2)
    harmful = [(operation, why) for operation, why in coverage.left_alone if why != LEFT_BY_WISH]
    names = [operation for operation, _ in harmful]
    if not names:
        return
    lead = f"{words.counted(len(names), 'operation')} we left alone, because calling could do harm: "
    listed = "; ".join(f"{operation} ({why})" for operation, why in harmful)
    rest = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    advice = "If calling does no harm, allow it with --allow."
    yield Gap(f"{lead}{listed}. {advice}", f"{lead}{', '.join(names[:MAX_NAMES])}{rest}.")


def _counts(report: ScanReport, coverage: Coverage) -> Iterator[Gap]:
    unchecked = len(coverage.operations) - len(coverage.checked)
    if coverage.silent:
        yield _plain(f"{words.counted(len(coverage.silent), 'operation')} never answered a normal request.")
    if unchecked:
        yield _plain(f"{words.counted(unchecked, 'operation')} had no check with a clear result.")
    if coverage.unsure:
        yield _plain(f"{words.counted(coverage.unsure, 'check run')} ended without a clear answer.")
    if coverage.not_run:
        yield _plain(f"{words.counted(coverage.not_run, 'check run')} could not be made.")
    if unreadable := sum(problem.is_unreadable for problem in report.problems):
        yield _plain(f"Places in the description that could not be read: {unreadable}.")


def _plain(sentence: str) -> Gap:
    return Gap(sentence, sentence)
