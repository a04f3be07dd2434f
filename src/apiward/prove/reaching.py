"""How far scans came together: what each operation's last good answer says, over some months."""

from collections.abc import Sequence
from typing import Final

from apiward.core.kept_scan import KeptScan
from apiward.prove.grade import GONE_DAYS, LEAST_SHARE
from apiward.prove.standing import Reach, Undecided

DAY_S: Final = 86_400.0
READING: Final = "read"


def reach_of(scans: Sequence[KeptScan], now_s: float) -> Reach | None:
    """Return how far whole scans of one API came, or None where there is none.

    The newest says what is described, and which runs were made. A full scan each month and a reading one each week
    add up: an operation counts as reached since its last good answer.
    """
    whole = sorted((scan for scan in scans if scan.is_whole), key=lambda scan: scan.at_s, reverse=True)
    if not whole:
        return None
    newest = whole[0]
    ages = _ages(newest.operations, whole, now_s)
    young = [age for age in ages if age <= GONE_DAYS]
    counted = [scan for scan in whole if _age(scan, now_s) <= GONE_DAYS] or whole[:1]
    return Reach(
        operations=len(set(newest.operations)),
        reached=len(young),
        age_days=_age_of_share(young, len(set(newest.operations)), _age(newest, now_s)),
        left_alone=newest.left_alone,
        runs=sum(one.holds + one.broken + one.unsure + one.not_run for one in newest.checks),
        decided=sum(one.holds + one.broken for one in newest.checks),
        accounts=newest.accounts,
        is_read_only=all(scan.level == READING for scan in counted),
        undecided=tuple(Undecided(one.why, one.runs, one.is_run) for one in newest.reasons),
    )


def _ages(operations: Sequence[str], scans: Sequence[KeptScan], now_s: float) -> list[float]:
    """Return for each operation that was ever reached how many days ago that was last; `scans` are the newest first."""
    missing, ages = set(operations), list[float]()
    for scan in scans:
        if not missing:
            break
        found = missing.intersection(scan.answered)
        ages += [_age(scan, now_s)] * len(found)
        missing -= found
    return sorted(ages)


def _age_of_share(ages: Sequence[float], operations: int, otherwise: float) -> float:
    """Return the age since which enough was reached: the age of the youngest that make up the share."""
    for number, age in enumerate(ages, 1):
        if number >= LEAST_SHARE * operations:
            return age
    return otherwise


def _age(scan: KeptScan, now_s: float) -> float:
    return max(0.0, (now_s - scan.at_s) / DAY_S)
