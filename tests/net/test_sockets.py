"""What is kept between requests, and what must not be; TLS."""

import asyncio
import datetime as dt
import ssl
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from apiward.core.exchange import Exchange, Failure, Request
from apiward.net.sender import HttpSender
from tests.net.hostile import BEHAVIOURS, answer, hostile_server
from tests.net.recording import Recording, recording_server


async def _in_turn(server: Recording, *methods: str) -> list[Exchange]:
    async with HttpSender(clock=time.time) as sender:
        return [await sender.send(Request(method, f"{server.address}/")) for method in methods]


def test_a_clean_connection_is_used_again() -> None:
    async def run() -> int:
        async with recording_server() as server:
            await _in_turn(server, "GET", "POST", "GET")
            return server.connection_count

    assert asyncio.run(run()) == 1


@pytest.mark.parametrize(
    "first",
    [
        answer(b"{}") + answer(b'"foreign"'),
        b"HTTP/1.1 204 No Content\r\n\r\n" + answer(b'"foreign"'),
        b"HTTP/1.1 304 Not Modified\r\n\r\n" + answer(b'"foreign"'),
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{" + answer(b'"foreign"'),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + answer(b'"foreign"'),
    ],
)
def test_an_answer_that_nobody_asked_for_is_never_taken_for_the_next_one(first: bytes) -> None:
    async def run() -> tuple[Recording, list[Exchange]]:
        async with recording_server(first, answer(b'"own"')) as server:
            return server, await _in_turn(server, "GET", "GET")

    server, exchanges = asyncio.run(run())
    assert exchanges[1].text == '"own"'
    assert server.connection_count == 2


def test_a_connection_that_was_closed_while_idle_costs_nothing() -> None:
    async def run() -> tuple[Recording, list[Exchange]]:
        async with recording_server(per_connection=1) as server:
            return server, await _in_turn(server, "GET", "HEAD", "GET")

    server, exchanges = asyncio.run(run())
    assert [exchange.status for exchange in exchanges] == [200, 200, 200]
    assert server.connection_count == 3


@pytest.mark.parametrize(("method", "expected"), [("GET", None), ("POST", Failure.HUNG_UP)])
def test_only_what_is_safe_is_sent_again_when_a_kept_connection_dies(method: str, expected: Failure | None) -> None:
    async def once_then_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer(b"{}"))
        # Hangs up only once the second request is here: the race that no client can see coming.
        await reader.readuntil(b"\r\n\r\n")

    async def run() -> Exchange:
        async with hostile_server(once_then_silent, reads_head=False) as address, HttpSender(clock=time.time) as sender:
            await sender.send(Request("GET", f"{address}/"))
            return await sender.send(Request(method, f"{address}/"))

    assert asyncio.run(run()).failure is expected


def test_a_port_where_nothing_listens_is_unreachable() -> None:
    async def run() -> Exchange:
        async with hostile_server("empty-200") as address:
            pass
        async with HttpSender(clock=time.time) as sender:
            return await sender.send(Request("GET", address))

    exchange = asyncio.run(run())
    assert exchange.failure is Failure.UNREACHABLE
    assert "nothing listens" in exchange.failure_detail


def test_a_name_too_long_to_exist_is_not_sendable() -> None:
    async def run() -> Exchange:
        async with HttpSender(clock=time.time) as sender:
            return await sender.send(Request("GET", f"http://{'a' * 70}.test/"))

    assert asyncio.run(run()).failure is Failure.NOT_SENDABLE


def test_tls_to_a_plain_port_is_a_tls_failure() -> None:
    async def run() -> Exchange:
        behave = BEHAVIOURS["garbage-text"]
        async with hostile_server(behave, reads_head=False) as address, HttpSender(clock=time.time) as sender:
            return await sender.send(Request("GET", address.replace("http:", "https:")))

    assert asyncio.run(run()).failure is Failure.TLS


@pytest.fixture(scope="module")
def self_signed(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    path: Path = tmp_path_factory.mktemp("tls") / "server.pem"
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    key_bytes = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(key_bytes + certificate.public_bytes(encoding))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


async def _over_tls(tls: ssl.SSLContext, behaviour: str, *, verify_tls: bool) -> Exchange:
    async with (
        hostile_server(BEHAVIOURS[behaviour], tls=tls) as address,
        HttpSender(clock=time.time, verify_tls=verify_tls) as sender,
    ):
        return await sender.send(Request("GET", address))


def test_a_certificate_that_nobody_vouches_for_is_a_tls_failure(self_signed: ssl.SSLContext) -> None:
    exchange = asyncio.run(_over_tls(self_signed, "charset-unknown", verify_tls=True))
    assert exchange.failure is Failure.TLS
    assert "certificate" in exchange.failure_detail


def test_it_is_taken_when_told_so(self_signed: ssl.SSLContext) -> None:
    exchange = asyncio.run(_over_tls(self_signed, "charset-unknown", verify_tls=False))
    assert exchange.text == '{"id": 1}'


@pytest.mark.parametrize("behaviour", ["hang-up-at-once", "reset-at-once"])
def test_a_hang_up_inside_tls_is_a_hang_up(self_signed: ssl.SSLContext, behaviour: str) -> None:
    exchange = asyncio.run(_over_tls(self_signed, behaviour, verify_tls=False))
    assert exchange.failure is Failure.HUNG_UP
