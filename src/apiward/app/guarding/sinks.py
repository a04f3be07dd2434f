"""Where events go: the figures, the database, and a file of JSON lines."""

import time
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from apiward.app.forwarding.running import Forwarding, ForwardingThread
from apiward.app.forwarding.sending import Sent
from apiward.app.guarding.log import log
from apiward.app.guarding.upkeep import SPOOL, store_url, upkeep_of, watch_of
from apiward.config.guarding import GuardConfig
from apiward.core.event import Event
from apiward.core.lanes import AuditKind
from apiward.net.metrics import GuardMetrics, guard_meters
from apiward.net.proxy.administration import READY
from apiward.net.proxy.tallies import Tally
from apiward.stores.events.database import open_database
from apiward.stores.events.line_file import LineFile
from apiward.stores.events.queue import EventQueue, QueueState
from apiward.stores.events.storing import SqlEvents
from apiward.stores.record.telling import told

TALLIES: Final = "tallies"


class CountedSink:
    """Counts each event, then queues it. Implements `core.ports.EventSink`."""

    def __init__(
        self,
        queue: EventQueue,
        tally: Tally,
        metrics: GuardMetrics,
        engine: Engine,
        forwarding: ForwardingThread | None = None,
    ) -> None:
        self._engine = engine
        self._queue = queue
        self._tally = tally
        self._metrics = metrics
        self._forwarding = forwarding

    def offer(self, event: Event) -> None:
        """Count and queue one event."""
        self._metrics.count(event)
        self._queue.offer(event)

    def tell(self, event: Event) -> None:
        """Queue an event that is no request: it counts for none of the figures."""
        self._queue.offer(event)

    def start(self) -> None:
        """Begin to store, and say that this worker takes requests."""
        self._queue.start()
        if self._forwarding is not None:
            self._forwarding.start()
        self._tally.set(self._tally.place(READY.name), 1.0)

    def close(self) -> None:
        """Take no more, and store what waits."""
        self._tally.set(self._tally.place(READY.name), 0.0)
        self._queue.close(timeout_s=5.0)
        if self._forwarding is not None:
            self._forwarding.close()
        self._engine.dispose()


def open_sink(
    folder: Path, base: Path, config: GuardConfig, operations: Iterable[str], rules: Iterable[str]
) -> CountedSink:
    """Return what takes the events of one worker of the guard whose data is in `folder`. Raises AdvisedError."""
    operations, rules = tuple(operations), tuple(rules)
    tallies = folder / TALLIES
    tallies.mkdir(mode=0o700, exist_ok=True)
    lines = config.events.lines
    engine = open_database(store_url(folder, config))
    tally = Tally(tallies, (*guard_meters(operations, rules), READY))
    metrics = GuardMetrics(tally, operations, rules)
    forwarding = Forwarding(config.forward, engine, base, tell=lambda said: _tell(queue, said))
    queue = EventQueue(
        folder / SPOOL,
        SqlEvents(engine, clock=time.time),
        also=LineFile(None if lines == "-" else base / lines) if lines else None,
        clock=time.time,
        most_bytes=config.events.spool_mb * 1024 * 1024,
        upkeep=upkeep_of(engine, folder, base, config),
        always=watch_of(engine, folder, config, metrics),
        show=lambda state: _show(metrics, state, forwarding.sent),
        tell=partial(log, level="warning"),
    )
    thread = ForwardingThread(forwarding, folder / SPOOL) if config.forward else None
    return CountedSink(queue, tally, metrics, engine, thread)


def _tell(queue: EventQueue, said: str) -> None:
    log(said, level="warning")
    queue.offer(told(time.time(), said, kind=AuditKind.RECORD, principal="guard"))


def _show(metrics: GuardMetrics, state: QueueState, sent: Sequence[Sent]) -> None:
    metrics.show_queue(
        accepted=state.accepted,
        dropped=state.dropped,
        stored=state.stored,
        waiting_bytes=state.waiting_bytes if state.is_draining else 0,
        is_away=bool(state.problem),
        lag_s=0.0 if state.away_since_s is None else max(time.time() - state.away_since_s, 0.0),
        failing=state.failing,
    )
    metrics.show_forward(
        sent=sum(one.records for one in sent),
        refused=sum(one.refused for one in sent),
        waiting=sum(one.behind for one in sent),
        failing=sum(bool(one.problem) for one in sent),
    )
