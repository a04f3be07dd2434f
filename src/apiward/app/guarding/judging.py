"""The guard without anything behind it: it judges what was written down, and keeps nothing of it."""

import contextlib
import secrets
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from random import SystemRandom
from typing import Final

from apiward.access.keys.ring import KeyRing
from apiward.access.ownership.rights import Rights
from apiward.app.guarding.building import Outside, build_access, build_engine, locating_of, read_bytes, settings_of
from apiward.app.guarding.cases import Case, Expected
from apiward.app.guarding.keys import read_ring
from apiward.app.guarding.place import Place
from apiward.app.guarding.written import UnansweredError, WrittenExchange
from apiward.config.errors import ConfigError
from apiward.config.guarding import GuardConfig
from apiward.core.api import Api
from apiward.core.decision import Effect, Mode, Ruling
from apiward.core.event import Event
from apiward.core.ports import Count, DescriptionLearner, Gate, Sender
from apiward.guard.registry import STAGES
from apiward.guard.stage import Parts
from apiward.net.middleware import Bounds, GuardMiddleware
from apiward.net.sender import HttpSender
from apiward.stores.blocks.memory import MemoryBlocks
from apiward.stores.counters.memory import MemoryCounters

CLIENT: Final = "192.0.2.1"
"""Who sends what does not say it (RFC 5737, for documentation)."""
_MOST_COUNTED: Final = 100_000


class Outcome(StrEnum):
    """What becomes of a request. WATCHED would be refused, but its stage only watches; ANSWERED needs no API."""

    REFUSED = "refused"
    WATCHED = "watched"
    ANSWERED = "answered"
    CHANGED = "changed"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Judged:
    """One request, and what the guard decided. `status` is what the caller is told, 0 where the API was to answer."""

    case: Case
    outcome: Outcome
    status: int
    operation: str
    principal: str
    rulings: tuple[Ruling, ...]

    @property
    def is_as_expected(self) -> bool | None:
        """Whether it was decided as somebody expected; None where nobody said."""
        if self.case.expected is None:
            return None
        return (self.outcome in {Outcome.REFUSED, Outcome.WATCHED}) is (self.case.expected is Expected.BLOCK)


class DryGuard:
    """A guard as `config` says, in memory alone: it keeps nothing, waits for nothing, and asks no API.

    Where `is_apart`, every request is judged as if it were the first one ever. Raises ConfigError where the settings
    cannot be used.
    """

    def __init__(
        self,
        config: GuardConfig,
        api: Api | None,
        base: Path,
        ring: KeyRing,
        sender: Sender,
        *,
        is_apart: bool,
        learner: DescriptionLearner | None = None,
    ) -> None:
        self._now_s = time.time()
        self._events: list[Event] = []
        self._counters = _Forgetful()
        self._is_apart = is_apart
        outside = replace(
            _outside(base, ring, sender),
            sink=self,
            counters=self._counters,
            clock=self._clock,
            timer=_no_time,
            learner=learner,
        )
        self._gate: Gate = build_engine(config, api, outside, build_access(config, outside))
        self._bounds = Bounds(max_answer=config.max_answer, body_timeout_s=config.protocol.body_timeout_s)

    async def judge(self, case: Case) -> Judged:
        """Judge one request, and its answer where there is one."""
        event, status = await self.event_of(case)
        return Judged(case, _outcome(event), status, event.operation, event.principal, event.rulings)

    async def event_of(self, case: Case) -> tuple[Event, int]:
        """Judge one request, and return its event, and what the caller is told (0: what the API answers)."""
        if self._is_apart:
            self._counters.forget()
        if case.started_s is not None:
            self._now_s = case.started_s
        exchange = WrittenExchange(case)
        guarded = GuardMiddleware(exchange.answer, self._gate, clock=self._clock, bounds=self._bounds)
        client = _client(case) if self._is_apart else CLIENT
        with contextlib.suppress(UnansweredError):  # it was let through, and nothing is behind
            await guarded(exchange.scope(client), exchange.receive, exchange.send)
        return self._events.pop(), exchange.status

    def offer(self, event: Event) -> None:
        """Take the event of the request that is judged now."""
        self._events.append(event)

    def _clock(self) -> float:
        return self._now_s


async def judge_all(
    config: GuardConfig, place: Place, api: Api | None, cases: Iterable[Case], *, is_apart: bool
) -> list[Judged]:
    """Judge requests one after the other. Raises ConfigError.

    The network is asked only for what the settings name to tell callers apart by: keys of tokens, introspection.
    """
    async with HttpSender(clock=time.time) as sender:
        guard = DryGuard(config, api, place.base, read_ring(place.data), sender, is_apart=is_apart)
        return [await guard.judge(case) for case in cases]


