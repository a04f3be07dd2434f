"""Audit records made by hand, with their checkpoints."""

from dataclasses import dataclass, field

from sqlalchemy import Engine

from apiward.core.decision import Decision, Ruling
from apiward.core.event import Event
from apiward.stores.events.database import snapshot
from apiward.stores.events.rows import row_of
from apiward.stores.events.storing import SqlEvents
from apiward.stores.record.checkpoints import BadCheckpoint, Checkpoint, read_checkpoints
from apiward.stores.record.signing import Signer
from apiward.stores.record.verifying import Verified, verify
from apiward.stores.upkeep.anchoring import Anchoring
from tests.stores.events.made import NOW_S, event

SIGNER = Signer(bytes(range(32)))
DENIED = Ruling(Decision("permit.role", place="role", saw="none of staff"), is_applied=True)
KEEP_S = 400 * 86_400.0


@dataclass(slots=True)
class Wall:
    """A place for checkpoints, in memory."""

    name: str = "wall"
    notes: list[str] = field(default_factory=list)
    problem: OSError | None = None

    def put(self, note: str) -> None:
        if self.problem:
            raise self.problem
        self.notes.append(note)

    @property
    def checkpoints(self) -> list[Checkpoint]:
        found = list(read_checkpoints("\n".join(self.notes), SIGNER.public))
        assert not any(isinstance(one, BadCheckpoint) for one in found)
        return [one for one in found if isinstance(one, Checkpoint)]


def refused(number: int, *, who: str = "", at_s: float = NOW_S) -> Event:
    """Return a request that was refused, of one of three callers."""
    who = who or f"user:{number % 3}"
    return event(number, status=403, outcome="refused", rulings=(DENIED,), principal=who, at_s=at_s)


def fill(engine: Engine, number: int, *, wall: Wall | None = None, every: int = 5, first: int = 0) -> Wall:
    """Record that many refusals, with a checkpoint after every few."""
    wall = wall or Wall()
    keeper = SqlEvents(engine, lambda: NOW_S)
    anchoring = Anchoring(engine, SIGNER, [wall], every=1)
    for start in range(first, first + number, every):
        rows = [list(row_of(refused(at))) for at in range(start, min(start + every, first + number))]
        keeper.add(rows)
        anchoring.run(NOW_S)
    return wall


def looked(engine: Engine, wall: Wall | None = None, *, now_s: float = NOW_S, keep_s: float = KEEP_S) -> Verified:
    """Return what a look at the whole record gives."""
    with snapshot(engine) as connection:
        *_, found = verify(connection, wall.checkpoints if wall else (), now_s=now_s, keep_s=keep_s)
    assert isinstance(found, Verified)
    return found


def flaws(engine: Engine, wall: Wall | None = None) -> list[tuple[str, int, int]]:
    """Return the flaws of the record, in short."""
    return [(flaw.kind.value, flaw.first, flaw.last) for flaw in looked(engine, wall).flaws]
