"""`/verify`: the guard's word for another proxy, which passes the request on by itself (forward-auth).

nginx (`auth_request`), Caddy (`forward_auth`) and Traefik (`forwardAuth`) ask here with the head of each request, and
let it pass on 2xx. Method and target are judged as the proxy tells them, from proxies on a list alone.

Cannot: bodies and answers never come here, so what is in them is not judged, and sessions are not learned from
log-ins. Nothing can be taken off a request: one that the guard as a proxy would change is refused here. What the proxy
itself rewrites after it has asked is not known here.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias
from urllib.parse import quote

from apiward.core.call import Answer, Call
from apiward.core.decision import Decision, Effect, Ruling
from apiward.core.ports import Clock, Gate
from apiward.core.principal import Principal
from apiward.net.asked import Asked, Pair, UnclearError, read_asked
from apiward.net.messages import Message, Receive, Send

PATH: Final = "/verify"
LOOPBACK: Final = ("127.0.0.0/8", "::1/128")
STATUS: Final = b"x-apiward-status"

_Network: TypeAlias = IPv4Network | IPv6Network
_BODILESS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_SAFE_TEXT: Final = "!#$&'()*+/:;=?@[]^_`{|}~.-"  # visible, and neither "," nor "%", which have a meaning of their own
_PLAIN: Final = ((b"content-type", b"text/plain"), (b"cache-control", b"no-store"))


@dataclass(frozen=True, slots=True)
class VerifySettings:
    """Whose word is taken: `proxies` are networks as in 10.0.0.0/8; a local (Unix) socket has no address.

    Raises ValueError.
    """

    proxies: tuple[str, ...] = LOOPBACK
    trusts_sockets: bool = True

    def __post_init__(self) -> None:
        for text in self.proxies:
            ip_network(text, strict=False)


class VerifyApp:
    """An ASGI app with one place, /verify. One for each gate."""

    def __init__(
        self,
        gate: Gate,
        settings: VerifySettings = VerifySettings(),
        *,
        clock: Clock,
        new_incident: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> None:
        self._gate = gate
        self._clock = clock
        self._new_incident = new_incident
        self._is_trusted = _trust(settings)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:  # noqa: ARG002 - bodies are not read
        """Say whether one request may pass."""
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        client = scope.get("client")
        if not self._is_trusted(client[0] if client else ""):
            answer = Answer(403, list(_PLAIN), b"Not from here.\n")
        elif scope["path"] != PATH:
            answer = Answer(404, list(_PLAIN), b"Ask at /verify.\n")
        else:
            answer = await self._answer(scope, client[0] if client else "")
        body = b"" if scope["method"] == "HEAD" else answer.body or b""
        headers = [pair for pair in answer.headers if pair[0] != b"content-length"]
        if answer.status != 204:
            headers.append((b"content-length", str(len(answer.body or b"")).encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Message, peer: str) -> Answer:
        call, pair, refusal = self._read(scope, peer)
        status, outcome = 500, "failed"
        try:
            if refusal is None:
                refusal = await self._judged(call)
            if refusal is None:
                status, outcome = 204, "passed"
                return Answer(204, _identity(call.principal))
            answer = self._gate.refusal(call, refusal)
            status, outcome = answer.status, "refused"
            return _for_nginx(answer) if pair is Pair.ORIGINAL else answer
        finally:
            self._gate.finish(call, status=status, outcome=outcome, answer_size=0)

    def _read(self, scope: Message, peer: str) -> tuple[Call, Pair | None, Decision | None]:
        now_s = self._clock()
        try:
            asked = read_asked(list(scope["headers"]))
        except UnclearError as unclear:
            call = Call(scope["method"], b"", b"", [], peer, started_s=now_s, incident=self._new_incident())
            decision = Decision("guard.unclear-question", place=unclear.place, saw=unclear.saw)
            call.rulings.append(Ruling(decision, is_applied=True))
            return call, _likely(scope), decision
        return _call(asked, peer, now_s), asked.pair, None

    async def _judged(self, call: Call) -> Decision | None:
        refusal = await self._gate.judge_head(call)
        if refusal is None:
            # A body is announced by its type at least; it goes past the guard unseen.
            call.is_body_whole = call.method in _BODILESS or b"content-type" not in call.header
            refusal = await self._gate.judge_body(call)
        is_leave = refusal is not None and refusal.effect is Effect.EDIT  # for a browser: the API gives it by itself
        return _unmade(call) if refusal is None or is_leave else refusal


def _call(asked: Asked, peer: str, now_s: float) -> Call:
    return Call(
        method=asked.method,
        target_path=asked.path,
        query=asked.query,
        headers=asked.headers,
        peer=peer,
        scheme=asked.scheme,
        started_s=now_s,
    )


def _unmade(call: Call) -> Decision | None:
    """Return the refusal of a request that would have to be changed: only the proxy holds it."""
    for ruling in call.rulings:
        decision = ruling.decision
        is_whole = decision.edit is not None and decision.edit.status is not None
        if ruling.is_applied and decision.effect is Effect.EDIT and not is_whole:
            refusal = Decision("guard.cannot-change", place=decision.place, saw=decision.rule)
            call.rulings.append(Ruling(refusal, is_applied=True))
            return refusal
    return None


def _identity(principal: Principal) -> list[tuple[bytes, bytes]]:
    """Return who calls, for the proxy to copy. User and roles are said only of whom the guard itself has checked."""
    is_sure = principal.is_verified
    roles = ",".join(_text(role) for role in sorted(principal.roles))
    return [
        (b"x-apiward-user", _text(principal.id).encode() if is_sure else b""),
        (b"x-apiward-roles", roles.encode() if is_sure else b""),
        (b"x-apiward-principal", _text(principal.key).encode()),
        (b"cache-control", b"no-store"),
    ]


def _text(text: str) -> str:
    """Return a text as a header can carry it, escaped as in an address: two texts never become the same."""
    return quote(text, safe=_SAFE_TEXT, errors="surrogatepass")


def _for_nginx(answer: Answer) -> Answer:
    """Return the answer with a status that `auth_request` knows; the real one stands in X-Apiward-Status."""
    headers = [*answer.headers, (STATUS, str(answer.status).encode())]
    return Answer(401 if answer.status == 401 else 403, headers, answer.body)


def _likely(scope: Message) -> Pair | None:
    """Return nginx's pair unless the other one alone is there: its statuses are known to all proxies."""
    names = {name for name, _ in scope["headers"]}
    is_other = not names.isdisjoint(Pair.FORWARDED.value) and names.isdisjoint(Pair.ORIGINAL.value)
    return Pair.FORWARDED if is_other else Pair.ORIGINAL


def _trust(settings: VerifySettings) -> Callable[[str], bool]:
    networks: list[_Network] = [ip_network(text, strict=False) for text in settings.proxies]

    @lru_cache(1024)
    def is_trusted(peer: str) -> bool:
        if not peer:
            return settings.trusts_sockets
        try:
            address = ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        return any(address in network for network in networks)

    return is_trusted