async def learn_from(
    config: GuardConfig, place: Place, api: Api | None, cases: Iterable[Case], learner: DescriptionLearner
) -> None:
    """Let `learner` see what a guard that only watches sees of the requests and their answers. Raises ConfigError."""
    watching = replace(config, mode=Mode.WATCH)
    async with HttpSender(clock=time.time) as sender:
        guard = DryGuard(watching, api, place.base, read_ring(place.data), sender, is_apart=False, learner=learner)
        for case in cases:
            await guard.judge(case)


def problems_of(config: GuardConfig, api: Api | None, place: Place) -> list[str]:
    """Return what stops a guard with these settings from being built, a sentence each. Nothing is written or asked."""
    problems = [*_file_problems(config, place.base)]
    ring = KeyRing()
    try:
        ring = read_ring(place.data)
    except ConfigError as error:
        problems.append(str(error))
    outside = _outside(place.base, ring, HttpSender(clock=time.time))
    try:
        authenticator = build_access(config, outside)
    except ConfigError as error:
        problems.append(str(error))
        authenticator = build_access(GuardConfig(), outside)
    parts = Parts(api, time.time, outside.counters, outside.blocks, authenticator, SystemRandom())
    try:
        Rights(config.objects, api, outside.facts, outside.pepper)
    except ValueError as error:
        problems.append(f"guard.objects.{error}.")
    try:
        locating_of(config, place.base)
    except ValueError as error:
        problems.append(f"guard.origin.{error}.")
    for name, make in STAGES.items():
        try:
            make(settings_of(config, name, place.base), parts)
        except ValueError as error:
            problems.append(f"guard.{name}.{error}.")
    return problems


def count_rules(judged: Sequence[Judged]) -> list[tuple[str, int]]:
    """Return how many requests each rule spoke of, the most frequent first."""
    counts = Counter(rule for one in judged for rule in {ruling.decision.rule for ruling in one.rulings})
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _outside(base: Path, ring: KeyRing, sender: Sender) -> Outside:
    """Return what an engine needs, in memory alone."""
    return Outside(
        sender=sender,
        sink=_Nowhere(),
        counters=MemoryCounters(_MOST_COUNTED),
        blocks=MemoryBlocks(),
        wait=_no_wait,
        base=base,
        pepper=secrets.token_bytes(32),
        ring=ring,
    )


def _file_problems(config: GuardConfig, base: Path) -> Iterator[str]:
    tls = config.tls
    named = [("tls.certificate_file", tls.certificate_file), ("tls.key_file", tls.key_file)]
    named.append(("tls.client_ca_file", tls.client_ca_file))
    named += [(f"upstreams[{number}].ca_file", one.ca_file) for number, one in enumerate(config.upstreams, 1)]
    for setting, name in named:
        try:
            if name:
                read_bytes(base / name)
        except OSError as error:
            yield f"guard.{setting}: {name} cannot be read: {error.strerror or error}."


class _Nowhere:
    """Takes events and keeps none. Implements `core.ports.EventSink`."""

    def offer(self, event: Event) -> None:
        """Let it go."""


class _Forgetful:
    """Counters that can begin anew. Implements `core.ports.Counters`."""

    def __init__(self) -> None:
        self._counters = MemoryCounters(_MOST_COUNTED)

    def forget(self) -> None:
        """Begin anew."""
        self._counters = MemoryCounters(_MOST_COUNTED)

    def hit(self, key: str, *, limit: int, window_s: int, now_s: float, cost: int = 1) -> Count:
        """Count, as the port says."""
        return self._counters.hit(key, limit=limit, window_s=window_s, now_s=now_s, cost=cost)

    def peek(self, key: str, *, limit: int, window_s: int, now_s: float) -> Count:
        """Look, as the port says."""
        return self._counters.peek(key, limit=limit, window_s=window_s, now_s=now_s)


def _outcome(event: Event) -> Outcome:
    denials = [ruling.is_applied for ruling in event.rulings if ruling.decision.effect is Effect.DENY]
    if any(denials):
        return Outcome.REFUSED
    if event.outcome == "refused":
        return Outcome.ANSWERED
    if denials:
        return Outcome.WATCHED
    is_changed = any(ruling.is_applied and ruling.decision.effect is Effect.EDIT for ruling in event.rulings)
    return Outcome.CHANGED if is_changed else Outcome.PASSED


def _client(case: Case) -> str:
    """Return an address of its own for each request (RFC 3849, for documentation), in a network of its own."""
    return f"2001:db8:{case.number >> 16:x}:{case.number & 0xFFFF:x}::1"


async def _no_wait(seconds: float) -> None:
    """Hold nothing back."""


def _no_time() -> float:
    """Take no time: how fast this computer is shall not change what is decided."""
    return 0.0
