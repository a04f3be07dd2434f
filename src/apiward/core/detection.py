"""A pattern over events, as a rule of watch saw it."""

from dataclasses import dataclass
from typing import Final

from apiward.core.finding import Severity

EVERYBODY: Final = "everybody:"
"""Stands in `who` where no single caller does it: many together, or the traffic as a whole."""
UNKNOWN: Final = "unknown"
"""The value of a fact that cannot be known from these events."""
MOST_SHOWN: Final = 20
"""Of the events and names of a detection, so many are kept; `count` counts all."""


@dataclass(frozen=True, slots=True)
class Detection:
    """One pattern by one actor, from `first_s` to `last_s` (seconds since the epoch).

    `rule` names its file and its entry in the catalogue ("accounts.stuffing"). `who` is one key with its kind before a
    colon: `user:42`, `key:…`, `device:…`, `session:…`, `tenant:…`, `asn:64500`, `address:192.0.2.1`, or EVERYBODY.
    `where` is the key of an operation, or empty. `count` is how many events belong to it so far; `events` are ids of
    some that show it. `facts` are what its words in the catalogue need ("accounts", "57"). `touched` are keys
    of the same form as `who`, of those whom it harms. A rule that sees more of the same yields it again, with more.
    """

    rule: str
    who: str
    severity: Severity
    first_s: float
    last_s: float
    count: int
    where: str = ""
    events: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    touched: tuple[str, ...] = ()
    is_drill: bool = False
