"""Requests that a program of the owner signs: what it is told, and what it may print."""

import asyncio
import hashlib
import sys
from dataclasses import dataclass, field

import pytest

from apiward.app.signing import CommandSigner, headers_in, told_of
from apiward.core.account import NoCredentialError
from apiward.core.exchange import Exchange, Failure, Request, Response

ORDER = Request("POST", "http://api.test:8000/orders?x=1", (("X-Date", "old"),), b'{"n": 1}')
ECHO = "import sys; lines = sys.stdin.read().split(); print('X-Sig: ' + '|'.join(lines)); print('X-Date: today')"


@dataclass
class _Server:
    seen: list[Request] = field(default_factory=list)

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        """Keep what comes."""
        del timeout_s
        self.seen.append(request)
        return Exchange(request, Response(200, (), b""))


def _sent(code: str) -> tuple[Exchange, list[Request]]:
    server = _Server()
    signer = CommandSigner((sys.executable, "-S", "-c", code))
    return asyncio.run(signer.send(ORDER, server, timeout_s=None)), server.seen


def test_the_program_is_told_of_the_request_and_its_headers_are_sent() -> None:
    exchange, (request,) = _sent(ECHO)
    digest = hashlib.sha256(ORDER.body).hexdigest()
    assert exchange.status == 200
    assert request.header("x-sig") == f"POST|/orders?x=1|{digest}|api.test:8000"
    assert [value for name, value in request.headers if name == "X-Date"] == ["today"]


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("raise SystemExit(2)", "exit code 2"),
        ("pass", "printed no header"),
        ("print('hello')", "no header"),
        ("print('Content-Length: 3')", "framed"),
    ],
)
def test_what_cannot_be_signed_is_not_sent(code: str, why: str) -> None:
    exchange, seen = _sent(code)
    assert (exchange.failure, seen) == (Failure.NOT_SENDABLE, [])
    assert why in exchange.failure_detail


def test_each_line_is_one_line_whatever_a_probe_puts_into_an_address() -> None:
    request = Request("GET", "http://api.test/a%0Ab", (("Host", "other\nhost"),))
    assert told_of(request).decode().splitlines() == ["GET", "/a%0Ab", hashlib.sha256(b"").hexdigest(), "other host"]


def test_headers_are_bounded_and_plain() -> None:
    assert headers_in("A: b\n\n C : d \n") == (("A", "b"), ("C", "d"))
    assert len(headers_in("A: b\n" * 500)) == 20
    with pytest.raises(NoCredentialError, match="no header"):
        headers_in("A: b\x00")
