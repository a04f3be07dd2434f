"""Evidence from stored events: counted by the database, on SQLite and PostgreSQL alike, and bounded."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import (
    Engine,
    Integer,
    Select,
    and_,
    case,
    cast,
    distinct,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.elements import ColumnElement

from apiward.core.event import Event
from apiward.core.evidence import Denial, Habit, Traffic
from apiward.core.marks import SOURCE
from apiward.stores.events.database import bring_up_to_date
from apiward.stores.events.rows import COLUMNS, NO_RULINGS, event_of
from apiward.stores.events.schema import EVENTS

MAX_DENIALS: Final = 20_000
"""Groups of refusals (rule, place, caller) of one answer at most."""
MAX_REFUSED: Final = 20_000
"""Events of one replay at most."""
MAX_LEFT_OUT: Final = 500
MAX_CALLERS: Final = 20_000
_DAY_S: Final = 86_400
_HELD_BACK: Final = ("deny", "delay")

_E: Final = EVENTS.c
CALLER: Final = case((or_(_E.principal == "", _E.principal.startswith("anonymous:")), _E.client), else_=_E.principal)
"""Who counts as the caller: the address, where nobody has said who they are."""
IS_LOGGED: Final = _E.marks.contains(f'"{SOURCE}":', autoescape=True)
"""What was read from a log."""
IS_OWN: Final = and_(_E.kind == "request", not_(IS_LOGGED))
"""What the guard itself has judged: requests that were read from logs are no evidence of how it fares."""
_IS_MOOT: Final = case((and_(_E.status >= 400, _E.status < 500), 1), else_=0)


def day_at(engine: Engine) -> ColumnElement[Any]:
    """Return the day of an event, counted from that of the epoch on."""
    day = _E.at_s / _DAY_S
    return cast(day, Integer) if engine.dialect.name == "sqlite" else cast(func.floor(day), Integer)


class StoreError(OSError):
    """The events cannot be read now: why, without any of their values."""


class SqlEvidence:
    """Implements `core.evidence.EvidenceSource`, also while a guard writes. Raises StoreError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_ready = False

    def denials(
        self, since_s: float, *, until_s: float | None = None, callers: Collection[str] = ()
    ) -> tuple[tuple[Denial, ...], bool]:
        """Return refusals and would-be refusals, the most frequent first, and whether there were more."""
        rule, place, effect, applied, item = self._ruling()
        keys = (_E.operation, rule, place, CALLER, applied, _IS_MOOT)
        asked = [IS_OWN, _E.rulings != NO_RULINGS, _E.at_s >= since_s, effect.in_(_HELD_BACK)]
        if until_s is not None:
            asked.append(_E.at_s < until_s)
        if callers:
            asked.append(CALLER.in_(sorted(callers)[:MAX_CALLERS]))
        query = select(*keys, func.count(), func.max(_E.at_s)).select_from(EVENTS.join(item, true()))
        ordered = query.where(*asked).group_by(*keys).order_by(func.count().desc()).limit(MAX_DENIALS + 1)
        rows = self._rows(ordered)
        found = tuple(
            Denial(
                str(row[0]), str(row[1]), str(row[2] or ""), str(row[3]), row[4] in {1, "true"}, bool(row[5]),
                int(row[6]), float(row[7] or 0)
            )
            for row in rows[:MAX_DENIALS]
        )  # fmt: skip
        return found, len(rows) > MAX_DENIALS

    def traffic(
        self, since_s: float, *, starts: Mapping[str, float], without: Collection[str] = ()
    ) -> Mapping[str, Traffic]:
        """Return what went well, by operation, from its own start on where it has one; some callers left out."""
        day = day_at(self._engine)
        well = [IS_OWN, _E.outcome == "passed", _E.status < 400, _E.at_s >= since_s]
        late = {operation: start_s for operation, start_s in starts.items() if start_s > since_s}
        well += [not_(and_(_E.operation == operation, _E.at_s < start_s)) for operation, start_s in late.items()]
        if without:
            well.append(CALLER.not_in(sorted(without)[:MAX_LEFT_OUT]))
        query = select(
            _E.operation,
            func.count(),
            func.count(distinct(CALLER)),
            func.count(distinct(day)),
            func.min(_E.at_s),
            func.max(_E.at_s),
        )
        rows = self._rows(query.where(*well).group_by(_E.operation))
        return {
            str(operation): Traffic(int(requests), int(callers), int(days), float(first), float(last))
            for operation, requests, callers, days, first, last in rows
        }

    def habits(self, operation: str, since_s: float, until_s: float) -> Mapping[str, Habit]:
        """Return how each caller fared with one operation in [since, until)."""
        asked = (_E.operation == operation, IS_OWN, _E.at_s >= since_s, _E.at_s < until_s)
        query = select(CALLER, func.count(), func.sum(_IS_MOOT)).where(*asked).group_by(CALLER)
        rows = self._rows(query.limit(MAX_CALLERS))
        return {str(caller): Habit(int(requests), int(failed)) for caller, requests, failed in rows}

    def refused(
        self, operation: str, method: str, path: str, rule: str, since_s: float
    ) -> tuple[tuple[Event, ...], bool]:
        """Return the events of one operation that name a rule, the newest first, and whether there were more."""
        asked = [_E.at_s >= since_s, _E.rulings != NO_RULINGS, IS_OWN, _E.operation == operation]
        if not operation:
            asked += [_E.method == method, _E.path == path]
        asked.append(_E.rulings.contains(f'"rule":"{rule}"', autoescape=True))
        query = select(*(_E[name] for name in COLUMNS)).where(*asked).order_by(_E.at_s.desc()).limit(MAX_REFUSED + 1)
        rows = self._rows(query)
        return tuple(event_of(row) for row in rows[:MAX_REFUSED]), len(rows) > MAX_REFUSED

    def event(self, id_: str) -> Event | None:
        """Return the event of that id."""
        rows = self._rows(select(*(_E[name] for name in COLUMNS)).where(_E.id == id_))
        return event_of(rows[0]) if rows else None

    def last_refused(self) -> Event | None:
        """Return the newest event that was refused, or would have been."""
        asked = (IS_OWN, _E.rulings != NO_RULINGS, _E.rulings.contains('"effect":"deny"'))
        query = select(*(_E[name] for name in COLUMNS)).where(*asked).order_by(_E.at_s.desc()).limit(1)
        rows = self._rows(query)
        return event_of(rows[0]) if rows else None

    def said(self, start: str, most: int) -> tuple[Event, ...]:
        """Return the newest events in which the guard speaks of itself and that begin so."""
        asked = (_E.kind == "guard", _E.said.startswith(start, autoescape=True))
        query = select(*(_E[name] for name in COLUMNS)).where(*asked).order_by(_E.at_s.desc()).limit(most)
        return tuple(event_of(row) for row in self._rows(query))

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @property
    def _is_sqlite(self) -> bool:
        return self._engine.dialect.name == "sqlite"

    def _ruling(self) -> tuple[Any, ...]:
        """Return rule, place, effect and whether it was applied, of each ruling, and what to join for them."""
        if self._is_sqlite:
            item = func.json_each(_E.rulings).table_valued("value").alias("item")
            names = (func.json_extract(item.c.value, f"$.{name}") for name in ("rule", "place", "effect", "applied"))
        else:
            item = func.jsonb_array_elements(cast(_E.rulings, JSONB)).table_valued("value").render_derived("item")
            names = (
                func.jsonb_extract_path_text(item.c.value, literal_column(f"'{name}'"))
                for name in ("rule", "place", "effect", "applied")
            )
        return (*names, item)

    def _rows(self, query: Select[Any]) -> list[Any]:
        try:
            if not self._is_ready:
                bring_up_to_date(self._engine)
                self._is_ready = True
            with self._engine.connect() as connection:
                return list(connection.execute(query).all())
        except SQLAlchemyError as error:
            said = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0][:200]
            raise StoreError(f"the event database: {said}") from error
