"""Incidents for a list, without their timelines: one question to the database, however many there are."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Engine, func, select

from apiward.core.incident import Incident, IncidentState
from apiward.stores.record.watch_tables import INCIDENTS
from apiward.stores.watching.incident_rows import incident_of
from apiward.stores.watching.reaching import Reach

MOST: Final = 1_000


class Headlines:
    """Raises StoreError, which is an OSError."""

    def __init__(self, engine: Engine) -> None:
        self._reach = Reach(engine)

    def listed(self, states: Collection[IncidentState], *, since_s: float = 0.0, limit: int = MOST) -> list[Incident]:
        """Return the incidents in these states that went on since a time, the worst first, then the newest."""
        table = INCIDENTS.c
        asked = (table.state.in_(sorted(state.value for state in states)), table.last_s >= since_s)
        order = (table.severity.desc(), table.last_s.desc(), table.seq.desc())
        query = select(INCIDENTS).where(*asked).order_by(*order).limit(min(limit, MOST))
        with self._reach.reading() as connection:
            return [incident_of(row) for row in connection.execute(query).mappings()]

    def begun(self, since_s: float) -> int:
        """Return how many incidents began since a time; exercises are none."""
        asked = (INCIDENTS.c.first_s >= since_s, INCIDENTS.c.is_drill.is_(False))
        with self._reach.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(INCIDENTS).where(*asked)).scalar_one())

    def count(self, states: Collection[IncidentState], *, since_s: float = 0.0) -> int:
        """Return how many there are."""
        table = INCIDENTS.c
        asked = (table.state.in_(sorted(state.value for state in states)), table.last_s >= since_s)
        with self._reach.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(INCIDENTS).where(*asked)).scalar_one())
