"""Events and keepers made by hand."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from apiward.core.decision import Decision, Effect, Ruling
from apiward.core.event import Event
from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.events.keeping import StoreAwayError
from apiward.stores.events.reading import MOST, EventReader
from apiward.stores.events.rows import Cell, packed, row_of
from apiward.stores.events.schema import VERSIONS
from apiward.stores.events.storing import SqlEvents

NOW_S = 1_800_000_000.0
PLAIN = Event(
    id="0",
    at_s=NOW_S,
    method="GET",
    operation="GET /products/{id}",
    path="/products/7",
    status=200,
    outcome="passed",
    client="192.0.2.1",
    principal="user:42",
    own_s=0.000_06,
    elapsed_s=0.002,
    request_size=0,
    answer_size=512,
)
REFUSAL = Ruling(Decision("flood.too-many", place="address", saw="200 in 10 s", retry_after_s=3), is_applied=True)
MARKS = (("session", "5f3a"), ("agent", "firefox"), ("country", "DE"))
SEEN = Ruling(Decision("shape.undeclared", Effect.EDIT, place="body.role", delay_s=0.5), is_applied=False)


def event(number: int = 0, **changes: Any) -> Event:  # noqa: ANN401 - any field of an event
    """Return an ordinary event with that id."""
    return PLAIN._replace(id=f"{number:08d}", **changes)


def rows(*numbers: int) -> list[list[Cell]]:
    """Return the rows of ordinary events."""
    return [list(row_of(event(number))) for number in numbers]


def records(*numbers: int) -> list[bytes]:
    """Return ordinary events as they are spooled."""
    return [packed(event(number)) for number in numbers]


def make_newer(engine: Engine) -> None:
    """Note in a store a version that nobody knows yet."""
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSIONS} SET version_num = 'later_0099'"))
    engine.dispose()


class Shelf:
    """Keeps rows in memory, or is away."""

    def __init__(self, *, is_away: bool = False) -> None:
        self.is_away = is_away
        self.rows: list[list[Cell]] = []

    def add(self, rows: list[list[Cell]]) -> tuple[str, ...]:
        """Keep the rows."""
        if self.is_away:
            raise StoreAwayError("nobody is there")
        self.rows += rows
        return ()

    @property
    def ids(self) -> list[str]:
        """The ids of what was kept, in order."""
        return [str(row[0]) for row in self.rows]


def sql(path: Path, *, busy_ms: int = 50) -> SqlEvents:
    """Return a keeper on a SQLite file that does not wait long for a lock."""
    return SqlEvents(open_database(sqlite_url(path), busy_ms=busy_ms), clock=lambda: NOW_S)


def stored(path: Path) -> list[Event]:
    """Return all events of a SQLite file."""
    engine = open_database(sqlite_url(path))
    reader, found, after = EventReader(engine), [], 0
    while page := reader.events(limit=MOST, after=after):
        found += [item.event for item in page]
        after = page[-1].seq
    engine.dispose()
    return found
