"""Reads stored events: one after another, and counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Engine, cast, func, not_, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB

from apiward.core.event import Event
from apiward.core.marks import SOURCE
from apiward.stores.events.database import bring_up_to_date
from apiward.stores.events.rows import COLUMNS, NO_RULINGS, event_of
from apiward.stores.events.schema import EVENTS

MOST: Final = 10_000
"""Events of one answer at most."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event with its place in the order of storing."""

    seq: int
    event: Event


class EventReader:
    """Reads a database of events, also while a guard writes it. Times are in seconds since the epoch."""

    def __init__(self, engine: Engine) -> None:
        bring_up_to_date(engine)
        self._engine = engine

    def events(
        self,
        *,
        since: float | None = None,
        until: float | None = None,
        operation: str | None = None,
        principal: str | None = None,
        outcome: str | None = None,
        rule: str | None = None,
        limit: int = 100,
        after: int = 0,
    ) -> list[StoredEvent]:
        """Return events in the order of storing that happened in [since, until) and were stored after `after`.

        Give the last `seq` as `after` to go on; late events (spooled while the store was away) come too.
        """
        table = EVENTS.c
        query = select(table.seq, *(table[name] for name in COLUMNS)).where(table.seq > after, *_within(since, until))
        for column, wanted in ((table.operation, operation), (table.principal, principal), (table.outcome, outcome)):
            if wanted is not None:
                query = query.where(column == wanted)
        if rule is not None:
            query = query.where(table.rulings != NO_RULINGS, table.rulings.contains(f'"{rule}"', autoescape=True))
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(table.seq).limit(max(0, min(limit, MOST)))).all()
        return [StoredEvent(row[0], event_of(row[1:])) for row in rows]

    def principals(self, *, limit: int = 100_000) -> list[str]:
        """Return who has called, each once."""
        query = select(EVENTS.c.principal).where(EVENTS.c.principal != "").distinct().limit(limit)
        with self._engine.connect() as connection:
            return [str(row[0]) for row in connection.execute(query)]

    def outcomes(self, *, since: float | None = None, until: float | None = None) -> Mapping[str, int]:
        """Return what the guard was asked in [since, until), by outcome; what it says itself, and logs, stay out."""
        table = EVENTS.c
        asked = (table.kind == "request", not_(table.marks.contains(f'"{SOURCE}":')), *_within(since, until))
        query = select(table.outcome, func.count()).where(*asked).group_by(table.outcome)
        with self._engine.connect() as connection:
            return {str(outcome): int(number) for outcome, number in connection.execute(query)}

    def sayings(self, stages: Sequence[str]) -> Mapping[tuple[str, str], int]:
        """Return how often the rules of some stages ("patches.") spoke, by rule and by what they saw."""
        item, (rule, saw) = self._items("rule", "saw")
        each = EVENTS.join(item, true())
        query = select(rule, saw, func.count()).select_from(each).group_by(rule, saw)
        wanted = query.where(EVENTS.c.rulings != NO_RULINGS, or_(*(rule.startswith(one) for one in stages)))
        with self._engine.connect() as connection:
            return {(str(name), str(seen or "")): int(number) for name, seen, number in connection.execute(wanted)}

    def _items(self, *names: str) -> tuple[Any, list[ColumnElement[Any]]]:
        """Return the rulings of all events one by one, and some of their members."""
        rulings = EVENTS.c.rulings
        if self._engine.dialect.name == "sqlite":
            item = func.json_each(rulings).table_valued("value").alias("item")
            return item, [func.json_extract(item.c.value, f"$.{name}") for name in names]
        item = func.jsonb_array_elements(cast(rulings, JSONB)).table_valued("value").render_derived("item")
        return item, [func.jsonb_extract_path_text(item.c.value, name) for name in names]


def _within(since: float | None, until: float | None) -> list[ColumnElement[bool]]:
    at = EVENTS.c.at_s
    return [*([] if since is None else [at >= since]), *([] if until is None else [at < until])]
