"""Shows how the store and the audit record stand: how old, how much is signed, how much room is left."""

import time
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError

from apiward.net.metrics import GuardMetrics
from apiward.stores.events.database import file_of
from apiward.stores.events.schema import EVENTS
from apiward.stores.record.appending import tree_row
from apiward.stores.upkeep.room import free_bytes

EACH_S: Final = 10.0
"""Seconds between two looks."""


class Figures:
    """Implements `stores.events.keeping.Upkeep`. A store that cannot be read leaves the last figures as they were."""

    def __init__(self, engine: Engine, folder: Path, metrics: GuardMetrics) -> None:
        self._engine = engine
        self._folder = folder
        self._metrics = metrics
        self._next_s = 0.0

    def run(self, now_s: float, *, is_last: bool = False) -> tuple[str, ...]:  # noqa: ARG002 - the time of the store's clock is not needed
        """Look, where it is time."""
        if time.monotonic() < self._next_s and not is_last:
            return ()
        self._next_s = time.monotonic() + EACH_S
        self._metrics.show_room(free_bytes=free_bytes(self._folder))
        path = file_of(self._engine)
        if path is not None and not path.exists():
            return ()  # to look would make one, without a schema and for all to read
        try:
            with self._engine.connect() as connection:
                row = tree_row(connection)
                oldest = connection.execute(select(func.min(EVENTS.c.at_s))).scalar()
        except DBAPIError:  # there is none yet, or it is away: that is told elsewhere
            return ()
        self._metrics.show_record(
            entries=row.size - row.first,
            unsigned=row.size - row.signed_size,
            signed_at_s=row.signed_at_s,
            oldest_s=float(oldest or 0.0),
        )
        return ()
