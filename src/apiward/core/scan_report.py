"""What a scan leaves: findings, what was checked, what was not and why."""

from dataclasses import dataclass, field
from datetime import datetime

from apiward.core.account import Origin, Standing
from apiward.core.api import Problem
from apiward.core.finding import Finding
from apiward.core.link import Link
from apiward.core.objects import KnownObject
from apiward.core.verdict import Outcome


@dataclass(frozen=True, slots=True)
class CheckedItem:
    """One check on one operation, without its evidence."""

    check: str
    operation: str
    outcome: Outcome
    saw: str


@dataclass(frozen=True, slots=True)
class Limit:
    """Something that kept the scan from seeing more: what, what it costs, what to do about it."""

    what: str
    cost: str
    remedy: str
    name: str = ""
    """Which of the catalogue's limits it is."""


@dataclass(frozen=True, slots=True)
class AccountSummary:
    """An account of the scan, without its secrets."""

    name: str
    standing: Standing
    origin: Origin
    is_logged_in: bool


@dataclass(frozen=True, slots=True)
class ScanReport:
    """The whole result of one scan. Times are UTC; everything in it is masked.

    `was_interrupted` says that somebody stopped it, `was_cut_short` that the target fell silent or
    the budget was used up; what it does not name was not checked. `operations_asked` got at least
    one request; `operations_answered` gave a 2xx at least once, and may hold keys that nobody described.
    `objects` are those that the scan's accounts have made and that are still there, with the names of
    their owners: for the guard, never for a page that somebody reads. `links` say which findings open the way to what.
    `reached` are the operations that gave a 2xx, each with the accounts that got it ("" for nobody logged in).
    """

    target: str
    started_at: datetime
    duration_s: float
    request_count: int
    level: str
    api_title: str
    api_source: str
    operations: tuple[str, ...]
    operations_answered: tuple[str, ...]
    left_alone: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    items: tuple[CheckedItem, ...]
    limits: tuple[Limit, ...]
    accounts: tuple[AccountSummary, ...]
    left_behind: tuple[str, ...]
    problems: tuple[Problem, ...]
    was_interrupted: bool = False
    was_cut_short: bool = False
    operations_asked: tuple[str, ...] = ()
    objects: tuple[KnownObject, ...] = field(default=(), repr=False)
    links: tuple[Link, ...] = ()
    reached: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def count(self, outcome: Outcome) -> int:
        """Return how many items ended that way."""
        return sum(1 for item in self.items if item.outcome is outcome)
