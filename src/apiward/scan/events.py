"""What a running scan says of itself; progress bars and reports listen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from apiward.core.verdict import Verdict


@dataclass(frozen=True, slots=True)
class PhaseBegan:
    """A part of the scan began: its name in plain words, and how many items it has (0: not known)."""

    name: str
    total: int


@dataclass(frozen=True, slots=True)
class ItemDone:
    """One check on one operation ended. `rate_per_s` is what the target is sent at the moment."""

    verdict: Verdict
    sent_count: int
    rate_per_s: float


@dataclass(frozen=True, slots=True)
class Sent:
    """The count of requests sent so far, between items."""

    sent_count: int
    rate_per_s: float


Event: TypeAlias = PhaseBegan | ItemDone | Sent
Listener: TypeAlias = Callable[[Event], None]
