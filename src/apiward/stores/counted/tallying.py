"""Counts stored requests by day and operation, and goes on where it stopped: who looks often never counts twice."""

import threading
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sqlalchemy import Connection, Engine, and_, case, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.elements import ColumnElement

from apiward.core.marks import ROLE
from apiward.core.principal import PrincipalKind
from apiward.stores.events.evidence import CALLER, IS_LOGGED, day_at
from apiward.stores.events.schema import EVENTS
from apiward.stores.watching.reaching import Reach

DAY_S: Final = 86_400
MOST_OPERATIONS: Final = 2_000
"""Operations that are told apart; what comes to others counts as that of none."""
MOST_CALLERS: Final = 100
"""Callers of one operation that are told apart."""
MOST_ROLES: Final = 40
"""Roles and kinds of callers of one operation that are told apart; further ones are left out."""
ROLE_MARK: Final = "role:"
"""Begins what stands for callers of a role; the others are told by the kind of what they showed."""
_CHUNK: Final = 10_000
_E: Final = EVENTS.c
_WENT_WELL: Final = and_(_E.outcome == "passed", _E.status < 400)
_KIND: Final = case(
    (IS_LOGGED, "log"),
    (_E.outcome == "refused", "refused"),
    (_E.rulings.contains('"effect":"deny"', autoescape=True), "would_be"),
    (_E.outcome == "passed", "passed"),
    else_="failed",
)
"""How a request counts: `log` was read from a log, `would_be` was let through by a guard that only watches."""


@dataclass(slots=True)
class Count:
    """Requests by what became of them."""

    passed: int = 0
    refused: int = 0
    would_be: int = 0
    failed: int = 0
    log: int = 0

    @property
    def requests(self) -> int:
        """All of them."""
        return self.passed + self.refused + self.would_be + self.failed + self.log

    def add(self, other: "Count") -> None:
        """Add the numbers of another count."""
        self.passed += other.passed
        self.refused += other.refused
        self.would_be += other.would_be
        self.failed += other.failed
        self.log += other.log


class RoleSeen(NamedTuple):
    """Callers of one role (ROLE_MARK and its name), or of one kind, at an operation: whether it ever went well."""

    role: str
    went_well: bool


@dataclass(frozen=True, slots=True)
class OperationCount:
    """One operation since the first day: its numbers, its callers (MOST_CALLERS: that many or more), its last one."""

    operation: str
    count: Count
    callers: int
    last_s: float
    roles: tuple[RoleSeen, ...] = ()


@dataclass(frozen=True, slots=True)
class Tallied:
    """What was counted: all, by day (oldest first, each with its beginning), and by operation (most requests first)."""

    whole: Count
    days: tuple[tuple[int, Count], ...]
    operations: tuple[OperationCount, ...]


