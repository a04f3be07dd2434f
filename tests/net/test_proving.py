"""Requests that are proved one by one, by the stand-in that they show."""

import asyncio
import hashlib
import re
from dataclasses import dataclass, field

from apiward.core.exchange import Exchange, Request, Response
from apiward.net.proving import STAND_IN, ByOwnSender, DigestProver, ProvingSender


@dataclass
class DigestServer:
    """Asks for digest access with MD5 and counts as RFC 2617 says: each count of a nonce once. Nonces live for two."""

    password: str = "pw"
    nonces: int = 0
    used: set[tuple[str, str]] = field(default_factory=set)
    seen: list[Request] = field(default_factory=list)

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        """Let the request in or ask for a proof."""
        del timeout_s
        self.seen.append(request)
        if self._is_right(request):
            return Exchange(request, Response(200, (), b"in"))
        self.nonces += 1
        asked = f'Digest realm="r", qop="auth", nonce="n{self.nonces}"'
        return Exchange(request, Response(401, (("WWW-Authenticate", asked),), b""))

    def _is_right(self, request: Request) -> bool:
        parts = dict(re.findall(r'(\w+)="?([^",]*)"?', request.header("authorization") or ""))
        use = (parts.get("nonce", ""), parts.get("nc", ""))
        if use[0] != f"n{self.nonces}" or use in self.used or use[1] > "00000002":
            return False
        self.used.add(use)
        secret, action = (_md5(one) for one in (f"ann:r:{self.password}", f"{request.method}:{parts['uri']}"))
        whole = f"{secret}:{parts['nonce']}:{parts['nc']}:{parts['cnonce']}:auth:{action}"
        return bool(parts["response"] == _md5(whole))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _shown(stand_in: str, path: str = "/x?a=1") -> Request:
    return Request("GET", f"http://api.test{path}", ((STAND_IN, stand_in),))


def test_challenges_are_answered_and_new_ones_as_well() -> None:
    server = DigestServer()
    sender = ProvingSender(server)
    sender.learn("s1", DigestProver("ann", "pw", nonce=lambda: "c"))

    async def five() -> list[Exchange]:
        return [await sender.send(_shown("s1")) for _ in range(5)]

    found = asyncio.run(five())
    assert [one.status for one in found] == [200] * 5
    assert (server.nonces, len(server.seen)) == (3, 8)
    assert all(one.request == _shown("s1") for one in found), "evidence tells of the request that was asked for"
    assert not any(request.header(STAND_IN) for request in server.seen)


class OneNonce:
    """Gives everybody the same nonce, and answers nobody before three have asked. Each count is good once."""

    def __init__(self) -> None:
        self._all_are_here = asyncio.Barrier(3)
        self._counts: set[str] = set()

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        """Ask for a proof, or let in who shows one that was not used."""
        del timeout_s
        shown = request.header("authorization") or ""
        if not shown:
            await self._all_are_here.wait()
            asked = 'Digest realm="r", qop="auth", nonce="n"'
            return Exchange(request, Response(401, (("WWW-Authenticate", asked),), b""))
        count = shown.partition("nc=")[2][:8]
        is_new = count not in self._counts
        self._counts.add(count)
        return Exchange(request, Response(200 if is_new else 401, (), b""))


def test_many_who_ask_at_once_all_get_in() -> None:
    async def three() -> list[int]:
        sender = ProvingSender(OneNonce())
        sender.learn("s1", DigestProver("ann", "pw", nonce=lambda: "c"))
        return [one.status for one in await asyncio.gather(*(sender.send(_shown("s1", f"/{n}")) for n in range(3)))]

    assert asyncio.run(three()) == [200] * 3


def test_a_wrong_password_is_tried_twice_at_most() -> None:
    server = DigestServer(password="another")
    sender = ProvingSender(server)
    sender.learn("s1", DigestProver("ann", "pw", nonce=lambda: "c"))
    assert asyncio.run(sender.send(_shown("s1"))).status == 401
    assert len(server.seen) == 2


def test_a_stand_in_that_nobody_knows_proves_nothing() -> None:
    server = DigestServer()
    sender = ProvingSender(server)
    sender.learn("s1", DigestProver("ann", "pw", nonce=lambda: "c"))
    assert asyncio.run(sender.send(_shown("made-up"))).status == 401
    assert asyncio.run(sender.send(Request("GET", "http://api.test/"))).status == 401
    assert server.seen == [_shown("made-up"), Request("GET", "http://api.test/")]


def test_an_account_may_have_a_sender_of_its_own() -> None:
    common, own = DigestServer(), DigestServer()
    sender = ProvingSender(common)
    sender.learn("s1", ByOwnSender(own))
    asyncio.run(sender.send(_shown("s1")))
    assert (len(common.seen), len(own.seen)) == (0, 1)
