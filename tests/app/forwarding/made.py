"""A store with something of each kind, and a destination that keeps what it gets."""

from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy import Engine

from apiward.app.forwarding.lines import Lines
from apiward.app.forwarding.records import Records
from apiward.app.forwarding.sending import Forwarder
from apiward.core.outgoing import LineForm, NotSentError, Outgoing, RefusedError
from apiward.stores.events.rows import row_of
from apiward.stores.events.storing import SqlEvents
from tests.stores.events.made import NOW_S, event
from tests.stores.watching.made import keep_one_of_each

ALL: Final = ("event", "event", "event", "finding", "detection", "incident")


def fill(engine: Engine, events: int = 3) -> None:
    """Store events, and one of each other kind."""
    store(engine, *range(events))
    keep_one_of_each(engine)


def store(engine: Engine, *numbers: int) -> None:
    """Store events of these numbers."""
    SqlEvents(engine, lambda: NOW_S).add([list(row_of(event(number))) for number in numbers])


class Receiver:
    """Implements `core.outgoing.Destination`; `problem` is asked about each batch."""

    name = "https://logs.example"

    def __init__(self, problem: Callable[[Sequence[Outgoing]], Exception | None] = lambda _: None) -> None:
        self.got: list[Outgoing] = []
        self.problem = problem
        self.is_closed = False
        self.note = ""

    async def send(self, records: Sequence[Outgoing]) -> str:
        """Keep them, or raise."""
        problem = self.problem(records)
        if problem is not None:
            raise problem
        self.got += records
        return self.note

    async def aclose(self) -> None:
        """Note it."""
        self.is_closed = True

    @property
    def ids(self) -> list[str]:
        """What came, by id."""
        return [one.id for one in self.got]


def away(_: Sequence[Outgoing]) -> Exception:
    """Say that nothing can be taken now."""
    return NotSentError("nobody is there")


def refusing(number: int) -> Callable[[Sequence[Outgoing]], Exception | None]:
    """Return what refuses a batch with the event of that number."""
    return lambda records: RefusedError("400") if any(one.id == f"{number:08d}" for one in records) else None


class Told:
    """Hears what the owner should know, and gives the time."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.now_s = NOW_S

    def forwarder(
        self, engine: Engine, receiver: Receiver, *, sends_old: bool = True, batch: int = 500, form: str = "jsonl"
    ) -> Forwarder:
        """Return a forwarder of everything."""
        records = Records(engine, Lines(LineForm(form)))
        return Forwarder(
            "one",
            records,
            receiver,
            clock=lambda: self.now_s,
            tell=self.said.append,
            begins_anew=not sends_old,
            batch=batch,
        )
