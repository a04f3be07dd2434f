"""Reads what the guard refused, or would have refused, the newest first and page by page."""

import math
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine, and_, or_, select

from apiward.core.event import Event
from apiward.stores.events.evidence import IS_OWN
from apiward.stores.events.rows import COLUMNS, NO_RULINGS, event_of
from apiward.stores.events.schema import EVENTS
from apiward.stores.watching.reaching import Reach

MOST: Final = 1_000
_E: Final = EVENTS.c


@dataclass(frozen=True, slots=True)
class RefusalPage:
    """Some refusals; `before` goes on with older ones, and is empty where there are none."""

    events: tuple[Event, ...]
    before: str


class RefusalReader:
    """Raises StoreError, which is an OSError."""

    def __init__(self, engine: Engine) -> None:
        self._reach = Reach(engine)

    def newest(
        self, since_s: float, *, is_applied: bool = True, before: str = "", operation: str = "", limit: int = 50
    ) -> RefusalPage:
        """Return refusals since a time: those that were made, or those that a guard which only watches would make."""
        asked = [IS_OWN, _E.rulings != NO_RULINGS, _E.at_s >= since_s]
        if is_applied:
            asked.append(_E.outcome == "refused")
        else:
            asked += [_E.outcome != "refused", _E.rulings.contains('"effect":"deny"', autoescape=True)]
        if operation:
            asked.append(_E.operation == operation)
        place = _place(before)
        if place is not None:
            at_s, seq = place
            asked += [_E.at_s <= at_s, or_(_E.at_s < at_s, and_(_E.at_s == at_s, _E.seq < seq))]
        limit = max(1, min(limit, MOST))
        query = select(_E.seq, *(_E[name] for name in COLUMNS)).where(*asked)
        with self._reach.reading() as connection:
            rows = connection.execute(query.order_by(_E.at_s.desc(), _E.seq.desc()).limit(limit + 1)).all()
        further = f"{rows[limit - 1].at_s!r}_{rows[limit - 1].seq}" if len(rows) > limit else ""
        return RefusalPage(tuple(event_of(row[1:]) for row in rows[:limit]), further)


def _place(before: str) -> tuple[float, int] | None:
    """Return time and number of a place in the list, None where it can be none: databases count up to 2**63."""
    time, _, number = before.partition("_")
    try:
        at_s, seq = float(time), int(number)
    except ValueError:
        return None
    return (at_s, seq) if math.isfinite(at_s) and 0 <= seq < 2**63 else None
