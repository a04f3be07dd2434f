"""Tries one opening of an operation for SQL: quotes, texts that mean the same, texts that find everything, waiting."""

from dataclasses import dataclass
from typing import Final

from apiward.classify.leaks import complaint, speaks_of_database
from apiward.core.api import Operation
from apiward.core.exchange import Exchange, Failure
from apiward.scan.calling import values
from apiward.scan.calling.arguments import text_of
from apiward.scan.calling.values import is_free_text
from apiward.scan.identities.sessions import Session
from apiward.scan.meaning import judging
from apiward.scan.meaning.likeness import is_more, is_same
from apiward.scan.proofs import sql_probes
from apiward.scan.proofs.openings import Opening, fresh_like, freshened, holds_credential, is_sort_name, note_made
from apiward.scan.proofs.sql_probes import Delay, Pair
from apiward.scan.scene import Scene

MAX_UNION_COLUMNS: Final = 12
WAIT_TIMEOUT_S: Final = 6.0
WAIT_TRIES: Final = 3
"""How often a wait is measured that was long, but not clearly so: a busy server blurs times."""
LONG_WAIT_S: Final = 1.5
WANTED_WAIT_S: Final = 0.8
MOST_WAIT_S: Final = 3.0
_LEAST_WAIT_S: Final = 0.25


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that a value becomes part of a database command: how, the attack, its control and the rest."""

    saw: str
    attack: Exchange
    control: Exchange
    more: tuple[Exchange, ...] = ()


class Trial:
    """One opening under trial. `reads` says whether the operation only reads, so that all texts may be sent."""

    def __init__(
        self, scene: Scene, operation: Operation, session: Session | None, opening: Opening, *, reads: bool
    ) -> None:
        self._scene = scene
        self._operation = operation
        self._session = None if holds_credential(scene, operation, session, opening) else session
        self._opening = opening
        self._reads = reads
        self._value = opening.value
        self._base: Exchange | None = None
        self.is_blind = False
        self.was_answered = False
        self.was_uneven = False

    async def judge(self) -> Proof | None:
        """Return a proof, or None. Afterwards `is_blind` says whether the answers hide what the value does."""
        base = self._base = await self._send(self._start())
        self.was_answered = not base.is_doubtful
        if base.is_doubtful:
            return None
        single, double = await self._send(self._start() + "'"), await self._send(self._start() + "''")
        proof = await self._by_quotes(single, double)
        if proof is not None:
            return proof
        if self._speaks(double):
            return await self._by_meaning() or await self._by_union(single, double)
        self.is_blind = True
        return await self._by_widening() if self._reads else None

    async def judge_quotes(self) -> Proof | None:
        """Return a proof by quotes alone, or None: all that may be tried where something is deleted."""
        base = self._base = await self._send(self._start())
        self.was_answered = not base.is_doubtful
        if base.is_doubtful:
            return None
        return await self._by_quotes(await self._send(self._value + "'"), await self._send(self._value + "''"))

    async def judge_waiting(self) -> Proof | None:
        """Return a proof by time alone: the answer comes later the longer the database is told to wait.

        Afterwards `was_uneven` says whether answers were late, but too unevenly for a proof.
        """
        for delay in (*sql_probes.DELAYS, *(sql_probes.WAITING_READS if self._reads else ())):
            quick = self._base.elapsed_s if self._base else 0.0
            load = 1.0
            for _ in range(WAIT_TRIES):
                first = await self._wait(delay, load)
                if delay.is_counting and (first.failure is Failure.TIMEOUT or first.elapsed_s > LONG_WAIT_S):
                    # How long a count takes depends on the machine: ask for less, so that twice as much can be seen.
                    load *= WANTED_WAIT_S / max(first.elapsed_s, LONG_WAIT_S)
                    first = await self._wait(delay, load)
                if first.status in (0, 429) or first.elapsed_s < quick + _LEAST_WAIT_S:
                    break
                proof = await self._by_time(delay, first, load)
                if proof is not None:
                    return proof
                self.was_uneven = True
        return None

    async def _send(self, text: str, timeout_s: float | None = None) -> Exchange:
        sent = self._opening.with_text(text)
        if not self._reads:
            sent = freshened(self._scene, sent, self._opening.slot)
        exchange = await self._scene.call(self._operation, sent, self._session, timeout_s=timeout_s)
        if not self._reads:
            note_made(self._scene, self._operation, self._session, sent, exchange)
        return exchange

    def _start(self) -> str:
        """Return the value; where something is written, a new one of its kind, as it may have to be the only one."""
        if not self._reads and is_free_text(self._value):
            return fresh_like(self._scene, self._value)
        return self._value

    # Quotes ---------------------------------------------------------------------------------------

    async def _by_quotes(self, single: Exchange, double: Exchange) -> Proof | None:
        if not self._is_broken(single):
            return None
        if complaint(single.text) and self._base is not None:
            again = await self._send(self._start() + "'" + self._tail())
            if complaint(again.text) and not speaks_of_database(self._base.text):
                saw = f"a single quote in {self._opening.slot.label} made the database complain about its command"
                return Proof(saw, single, self._base, (again,))
        crashed = self._is_crashed(single)
        if not self._is_whole(double, after_crash=crashed):
            return None
        start = self._start() + self._tail()
        three, four = await self._send(f"{start}'''"), await self._send(f"{start}''''")
        one, two = await self._send(f"{start}'"), await self._send(f"{start}''")
        breaks = self._is_crashed if crashed else self._is_broken
        if not (breaks(three) and breaks(one)):
            return None
        if not all(self._is_whole(exchange, after_crash=crashed) for exchange in (four, two)):
            return None
        saw = f"one or three quotes in {self._opening.slot.label} break the command, two or four do not"
        return Proof(saw, single, double, (three, four))

    def _is_broken(self, exchange: Exchange) -> bool:
        if exchange.status in (0, 429, 503) or self._base is None:
            return False
        return self._is_crashed(exchange) or (judging.is_accepted(self._base) and not judging.is_accepted(exchange))

    def _is_crashed(self, exchange: Exchange) -> bool:
        if exchange.status >= 500:
            return True
        return speaks_of_database(exchange.text) and not (
            self._base is not None and speaks_of_database(self._base.text)
        )

    def _is_whole(self, exchange: Exchange, *, after_crash: bool) -> bool:
        """Whether an answer is without the fault; after a crash "not found" is enough, else it must be a good one."""
        if exchange.is_doubtful or self._is_crashed(exchange):
            return False
        return after_crash or judging.is_accepted(exchange)

    def _tail(self) -> str:
        return "".join(self._scene.rng.choices("bcdfghjk", k=5))

    # Meaning --------------------------------------------------------------------------------------

    def _speaks(self, double: Exchange) -> bool:
        """Whether the answer depends on the value, so that a text of the same meaning can be told."""
        return self._base is not None and judging.is_accepted(self._base) and not self._is_like_base(double, "''")

    def _is_like_base(self, exchange: Exchange, added: str = "", *, sent: str = "") -> bool:
        if self._base is None:
            return False
        if not self._reads:
            return judging.is_accepted(exchange) == judging.is_accepted(self._base)
        return is_same(self._base, exchange, self._value, sent or self._value + added, self._value)

    async def _by_meaning(self) -> Proof | None:
        for index, pair in enumerate(self._pairs()):
            same = await self._send(pair.same)
            if self._is_like_base(same, sent=pair.same):
                proof = await self._confirmed(index, pair, same)
                if proof is not None:
                    return proof
        return None

    def _pairs(self) -> list[Pair]:
        is_column = is_sort_name(self._opening.slot.name)
        return list(sql_probes.meaning_pairs(self._value, self._scene.rng, is_column=is_column, reads=self._reads))

    async def _confirmed(self, index: int, pair: Pair, same: Exchange) -> Proof | None:
        other, fresh = await self._send(pair.other), self._pairs()[index]
        same_again, other_again = await self._send(fresh.same), await self._send(fresh.other)
        base_again = await self._send(self._value)
        likes = self._is_like_base(same_again, sent=fresh.same) and self._is_like_base(base_again)
        for exchange, sent in ((other, pair.other), (other_again, fresh.other)):
            if exchange.status in (0, 429, 503) or self._is_like_base(exchange, sent=sent):
                return None
        saw = (
            f"the database worked out what stood in {self._opening.slot.label}: a text of the same meaning got the same"
        )
        return Proof(saw, same, other, (same_again, other_again)) if likes else None

    # Finding everything ---------------------------------------------------------------------------

    async def _by_widening(self) -> Proof | None:
        missing = text_of(values.unlike(self._value, self._scene.rng))
        nothing = await self._send(missing)
        if nothing.is_doubtful:
            return None
        for index, pair in enumerate(sql_probes.widening_pairs(missing, self._scene.rng)):
            everything = await self._send(pair.same)
            if is_more(everything, nothing) and not is_same(nothing, everything, missing, pair.same):
                proof = await self._confirmed_widening(index, missing, nothing, pair, everything)
                if proof is not None:
                    return proof
        return None

    async def _confirmed_widening(
        self, index: int, missing: str, nothing: Exchange, pair: Pair, everything: Exchange
    ) -> Proof | None:
        fresh = list(sql_probes.widening_pairs(missing, self._scene.rng))[index]
        other, other_again = await self._send(pair.other), await self._send(fresh.other)
        again = await self._send(fresh.same)
        is_still_nothing = is_same(nothing, other, missing, pair.other) and is_same(
            nothing, other_again, missing, fresh.other
        )
        if is_still_nothing and is_more(again, nothing) and is_same(everything, again, pair.same, fresh.same):
            saw = f"a condition that is always true, put into {self._opening.slot.label}, was carried out"
            return Proof(saw, everything, other, (again, other_again))
        return None

    # A row of our own -----------------------------------------------------------------------------

    async def _by_union(self, single: Exchange, double: Exchange) -> Proof | None:
        """Only where a quote is noticed but proves nothing: up to twelve requests more."""
        if not self._reads or (single.status, single.text) == (double.status, double.text):
            return None
        missing = text_of(values.unlike(self._value, self._scene.rng))
        for columns in range(1, MAX_UNION_COLUMNS + 1):
            text, harmless, mark = sql_probes.union_texts(missing, columns, self._scene.rng)
            attack = await self._send(text)
            if mark in attack.text:
                control = await self._send(harmless)
                if mark not in control.text:
                    saw = f"a row that was made up in {self._opening.slot.label} came back from the database"
                    return Proof(saw, attack, control)
        return None

    # Time -----------------------------------------------------------------------------------------

    async def _wait(self, delay: Delay, load: float) -> Exchange:
        return await self._send(delay.after(self._start(), load), WAIT_TIMEOUT_S)

    async def _by_time(self, delay: Delay, first: Exchange, load: float) -> Proof | None:
        """Compare with no wait, twice, and with a longer one; at most a few seconds in all."""
        if first.elapsed_s > MOST_WAIT_S:
            return None
        longer_load = 2 * load if delay.is_counting or first.elapsed_s < LONG_WAIT_S else load
        none, longer, none_again, again = [await self._wait(delay, one) for one in (0.0, longer_load, 0.0, load)]
        if any(exchange.status in (0, 429) for exchange in (none, longer, none_again, again)):
            return None
        rest_s = max(none.elapsed_s, none_again.elapsed_s)
        least_s = min(first.elapsed_s, again.elapsed_s)
        grows = longer.elapsed_s - rest_s > 1.5 * (least_s - rest_s)
        if least_s > rest_s + _LEAST_WAIT_S and least_s > 4 * rest_s and grows:
            saw = f"the database waited as long as {self._opening.slot.label} told it to ({delay.dialect})"
            return Proof(saw, longer, none_again, (first, none, again))
        return None
