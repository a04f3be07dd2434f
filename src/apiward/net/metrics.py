"""The guard's figures for Prometheus: requests, rulings, times and the queue of events, on the workers' tallies."""

from bisect import bisect_left
from collections.abc import Iterable
from operator import itemgetter
from typing import Final

from apiward.core.event import Event
from apiward.net.proxy.exposition import BUCKET
from apiward.net.proxy.tallies import Meter, Tally

MAX_OPERATIONS: Final = 1_000
"""Operations that are counted by name; all further ones are counted as OTHER."""
OTHER: Final = "other"
OUTCOMES: Final = ("passed", "refused", "failed", "gone", OTHER)

OWN_LIMITS_S: Final = (0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05)
ELAPSED_LIMITS_S: Final = (0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_COUNTED: Final = itemgetter(*map(Event._fields.index, ("operation", "outcome", "rulings", "own_s", "elapsed_s")))
"""What is counted of an event, in one call: each field by its name would cost more."""
_ENDLESS: Final = "+Inf"
_OWN: Final = "apiward_own_seconds"
_ELAPSED: Final = "apiward_request_seconds"
_QUEUE: Final = (
    Meter("apiward_events_accepted_total", "Events that were spooled."),
    Meter("apiward_events_dropped_total", "Events that were lost, as the spool was full."),
    Meter("apiward_events_stored_total", "Events that were stored."),
    Meter("apiward_events_waiting_bytes", "Bytes that the spool takes.", is_gauge=True),
    Meter("apiward_events_store_away", "Workers that cannot store events now.", is_gauge=True),
    Meter(
        "apiward_events_lag_seconds", "Seconds for which events have waited, as nothing can be stored.", is_gauge=True
    ),
    Meter("apiward_upkeep_failing", "Parts of the store's upkeep that fail.", is_gauge=True),
)
_ROOM: Final = (Meter("apiward_disk_free_bytes", "Bytes that are free where the guard's data is.", is_gauge=True),)
_RECORD: Final = (
    Meter("apiward_audit_entries", "Entries of the audit record.", is_gauge=True),
    Meter("apiward_audit_unsigned_entries", "Entries of the audit record that no checkpoint covers.", is_gauge=True),
    Meter("apiward_audit_signed_timestamp_seconds", "When the audit record was signed last.", is_gauge=True),
    Meter("apiward_events_oldest_timestamp_seconds", "When the oldest event that is kept happened.", is_gauge=True),
)
_FORWARD: Final = (
    Meter("apiward_forwarded_total", "Records that were sent elsewhere."),
    Meter("apiward_forward_refused_total", "Records that a receiver refused."),
    Meter("apiward_forward_waiting", "Records that wait to be sent elsewhere.", is_gauge=True),
    Meter("apiward_forward_failing", "Receivers that nothing reaches.", is_gauge=True),
)


def guard_meters(operations: Iterable[str], rules: Iterable[str]) -> tuple[Meter, ...]:
    """Return the meters for a Tally: `operations` are keys of described operations, `rules` those of the catalogue."""
    requests, rulings = "Requests by operation and outcome.", "Rulings of the stages."
    return (
        *(Meter(_request(name, outcome), requests) for name in _named(operations) for outcome in OUTCOMES),
        *(Meter(_rule(rule, is_applied), rulings) for rule in (*rules, OTHER) for is_applied in (True, False)),
        *_histogram(_OWN, OWN_LIMITS_S, "Seconds that the guard took itself."),
        *_histogram(_ELAPSED, ELAPSED_LIMITS_S, "Seconds from the first byte in to the last byte out."),
        *(*_QUEUE, *_ROOM, *_RECORD, *_FORWARD),
    )


class GuardMetrics:
    """Counts events on one worker's tally, which was made with `guard_meters` of the same operations and rules."""

    def __init__(self, tally: Tally, operations: Iterable[str], rules: Iterable[str]) -> None:
        place = tally.place
        self._tally = tally
        self._cells = tally.cells
        self._requests = {(name, out): place(_request(name, out)) for name in _named(operations) for out in OUTCOMES}
        self._rules = {(rule, done): place(_rule(rule, done)) for rule in (*rules, OTHER) for done in (True, False)}
        self._own, self._own_sum = place(_bucket(_OWN, str(OWN_LIMITS_S[0]))), place(f"{_OWN}_sum")
        self._elapsed, self._elapsed_sum = place(_bucket(_ELAPSED, str(ELAPSED_LIMITS_S[0]))), place(f"{_ELAPSED}_sum")
        self._queue = [place(meter.name) for meter in _QUEUE]
        self._room = [place(meter.name) for meter in _ROOM]
        self._record = [place(meter.name) for meter in _RECORD]
        self._forward = [place(meter.name) for meter in _FORWARD]

    def count(self, event: Event) -> None:
        """Count one request."""
        cells = self._cells
        operation, outcome, rulings, own_s, elapsed_s = _COUNTED(event)
        place = self._requests.get((operation, outcome))
        cells[self._rare(event) if place is None else place] += 1.0
        # A bucket holds only its own here; the text adds up those below it.
        cells[self._own + bisect_left(OWN_LIMITS_S, own_s)] += 1.0
        cells[self._own_sum] += own_s
        cells[self._elapsed + bisect_left(ELAPSED_LIMITS_S, elapsed_s)] += 1.0
        cells[self._elapsed_sum] += elapsed_s
        for ruling in rulings:
            done = ruling.is_applied
            cells[self._rules.get((ruling.decision.rule, done)) or self._rules[OTHER, done]] += 1.0

    def show_queue(
        self,
        *,
        accepted: int,
        dropped: int,
        stored: int,
        waiting_bytes: int,
        is_away: bool,
        lag_s: float = 0.0,
        failing: int = 0,
    ) -> None:
        """Show how the queue of events stands. `waiting_bytes` is for all workers: give 0 where another one drains."""
        self._set(self._queue, accepted, dropped, stored, waiting_bytes, is_away, lag_s, failing)

    def show_room(self, *, free_bytes: int) -> None:
        """Show how much may still be written."""
        self._set(self._room, free_bytes)

    def show_record(self, *, entries: int, unsigned: int, signed_at_s: float, oldest_s: float) -> None:
        """Show how the audit record stands, and how far back events are kept. One worker alone shows it."""
        self._set(self._record, entries, unsigned, signed_at_s, oldest_s)

    def show_forward(self, *, sent: int, refused: int, waiting: int, failing: int) -> None:
        """Show what is sent elsewhere."""
        self._set(self._forward, sent, refused, waiting, failing)

    def _set(self, places: list[int], *values: float) -> None:
        for place, value in zip(places, values, strict=True):
            self._tally.set(place, float(value))

    def _rare(self, event: Event) -> int:
        name = event.operation if (event.operation, OTHER) in self._requests else OTHER
        return self._requests[name, event.outcome if event.outcome in OUTCOMES else OTHER]


def _histogram(name: str, limits: tuple[float, ...], text: str) -> list[Meter]:
    return [Meter(_bucket(name, limit), text) for limit in (*map(str, limits), _ENDLESS)] + [Meter(f"{name}_sum", text)]


def _bucket(name: str, limit: str) -> str:
    return f'{name}{BUCKET}{{le="{limit}"}}'


def _named(operations: Iterable[str]) -> list[str]:
    """Return the operations that are counted by name: of all, the first; where none is known, the empty text."""
    return list(dict.fromkeys(["", *list(operations)[:MAX_OPERATIONS], OTHER]))


def _request(operation: str, outcome: str) -> str:
    return f'apiward_requests_total{{operation="{_escaped(operation)}",outcome="{outcome}"}}'


def _rule(rule: str, is_applied: bool) -> str:  # noqa: FBT001 - a label's value
    return f'apiward_rulings_total{{rule="{_escaped(rule)}",applied="{str(is_applied).lower()}"}}'


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
