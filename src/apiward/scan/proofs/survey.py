"""One operation under trial by the checks of injection: a working call, its openings, and what odd texts brought.

Asked once and shared by all of these checks, so that none of them sends what another has sent already.
"""

import random
import string
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson
from apiward.scan.calling.arguments import BODY, Arguments, Slot
from apiward.scan.identities.sessions import Session
from apiward.scan.meaning import judging
from apiward.scan.proofs import openings
from apiward.scan.proofs.openings import Opening
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts

MAX_WRITE_OPENINGS: Final = 6


class Survey:
    """What was learned of one operation. `send` puts a text into an opening; a slot keeps what it was once asked."""

    def __init__(
        self, scene: Scene, operation: Operation, session: Session | None, base: Arguments, answer: Exchange
    ) -> None:
        self.scene = scene
        self.operation = operation
        self.answer = answer
        self._session = session
        self.base = base
        self._is_disturbed = False
        self._sent_count = self._answered_count = 0
        self._asked: dict[tuple[str, str], object] = {}
        self.openings = _fitting(scene, operation, session, base)

    @property
    def only_reads(self) -> bool:
        """Whether the operation changes nothing, by its method and by its name."""
        return openings.only_reads(self.operation)

    @property
    def is_clear(self) -> bool:
        """Whether the working call got an answer that later ones can be compared with."""
        return not self.answer.is_doubtful

    @property
    def is_unanswered(self) -> bool:
        """Whether odd texts were sent since `begin`, and not one of them was answered."""
        return self._sent_count > 0 and not self._answered_count

    def begin(self) -> None:
        """Count what is sent and answered from here on."""
        self._sent_count = self._answered_count = 0

    def count(self, exchange: Exchange) -> None:
        """Count an odd text that was sent, now or for another check, and whether it was answered."""
        self._sent_count += 1
        self._answered_count += exchange.status not in (0, 429)

    async def send(self, opening: Opening, text: Json, *, timeout_s: float | None = None) -> Exchange:
        """Call with another value in the opening. What a writing call makes is noted, so that it is removed."""
        return await self.send_whole(opening.with_text(text), opening, timeout_s=timeout_s)

    async def send_whole(
        self, sent: Arguments, opening: Opening | None = None, *, timeout_s: float | None = None
    ) -> Exchange:
        """Call with these arguments; where something is written, with fresh texts in the other slots."""
        exchange = await self._call(sent, opening, timeout_s)
        self.count(exchange)
        return exchange

    async def send_plain(self, opening: Opening, text: str) -> Exchange:
        """Call with a harmless value: its answer does not count as one to an odd text."""
        return await self._call(opening.with_text(text), opening, None)

    async def _call(self, sent: Arguments, opening: Opening | None, timeout_s: float | None) -> Exchange:
        if not self.operation.is_safe:
            self._is_disturbed = True
            if opening is not None:
                sent = openings.freshened(self.scene, sent, opening.slot)
        exchange = await self.scene.call(self.operation, sent, self._session, timeout_s=timeout_s)
        if not self.operation.is_safe:
            openings.note_made(self.scene, self.operation, self._session, sent, exchange)
        return exchange

    async def once(self, what: str, opening: Opening, ask: Callable[[], Awaitable[object]]) -> object:
        """Return what was learned of an opening under that name, asking for it the first time."""
        key = (what, opening.slot.label)
        if key not in self._asked:
            self._asked[key] = await ask()
        return self._asked[key]

    def learned(self) -> list[object]:
        """Return all that was learned with `once`."""
        return list(self._asked.values())

    async def restore(self) -> None:
        """Send the working call again where a text may have changed something."""
        if self._is_disturbed and not self.answer.is_doubtful:
            await openings.restore(self.scene, self.operation, self._session, self.base)
        self._is_disturbed = False

    async def usual(self, opening: Opening) -> Exchange:
        """Return the answer to the fitting value itself, which the working call may have left out."""
        if opening.arguments == self.base:
            return self.answer

        async def ask() -> Exchange:
            return await self.send_plain(opening, opening.value)

        found = await self.once("usual", opening, ask)
        assert isinstance(found, Exchange)  # noqa: S101  # what `ask` has returned
        return found


def why_not(scene: Scene, operation: Operation) -> str | None:
    """Return why an operation is not surveyed, or None where it may be."""
    if accounts.is_account_operation(operation):
        return "log-ins, sign-ups and passwords are left alone here, so that no account is locked or left over"
    return openings.own_write(scene, operation)


async def survey(scene: Scene, operation: Operation) -> Survey:
    """Return the survey of an operation, the same at every call."""
    known = scene.surveys.get(operation.key)
    if known is None:
        session = scene.owner
        base, answer = await _working(scene, operation, session)
        if answer.status in (401, 403) and operation.is_safe and scene.privileged:
            session = scene.privileged[0]  # what staff alone may read is read as staff
            base, answer = await _working(scene, operation, session)
        known = scene.surveys[operation.key] = Survey(scene, operation, session, base, answer)
    return known


async def _working(scene: Scene, operation: Operation, session: Session | None) -> tuple[Arguments, Exchange]:
    """Return a working call; where what the account owns does not fit, with what visitors see, then with examples."""
    base, answer = await openings.working(scene, operation, session)
    if judging.is_accepted(answer) or answer.status in (0, 401, 403, 429):
        return base, answer
    for arguments in (scene.arguments(operation, None), _with_examples(scene, operation, session)):
        if arguments != base:
            exchange = await scene.call(operation, arguments, session)
            if judging.is_accepted(exchange):
                if not operation.is_safe:
                    openings.note_made(scene, operation, session, arguments, exchange)
                return arguments, exchange
    return base, answer


def _with_examples(scene: Scene, operation: Operation, session: Session | None) -> Arguments:
    arguments = scene.arguments(operation, session, use_examples=True)
    for one in operation.parameters:
        slot = Slot(one.place.value, (one.name,))
        if one.schema.examples and not isinstance(arguments.get(slot), NotJson):
            arguments = arguments.put(slot, one.schema.examples[0])
    body = operation.body_schema()
    whole = next((one for one in body.examples if isinstance(one, dict)), None) if body is not None else None
    return replace(arguments, body=whole) if whole and isinstance(arguments.body, dict) else arguments


def word(rng: random.Random) -> str:
    """Return a word that stands in no answer by chance."""
    return "aw" + "".join(rng.choices(string.ascii_lowercase, k=6))


def _fitting(scene: Scene, operation: Operation, session: Session | None, base: Arguments) -> list[Opening]:
    found = [
        one
        for one in openings.openings(scene, operation, session, base)
        if not openings.holds_credential(scene, operation, session, one) and not _is_number(one)
    ]
    if operation.is_safe:
        return found
    return [one for one in found if not openings.holds_own_key(operation, one, session)][:MAX_WRITE_OPENINGS]


def _is_number(opening: Opening) -> bool:
    """Whether a body holds a number there: a text in its place is refused before anything looks at it."""
    return opening.slot.place == BODY and isinstance(opening.arguments.get(opening.slot), int | float)
