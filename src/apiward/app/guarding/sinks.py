"""Where events go: the figures, the database, and a file of JSON lines."""

import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from apiward.app.guarding.log import log
from apiward.app.guarding.upkeep import SPOOL, store_url, upkeep_of
from apiward.config.guarding import GuardConfig
from apiward.core.event import Event
from apiward.net.metrics import GuardMetrics, guard_meters
from apiward.net.proxy.administration import READY
from apiward.net.proxy.tallies import Tally
from apiward.stores.events.database import open_database
from apiward.stores.events.line_file import LineFile
from apiward.stores.events.queue import EventQueue
from apiward.stores.events.storing import SqlEvents

TALLIES: Final = "tallies"
_SHOW_EVERY: Final = 256


class CountedSink:
    """Counts each event, then queues it. Implements `core.ports.EventSink`."""

    def __init__(self, queue: EventQueue, tally: Tally, metrics: GuardMetrics, engine: Engine) -> None:
        self._queue = queue
        self._engine = engine
        self._tally = tally
        self._count = metrics.count
        self._offer = queue.offer
        self._metrics = metrics
        self._until_shown = 0

    def offer(self, event: Event) -> None:
        """Count and queue one event."""
        self._count(event)
        self._offer(event)
        self._until_shown -= 1
        if self._until_shown < 0:
            self._until_shown = _SHOW_EVERY
            self._show()

    def tell(self, event: Event) -> None:
        """Queue an event that is no request: it counts for none of the figures."""
        self._offer(event)

    def start(self) -> None:
        """Begin to store, and say that this worker takes requests."""
        self._queue.start()
        self._show()
        self._tally.set(self._tally.place(READY.name), 1.0)

    def close(self) -> None:
        """Take no more, and store what waits."""
        self._tally.set(self._tally.place(READY.name), 0.0)
        self._queue.close(timeout_s=5.0)
        self._engine.dispose()
        self._show()

    def _show(self) -> None:
        state = self._queue.state()
        self._metrics.show_queue(
            accepted=state.accepted,
            dropped=state.dropped,
            stored=state.stored,
            waiting_bytes=state.waiting_bytes if state.is_draining else 0,
            is_away=bool(state.problem),
        )


def open_sink(
    folder: Path, base: Path, config: GuardConfig, operations: Iterable[str], rules: Iterable[str]
) -> CountedSink:
    """Return what takes the events of one worker of the guard whose data is in `folder`."""
    operations, rules = tuple(operations), tuple(rules)
    tallies = folder / TALLIES
    tallies.mkdir(mode=0o700, exist_ok=True)
    lines = config.events.lines
    engine = open_database(store_url(folder, config))
    queue = EventQueue(
        folder / SPOOL,
        SqlEvents(engine, clock=time.time),
        also=LineFile(None if lines == "-" else base / lines) if lines else None,
        clock=time.time,
        most_bytes=config.events.spool_mb * 1024 * 1024,
        upkeep=upkeep_of(engine, folder, base, config),
        tell=partial(log, level="warning"),
    )
    tally = Tally(tallies, (*guard_meters(operations, rules), READY))
    return CountedSink(queue, tally, GuardMetrics(tally, operations, rules), engine)
