"""Where the keys of an issuer come from: given once, or fetched from its address and kept fresh (RFC 7517)."""

import asyncio
import re
from collections.abc import Iterable
from typing import Final, Protocol

from apiward.access.tokens.signing_keys import VerifyingKey, keys_from_jwks
from apiward.core.exchange import Request, Response
from apiward.core.ports import Clock, Sender

MAX_TRIED: Final = 8
FETCH_TIMEOUT_S: Final = 3.0
MIN_AGE_S: Final = 60
MAX_AGE_S: Final = 86_400
MAX_SET_BYTES: Final = 512 * 1024
_MAX_AGE: Final = re.compile(r"(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])", re.IGNORECASE)


class KeySource(Protocol):
    """Gives the keys that may have signed a token."""

    def candidates(self, kid: str | None, algorithm: str) -> tuple[VerifyingKey, ...]:
        """Return the keys known now that fit; a token without `kid` is tried against a few."""
        ...

    def can_look(self, now_s: float) -> bool:
        """Whether a look for new keys may be taken now."""
        ...

    async def look(self) -> bool:
        """Look for new keys; return whether there are keys that may be used. Never raises."""
        ...

    def is_usable(self, now_s: float) -> bool:
        """Whether there are keys that are fresh enough to be trusted."""
        ...

    def renew_in_time(self, now_s: float) -> None:
        """Start a look in the background where the keys have aged."""
        ...


def matching(keys: Iterable[VerifyingKey], kid: str | None, algorithm: str) -> tuple[VerifyingKey, ...]:
    """Return the keys with that id that may use `algorithm`; without id, or where no key has one, any that may."""
    fitting = [key for key in keys if algorithm in key.algorithms]
    if kid is None:
        return tuple(fitting[:MAX_TRIED])
    return tuple([key for key in fitting if key.kid == kid] or [key for key in fitting if key.kid is None][:MAX_TRIED])


class FixedKeys:
    """Keys from a file or a secret."""

    def __init__(self, keys: tuple[VerifyingKey, ...]) -> None:
        self._keys = keys

    def candidates(self, kid: str | None, algorithm: str) -> tuple[VerifyingKey, ...]:
        """Return the keys that fit. Files of one key have no ids, so any `kid` is fine there."""
        return matching(self._keys, kid, algorithm)

    def can_look(self, now_s: float) -> bool:  # noqa: ARG002 - the protocol's
        """There is nowhere to look."""
        return False

    async def look(self) -> bool:
        """There is nowhere to look."""
        return True

    def is_usable(self, now_s: float) -> bool:  # noqa: ARG002 - the protocol's
        """They never age."""
        return True

    def renew_in_time(self, now_s: float) -> None:
        """They never age."""


class FetchedKeys:
    """Keys from an address. One look at a time, and not often, whoever asks: unknown ids cannot flood the issuer.

    While the address is away the old keys serve for `stale_s` more. A clock that jumps back
    makes the next look due at once.
    """

    def __init__(
        self,
        url: str,
        sender: Sender,
        clock: Clock,
        *,
        allowed: Iterable[str] = (),
        max_age_s: int = 600,
        stale_s: int = 86_400,
        cooldown_s: int = 30,
    ) -> None:
        self._url, self._sender, self._clock = url, sender, clock
        self._allowed = frozenset(allowed)
        self._default_age_s, self._stale_s, self._cooldown_s = max_age_s, stale_s, cooldown_s
        self._keys: tuple[VerifyingKey, ...] = ()
        self._fetched_s = float("-inf")
        self._age_s = float(max_age_s)
        self._looked_s = float("-inf")
        self._flight: asyncio.Task[None] | None = None
        self.last_problem = ""
        """Why the last look gave nothing, for the owner; empty where it did."""

    def candidates(self, kid: str | None, algorithm: str) -> tuple[VerifyingKey, ...]:
        """Return the fetched keys that fit."""
        return matching(self._keys, kid, algorithm)

    def is_usable(self, now_s: float) -> bool:
        """Whether the keys are not older than their age and the time of grace together."""
        return bool(self._keys) and now_s - self._fetched_s < self._age_s + self._stale_s

    def can_look(self, now_s: float) -> bool:
        """Whether the cool-down is over, or a look is under way that can be waited for."""
        return self._flight is not None or not 0 <= now_s - self._looked_s < self._cooldown_s

    def renew_in_time(self, now_s: float) -> None:
        """Start a look in the background where the keys have aged. Needs a running event loop then."""
        if not 0 <= now_s - self._fetched_s < self._age_s and self._flight is None and self.can_look(now_s):
            self._start()

    async def look(self) -> bool:
        """Wait for the look that is under way, or start one. A waiter that leaves does not stop it."""
        await asyncio.shield(self._flight or self._start())
        return self.is_usable(self._clock())

    def _start(self) -> "asyncio.Task[None]":
        self._looked_s = self._clock()
        self._flight = asyncio.get_running_loop().create_task(self._fetch())
        self._flight.add_done_callback(self._landed)
        return self._flight

    def _landed(self, task: "asyncio.Task[None]") -> None:
        self._flight = None
        if not task.cancelled() and task.exception() is not None:
            self.last_problem = "the look failed inside apiward"

    async def _fetch(self) -> None:
        request = Request("GET", self._url, (("Accept", "application/json"),))
        exchange = await self._sender.send(request, timeout_s=FETCH_TIMEOUT_S)
        self.last_problem = self._take(exchange.response) if exchange.response else str(exchange.failure)

    def _take(self, response: Response) -> str:
        if response.status != 200:
            return f"status {response.status}"
        if response.is_cut or len(response.body) > MAX_SET_BYTES:
            return "the answer is too large"
        try:
            keys = keys_from_jwks(response.body, self._allowed)
        except ValueError as problem:
            return str(problem)
        if not keys:
            return "the answer holds no usable key"
        self._keys, self._fetched_s = keys, self._clock()
        self._age_s = float(_age_of(response, self._default_age_s))
        return ""


def _age_of(response: Response, default_s: int) -> int:
    hit = _MAX_AGE.search(response.header("cache-control") or "")
    return min(max(int(hit.group(1)), MIN_AGE_S), MAX_AGE_S) if hit else default_s
