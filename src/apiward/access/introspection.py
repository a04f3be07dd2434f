"""Tokens that only their issuer can read: it is asked (RFC 7662), seldom twice, and never by a flood."""

import asyncio
import base64
import hashlib
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlencode

from apiward.access.bounded import Bounded
from apiward.access.refusals import AWAY_RETRY_S, away, refused
from apiward.access.revocations import Revocations, marks_of
from apiward.access.tokens.binding import Possession, binding_of
from apiward.access.tokens.claims import ClaimRules, seconds
from apiward.access.tokens.identity import IdentityRules
from apiward.access.tokens.strict_json import UnsafeJsonError, read_object
from apiward.core.decision import Decision
from apiward.core.exchange import Exchange, Request
from apiward.core.ports import Clock, Sender
from apiward.core.principal import Principal

MAX_ANSWER: Final = 64 * 1024
UNKNOWN_S: Final = 10.0
KNOWN_BAD: Final = 4_096


@dataclass(frozen=True, slots=True)
class IntrospectionPoint:
    """Where to ask, as whom, and how long answers count (seconds)."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    audience: frozenset[str] = frozenset()
    roles_claim: str = ""
    cache_s: float = 30.0
    timeout_s: float = 2.0
    concurrency: int = 20
    cache_size: int = 20_000
    longest: int = 8_192


class Introspection:
    """Asks about tokens. What gets no answer in time is refused with 503, and the service is left alone a while."""

    def __init__(self, point: IntrospectionPoint, sender: Sender, clock: Clock, revocations: Revocations) -> None:
        self._point, self._sender, self._clock, self._revocations = point, sender, clock, revocations
        self._identity = IdentityRules(issuer=point.url, roles_claim=point.roles_claim)
        self._good: Bounded[Principal] = Bounded(point.cache_size)
        self._bad: Bounded[Decision] = Bounded(KNOWN_BAD)
        self._flights: dict[bytes, asyncio.Task[Principal | Decision]] = {}
        self._away_until_s = float("-inf")
        self._headers = (
            ("Authorization", "Basic " + _basic(point.client_id, point.client_secret)),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Accept", "application/json"),
        )

    def check(
        self, token: bytes, now_s: float, holds: Possession
    ) -> Principal | Decision | Awaitable[Principal | Decision]:
        """Return whom the token is of, or why it is refused; awaitable where the service must be asked."""
        if len(token) > self._point.longest:
            return refused("token-too-large", saw=f"{len(token)} bytes, {self._point.longest} allowed")
        digest = hashlib.sha256(token).digest()
        known = self._good.get(digest, now_s) or self._bad.get(digest, now_s)
        if known is not None:
            return self._admitted(known, now_s, holds)
        if 0 < self._away_until_s - now_s <= AWAY_RETRY_S:
            return away("the token service did not answer a moment ago")
        if digest not in self._flights and len(self._flights) >= self._point.concurrency:
            return refused("service-busy", retry_after_s=1)
        return self._asked(token, digest, holds)

    async def _asked(self, token: bytes, digest: bytes, holds: Possession) -> Principal | Decision:
        flight = self._flights.get(digest)
        if flight is None:
            flight = asyncio.get_running_loop().create_task(self._ask(token, digest))
            self._flights[digest] = flight
            flight.add_done_callback(lambda _: self._flights.pop(digest, None))
        found = await asyncio.shield(flight)
        return self._admitted(found, self._clock(), holds)

    async def _ask(self, token: bytes, digest: bytes) -> Principal | Decision:
        body = urlencode({"token": token, "token_type_hint": "access_token"}).encode()
        request = Request("POST", self._point.url, self._headers, body)
        found = self._understood(await self._sender.send(request, timeout_s=self._point.timeout_s))
        now_s = self._clock()
        if isinstance(found, Principal):
            end_s = now_s + self._point.cache_s
            self._good.put(digest, found, end_s if found.expires_s is None else min(end_s, found.expires_s))
        elif found.rule == "authenticate.service-away":
            self._away_until_s = now_s + AWAY_RETRY_S
        else:
            self._bad.put(digest, found, now_s + UNKNOWN_S)
        return found

    def _understood(self, exchange: Exchange) -> Principal | Decision:
        response = exchange.response
        if response is None or response.status != 200 or response.is_cut or len(response.body) > MAX_ANSWER:
            return away(f"token service: {exchange.failure or exchange.status}")
        try:
            claims = read_object(response.body)
        except UnsafeJsonError as problem:
            return away(f"token service: answer unreadable ({problem})")
        if claims.get("active") is not True:
            return refused("token-inactive")
        rules = ClaimRules(str(claims.get("iss", "")), self._point.audience, requires_end=False)
        problem_found = rules.refusal(None, claims, self._clock())
        return problem_found or self._identity.principal(claims) or refused("token-nobody")

    def _admitted(self, found: Principal | Decision, now_s: float, holds: Possession) -> Principal | Decision:
        if isinstance(found, Decision):
            return found
        marks = marks_of(found.claims, found.issuer, found.id)
        if self._revocations.is_revoked(marks, seconds(found.claims.get("iat")), now_s):
            return refused("token-revoked")
        return binding_of(found.claims).refusal(holds) or found


def _basic(client_id: str, secret: str) -> str:
    """Return the value for Basic: both parts are form-encoded first (RFC 6749, section 2.3.1)."""
    return base64.b64encode(f"{quote(client_id, safe='')}:{quote(secret, safe='')}".encode()).decode()
