"""What is kept of a scan beside its findings: how far it came, and what it could not decide."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckTally:
    """How the runs of one check ended, in operations."""

    check: str
    holds: int
    broken: int
    unsure: int
    not_run: int


@dataclass(frozen=True, slots=True)
class KeptReason:
    """Why runs have no clear result. `is_run`: they were made, and the answers do not tell."""

    why: str
    runs: int
    is_run: bool


@dataclass(frozen=True, slots=True)
class KeptLink:
    """What joined two findings, by the names of the story and of the findings (see `Link`)."""

    story: str
    first: str
    then: str
    leads_to: str


@dataclass(frozen=True, slots=True)
class KeptScan:
    """One scan of the API at `target`, at `at_s` (seconds since the epoch).

    `is_whole`: nobody had chosen parts of it, and it came to its end. `answered` are the described operations that gave
    a good answer. `accounts` were logged in, of `accounts_tried`. `limits` say what kept it from seeing more.
    """

    target: str
    at_s: float
    title: str
    level: str
    is_whole: bool
    operations: tuple[str, ...]
    answered: tuple[str, ...]
    left_alone: int
    requests: int
    duration_s: float
    accounts: int
    accounts_tried: int
    checks: tuple[CheckTally, ...] = ()
    reasons: tuple[KeptReason, ...] = ()
    limits: tuple[str, ...] = ()
    links: tuple[KeptLink, ...] = ()