@dataclass(slots=True)
class _Seen:
    days: dict[int, Count] = field(default_factory=dict)
    callers: dict[str, int] = field(default_factory=dict)
    roles: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By role the last day on which one of them called, and on which it went well (0: never)."""
    last_s: float = 0.0


class EventTally:
    """Knows the last days of one store. Days are those of UTC, and the last one is today."""

    def __init__(self, engine: Engine, *, days: int = 7) -> None:
        self._reach = Reach(engine)
        self._day = day_at(engine)
        self._role = _role_at(engine)
        self.days = days
        self._seq = 0
        self._newest = 0
        self._operations: dict[str, _Seen] = {}
        self._has_begun = False
        self._turn = threading.Lock()

    def since_s(self, now_s: float) -> float:
        """Return when the first day began."""
        return float((int(now_s // DAY_S) - self.days + 1) * DAY_S)

    def look(self, now_s: float, *, chunks: int = 1) -> Tallied | None:
        """Count what was stored since the last time, in at most so many steps; return None where more is left.

        Several threads may look at once. Raises StoreError, which is an OSError.
        """
        with self._turn:
            return self._tallied(now_s) if self._catch_up(now_s, chunks) else None

    def _catch_up(self, now_s: float, chunks: int) -> bool:
        since_s = self.since_s(now_s)
        with self._reach.reading() as connection:
            newest = int(connection.execute(select(func.max(_E.seq))).scalar() or 0)
            if newest < self._seq:  # the store was emptied, or another one was put in its place
                self._operations.clear()
                self._seq, self._has_begun = 0, False
            if not self._has_begun:
                first = connection.execute(select(func.min(_E.seq)).where(_E.at_s >= since_s)).scalar()
                self._seq = int(first) - 1 if first is not None else newest
                self._has_begun = True
            for _ in range(chunks):
                if self._seq >= newest:
                    break
                upto = min(newest, self._seq + _CHUNK)
                self._count(connection, upto, since_s)
                self._seq = upto
        self._forget(since_s)
        return self._seq >= newest

    def _tallied(self, now_s: float) -> Tallied:
        today = int(now_s // DAY_S)
        whole, days = Count(), {day: Count() for day in range(today - self.days + 1, today + 1)}
        operations = []
        for operation, seen in self._operations.items():
            own = Count()
            for day, count in seen.days.items():
                if day in days:
                    days[day].add(count)
                    own.add(count)
            whole.add(own)
            roles = tuple(RoleSeen(role, well >= today - self.days + 1) for role, (_, well) in seen.roles.items())
            operations.append(OperationCount(operation, own, len(seen.callers), seen.last_s, roles))
        operations.sort(key=lambda one: (-one.count.requests, one.operation))
        return Tallied(whole, tuple((day * DAY_S, count) for day, count in days.items()), tuple(operations))

    def _count(self, connection: Connection, upto: int, since_s: float) -> None:
        asked = (_E.seq > self._seq, _E.seq <= upto, _E.kind == "request", _E.at_s >= since_s)
        keys = (self._day, _E.operation, _KIND)
        counted = select(*keys, func.count(), func.max(_E.at_s)).where(*asked).group_by(*keys)
        for day, operation, kind, number, last_s in connection.execute(counted):
            seen = self._of(str(operation))
            count = seen.days.setdefault(int(day), Count())
            setattr(count, kind, getattr(count, kind) + int(number))
            seen.last_s = max(seen.last_s, float(last_s))
        well = func.max(case((_WENT_WELL, self._day), else_=0))
        by = (_E.operation, CALLER, self._role)
        callers = select(*by, func.max(self._day), well).where(*asked).group_by(*by)
        for operation, caller, role, day, well_day in connection.execute(callers):
            seen = self._of(str(operation))
            if caller in seen.callers or len(seen.callers) < MOST_CALLERS:
                seen.callers[str(caller)] = max(int(day), seen.callers.get(str(caller), 0))
            for one in _roles(str(role)):
                if one in seen.roles or len(seen.roles) < MOST_ROLES:
                    before = seen.roles.get(one, (0, 0))
                    seen.roles[one] = (max(int(day), before[0]), max(int(well_day), before[1]))

    def _of(self, operation: str) -> _Seen:
        if operation not in self._operations and len(self._operations) >= MOST_OPERATIONS:
            operation = ""
        return self._operations.setdefault(operation, _Seen())

    def _forget(self, since_s: float) -> None:
        first = int(since_s // DAY_S)
        for operation, seen in list(self._operations.items()):
            if min(seen.days, default=first) >= first:
                continue
            seen.days = {day: count for day, count in seen.days.items() if day >= first}
            seen.callers = {caller: day for caller, day in seen.callers.items() if day >= first}
            seen.roles = {role: days for role, days in seen.roles.items() if days[0] >= first}
            if not seen.days:
                del self._operations[operation]


def _roles(told: str) -> list[str]:
    """Return the roles of a caller who may have several; the guard joins their names with commas."""
    if not told.startswith(ROLE_MARK):
        return [told]
    return [f"{ROLE_MARK}{name}" for name in told.removeprefix(ROLE_MARK).split(",") if name]


def _role_at(engine: Engine) -> ColumnElement[str]:
    """Return as whom a caller is seen: by the role that the guard knows, else by the kind of what was shown."""
    if engine.dialect.name == "sqlite":
        named = func.json_extract(_E.marks, f"$.{ROLE}")
    else:
        named = func.jsonb_extract_path_text(cast(_E.marks, JSONB), ROLE)
    anonymous = PrincipalKind.ANONYMOUS.value
    kinds = [
        (_E.principal.startswith(f"{kind.value}:"), kind.value)
        for kind in PrincipalKind
        if kind is not PrincipalKind.ANONYMOUS
    ]
    return case(
        (_E.marks.contains(f'"{ROLE}":', autoescape=True), literal(ROLE_MARK).concat(named)),
        (or_(_E.principal == "", _E.principal.startswith(f"{anonymous}:")), anonymous),
        *kinds,
        else_=PrincipalKind.USER.value,
    )
