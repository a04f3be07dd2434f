"""What an event is, as bits of one number: what its operation is for, how it ended, who came, what the guard said."""

from typing import Final

from apiward.core.event import Event
from apiward.spec.meaning import purposes

LOG_IN: Final = purposes.LOG_IN
SIGN_UP: Final = purposes.SIGN_UP
LOG_OUT: Final = purposes.LOG_OUT
RESET: Final = purposes.RESET
ACCOUNT: Final = purposes.ACCOUNT
PAYMENT: Final = purposes.PAYMENT
COUPON: Final = purposes.COUPON
CODE: Final = purposes.CODE
ORDER: Final = purposes.ORDER
EXPORT: Final = purposes.EXPORT
STAFF: Final = purposes.STAFF
READ: Final = purposes.READ
WRITE: Final = purposes.WRITE
ONE: Final = purposes.ONE
FILE: Final = purposes.FILE

ANSWERED: Final = "at least one was answered as any other request"
TURNED_AWAY: Final = "the last one was turned away, or failed"
"""What is said of how requests ended that should not have come through."""

GOOD: Final = 1 << 16
DENIED: Final = 1 << 17
"""403, said by the API itself."""
MISSING: Final = 1 << 18
"""404 or 410, said by the API itself."""
REJECTED: Final = 1 << 19
"""Another answer of the API that says: not like this."""
BROKEN: Final = 1 << 20
"""The API failed."""
KNOWN: Final = 1 << 21
"""The caller is no stranger."""
KEY: Final = 1 << 22
"""A program with a key."""
OWN: Final = 1 << 23
"""From where the owner of the business works."""
NAMELESS: Final = 1 << 24
"""Of no operation that is described or has been learned."""
MARKED: Final = 1 << 25

RULED: Final = 1 << 26
"""The guard said something that watch has no other bit for."""
FOREIGN: Final = 1 << 27
ATTACK: Final = 1 << 28
INWARD: Final = 1 << 29
"""The API was asked to call an address within."""
LEAK: Final = 1 << 30
RETIRED: Final = 1 << 31
REFUSED: Final = 1 << 32
"""By the guard: so the status is none of the API's, and counts for nothing."""
FLOOD: Final = 1 << 33
ENDED_BADLY: Final = 1 << 34
"""A log-in of which the guard knows that it failed, whatever its status says."""
STRANGE_ROLE: Final = 1 << 35
"""The guard saw that this caller has no right to the operation."""

NOT_IN: Final = 1 << 36
"""401, said by the API itself: a session has ended, or a password was wrong."""

DEVICE: Final = 1 << 37
"""A device that shows itself."""
ROLED: Final = 1 << 38
"""With a role that the guard knows."""
LOCATED: Final = 1 << 39
"""With the country that the address belongs to."""
BACK: Final = 1 << 40
"""A caller who was not seen for more than an hour, or never before."""
BUSY: Final = 1 << 41
"""A caller with very many events within a minute."""
BEHIND: Final = 1 << 42
"""With a time that lies well before others of the same source."""
SHOWN: Final = 1 << 43
"""With a mark of the session."""

SHUT_OUT: Final = frozenset(
    {
        *("origin.blocked", "origin.shut-out", "origin.provider", "origin.not-listed"),
        *("origin.operation-shut", "authenticate.shut-out"),
    }
)
"""Refusals that follow from a block: nothing is seen by them, else a block would keep itself alive."""

BY_RULE: Final = {
    "objects.foreign": FOREIGN,
    "objects.enumeration": FOREIGN,
    "patches.own-object": FOREIGN,
    "inspect.target": INWARD | ATTACK,
    "minimise.secret": LEAK,
    "minimise.card": LEAK,
    "minimise.personal": LEAK,
    "conceal.trace": LEAK,
    "conceal.database": LEAK,
    "conceal.trace-in-answer": LEAK,
    "route.retired": RETIRED,
    "route.deprecated": RETIRED,
    "route.undescribed": NAMELESS,
    "conduct.failed-log-in": ENDED_BADLY,
    "conduct.log-in": 0,
    "permit.role": STRANGE_ROLE,
    "permit.scope": STRANGE_ROLE,
    "permit.forbidden": STRANGE_ROLE,
    "permit.hidden": STRANGE_ROLE,
}
BY_STAGE: Final = {"inspect": ATTACK, "flood": FLOOD, "quota": FLOOD}


def status_sign(status: int) -> int:
    """Return what a status of the API says."""
    if status == 401:
        return NOT_IN
    if status == 403:
        return DENIED
    if status in {404, 410}:
        return MISSING
    if 200 <= status < 400:
        return GOOD
    if status >= 500 or status == 0:
        return BROKEN
    return REJECTED


def is_missed(bits: int) -> int:
    """Return whether a record was asked for that is not there, or not the caller's.

    Where nothing was ever found under a path there are no records. A stranger who is turned away is so everywhere.
    """
    return bits & FOREIGN or (not bits & NAMELESS and bits & (MISSING | DENIED if bits & KNOWN else MISSING))


def ruling_signs(event: Event) -> int:
    """Return what the guard said of an event; -1 where nothing may be seen by it."""
    found = REFUSED if event.outcome == "refused" else 0
    for ruling in event.rulings:
        rule = ruling.decision.rule
        if found & REFUSED and rule in SHUT_OUT:
            return -1
        known = BY_RULE.get(rule)
        found |= BY_STAGE.get(rule.partition(".")[0], RULED) if known is None else known
    return found
