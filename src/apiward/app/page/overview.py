"""The ten risks at a glance, with how much of each was looked at; and how many findings were open scan by scan."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from apiward.app.page.showing import day
from apiward.catalogue.loading import load_catalogue
from apiward.core.kept_finding import FindingTurn, KeptFinding
from apiward.core.kept_scan import KeptScan

MOST_SCANS: Final = 12


class RiskState(StrEnum):
    """What is known of one of the ten risks. UNKNOWN is not HOLDS: nobody looked, or the answers do not tell."""

    OPEN = "open"
    HOLDS = "holds"
    PARTLY = "partly"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RiskLine:
    """One of the ten risks: findings that are open, and of the runs of its checks, how many came to a clear result.

    `runs` is None where no scan was kept.
    """

    id: str
    title: str
    state: RiskState
    findings: int
    decided: int | None
    runs: int | None


@dataclass(frozen=True, slots=True)
class Trend:
    """One scan: its day, and how many findings it left open."""

    day: str
    open: int


def trend_of(findings: Iterable[KeptFinding], times: Iterable[float]) -> tuple[Trend, ...]:
    """Return the last of the scans at these times, oldest first, with what each left open."""
    found = tuple(findings)
    last = sorted(set(times))[-MOST_SCANS:]
    return tuple(Trend(day(at_s), len(open_at(found, at_s))) for at_s in last)


def open_at(findings: Iterable[KeptFinding], at_s: float) -> tuple[tuple[KeptFinding, float], ...]:
    """Return the findings that were open at a time, each with the time since which it was."""
    return tuple((one, span[0]) for one in findings for span in _open_spans(one) if _covers(span, at_s))


def overview_of(open_: Iterable[KeptFinding], scan: KeptScan | None) -> tuple[RiskLine, ...]:
    """Return the ten risks in the order of the founding list."""
    catalogue = load_catalogue()
    numbers: dict[str, int] = {}
    for one in open_:
        entry = catalogue.checks.get(one.check)
        for risk in entry.risks if entry else ():
            numbers[risk] = numbers.get(risk, 0) + 1
    runs = _runs(scan) if scan is not None else None
    lines = []
    for id_, known in catalogue.risks.items():
        decided, whole = runs.get(id_, (0, 0)) if runs is not None else (None, None)
        state = _state(numbers.get(id_, 0), decided, whole)
        lines.append(RiskLine(id_, known.title, state, numbers.get(id_, 0), decided, whole))
    return tuple(lines)


def _state(findings: int, decided: int | None, runs: int | None) -> RiskState:
    if findings:
        return RiskState.OPEN
    if not decided or runs is None:
        return RiskState.UNKNOWN
    return RiskState.HOLDS if decided == runs else RiskState.PARTLY


def _runs(scan: KeptScan) -> dict[str, tuple[int, int]]:
    """Return for each risk how many runs of its checks came to a clear result, and how many there were."""
    checks = load_catalogue().checks
    found: dict[str, tuple[int, int]] = {}
    for one in scan.checks:
        entry = checks.get(one.check)
        decided = one.holds + one.broken
        for risk in entry.risks if entry else ():
            before = found.get(risk, (0, 0))
            found[risk] = (before[0] + decided, before[1] + decided + one.unsure + one.not_run)
    return found


def _open_spans(one: KeptFinding) -> list[tuple[float, float | None]]:
    """Return the times in which a finding was open: from the scan that saw it to the one that saw it gone."""
    spans: list[tuple[float, float | None]] = []
    start_s: float | None = None
    for moment in one.history:
        if moment.kind is FindingTurn.FIXED:
            if start_s is not None:
                spans.append((start_s, moment.at_s))
            start_s = None
        elif start_s is None:
            start_s = moment.at_s
    return [*spans, (start_s, None)] if start_s is not None else spans


def _covers(span: tuple[float, float | None], at_s: float) -> bool:
    return span[0] <= at_s and (span[1] is None or at_s < span[1])
