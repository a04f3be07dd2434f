"""Runs sessions beside one another in simulated time: each wish is answered when its moment has come."""

from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from typing import Final, TypeAlias

from apiward.core.jsonvalue import Json
from apiward.demo.traffic.asking import Ask, GaveUpError, Session, Told
from apiward.demo.traffic.operations import Act
from apiward.demo.traffic.serving.server import regarded
from apiward.demo.traffic.values import Kind, Relation, Step
from apiward.demo.traffic.world import World
from apiward.demo.traffic.writing import step

_LOST: Final[Json] = {"error": "the time is up"}
_REFUSED: Final[Json] = {"error": "refused"}
_BROKEN: Final = 0.7
"""So many requests fail while the service is broken."""
_FAILED: Final[Json] = {"error": "something went wrong"}


Refuses: TypeAlias = Callable[[Step], int]
"""Asked about each request before the API is (its status is 0): the status with which it is refused, or 0."""


class Runner:
    """Keeps the sessions that go on, in the order of their next moments. Of what is over, nothing stays."""

    def __init__(self, world: World, refuses: Refuses | None = None) -> None:
        self._world = world
        self._refuses = refuses
        self._waiting: list[tuple[float, int, Session, Ask | None]] = []
        self._count = 0
        self._done: dict[str, Told] = {}
        """What the API has done under a key whose sender has not heard of it."""

    def begin(self, session: Session, at_s: float) -> None:
        """Let a session begin at that time."""
        self._push(at_s, session, None)

    def run(self, until_s: float) -> Iterator[Step]:
        """Yield what happens until then, in its order."""
        waiting = self._waiting
        while waiting and waiting[0][0] < until_s:
            at_s, _, session, ask = heappop(waiting)
            self._world.state.now_s = at_s
            if ask is None:
                self._go_on(session, None, at_s)
                continue
            said, told, again = self._refused(ask, at_s) or self._answered(ask)
            yield step(ask, said, at_s)
            if again is not None:
                self._push(at_s + again.after_s, session, again)
            else:
                self._go_on(session, told, at_s)

    def _refused(self, ask: Ask, at_s: float) -> tuple[Told, Told, Ask | None] | None:
        if self._refuses is None:
            return None
        thing, right = regarded(self._world.server, ask)
        told = Told(0, None, right, thing)
        status = self._refuses(step(ask, told, at_s))
        if not status:
            return None
        return told._replace(status=status, value=_REFUSED), Told(status, _REFUSED), None

    def _answered(self, ask: Ask) -> tuple[Told, Told, Ask | None]:
        """Return what the API says, what the session hears, and the same wish once more where no answer came."""
        world, rng = self._world, self._world.rng
        chance = rng.random()
        done = self._done.pop(ask.order_key, None)
        world.state.begin_answer()
        if world.broken_until_s > world.now_s and chance < _BROKEN:
            failed = Told(503, _FAILED)
            return failed, failed, None
        if chance < world.settings.failures:
            failed = Told(503 if chance * 2 < world.settings.failures else 500, _FAILED)
            return failed, failed, None
        told = done or world.server.answer(ask)
        if done is not None and done.thing is not None and done.relation is not Relation.FOREIGN:
            world.state.use(done.thing)
        if ask.caller.is_phone and ask.kind is not Kind.RETRY and rng.random() < world.settings.lost_answers:
            return self._lost(ask, told)
        return told, told, None

    def _lost(self, ask: Ask, told: Told) -> tuple[Told, Told, Ask | None]:
        """Let the answer get lost, or the API take too long; the phone asks once more."""
        rng = self._world.rng
        said = told._replace(status=504, value=_LOST) if rng.random() < 0.4 else told
        if ask.operation.act is Act.LOG_IN:
            return told, told, None
        if said is not told:
            self._world.state.lose_answer((ask.id, ask.parent))
        if ask.order_key:
            self._done[ask.order_key] = told
        return said, told, ask._replace(kind=Kind.RETRY, after_s=2.0 + rng.random() * 6.0)

    def _go_on(self, session: Session, told: Told | None, at_s: float) -> None:
        try:
            ask = next(session) if told is None else session.send(told)
        except (StopIteration, GaveUpError):
            return
        if ask.caller.is_phone and ask.operation.act is Act.CREATE and self._world.rng.random() < 0.5:
            ask = ask._replace(order_key=self._world.state.secret())
        self._push(at_s + ask.after_s, session, ask)

    def _push(self, at_s: float, session: Session, ask: Ask | None) -> None:
        self._count += 1
        heappush(self._waiting, (at_s, self._count, session, ask))
