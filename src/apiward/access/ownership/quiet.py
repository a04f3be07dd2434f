"""What need not be looked at again for a while: objects that a caller has just read, and where no ids stand."""

from typing import Final

from apiward.access.ownership.book import OperationModel
from apiward.access.ownership.reach import Reach
from apiward.core.api import SAFE_METHODS
from apiward.core.call import Call
from apiward.core.objects import Whose

QUIET_S: Final = 60.0
MOST_READS: Final = 4_096
IDLE_AFTER: Final = 256
"""Requests after which a query or a body in which no ids were found is looked at only now and then."""
ONE_IN: Final = 16
_RIGHTFUL: Final = (Whose.OWN, Whose.MATE)


class Quiet:
    """Remembers for one worker, within fixed bounds. What is remembered only saves looking; it gives no right.

    A right that is taken away is heeded a minute later at most, and at once where rules change: then all begins anew.
    """

    def __init__(self) -> None:
        self._until: dict[tuple[str, str, str, bytes], float] = {}
        self._idle: dict[tuple[str, str], int] = {}

    def is_known(self, call: Call) -> bool:
        """Return whether this caller has read the very same less than a minute ago, by right."""
        until_s = self._until.get((call.principal.key, call.method, call.path, call.query))
        return until_s is not None and until_s - QUIET_S <= call.started_s < until_s

    def note(self, call: Call, reach: Reach) -> None:
        """Remember a read of one object that the caller has a right to. Lists are not: they may show something new."""
        if call.method not in SAFE_METHODS or call.principal.is_anonymous or not reach.grips or reach.is_told:
            return
        for grip in reach.grips:
            if grip.whose not in _RIGHTFUL or not grip.place.startswith("path."):
                return
        if len(self._until) >= MOST_READS:
            self._until.clear()
        self._until[call.principal.key, call.method, call.path, call.query] = call.started_s + QUIET_S

    def is_bare(self, call: Call, operation: OperationModel | None) -> bool:
        """Return whether a request has no ids: neither in its path, nor, as far as was seen, in its query."""
        if operation is None or operation.path_slots:
            return False
        if not call.query_pairs:
            return True
        key = operation.key, "query."
        met = self._idle.get(key, 0) + 1
        if not _is_passed_over(met, operation, "query."):
            return False  # it is looked at now, and counted by that
        self._idle[key] = met
        return True

    def is_idle(self, operation: OperationModel, where: str) -> bool:
        """Return whether the query, or the body, of an operation may be passed over this time; counts that it came."""
        key = operation.key, where
        met = self._idle[key] = self._idle.get(key, 0) + 1
        return _is_passed_over(met, operation, where)


def _is_passed_over(met: int, operation: OperationModel, where: str) -> bool:
    if met <= IDLE_AFTER or met % ONE_IN == 0:
        return False
    for place, slot in operation.free.items():  # noqa: SIM110 - on the way of every request
        if slot.kind and place.startswith(where):
            return False
    return True
