"""The door with real TLS: who shows a certificate, who does not, and what is handed on."""

import asyncio
import base64
import os
import signal
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from apiward.net.proxy.door import DoorSettings, context_of
from tests.net.proxy.certificates import Authority, Pair
from tests.net.proxy.rig import Line, answering, status_of, upstream
from tests.net.proxy.standalone import Standalone, standalone

REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


class House:
    """An authority, the guard's own certificate, and those of clients."""

    def __init__(self, folder: Path) -> None:
        self.authority = Authority(folder)
        self.server = self.authority.sign("server")
        self.client = self.authority.sign("client")
        (folder / "other").mkdir()
        self.stranger = Authority(folder / "other").sign("stranger")
        self.table = folder / "peers"

    def files(self, *, is_required: bool = False) -> dict[str, object]:
        """Return the settings of a server that asks for certificates."""
        return {
            "certificate_file": self.server.certificate,
            "key_file": self.server.key,
            "client_ca_file": self.authority.file,
            "client_required": is_required,
            "door_table": self.table,
            "watch_s": 0.2,
        }

    def context(self, pair: Pair | None = None, *protocols: str) -> ssl.SSLContext:
        """Return what a client speaks TLS with."""
        context = ssl.create_default_context(cafile=self.authority.file)
        if protocols:
            context.set_alpn_protocols(list(protocols))
        if pair is not None:
            context.load_cert_chain(pair.certificate, pair.key)
        return context


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


async def _ask(port: int, context: ssl.SSLContext | None, request: bytes = REQUEST) -> bytes:
    writer = None
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
        writer.write(request)
        return await reader.read()
    except (ssl.SSLError, ConnectionError):
        return b""
    finally:
        if writer is not None:
            writer.close()


def _header(head: bytes, name: bytes) -> bytes:
    lines = [line.partition(b": ") for line in head.split(b"\r\n")]
    return next((value for key, _, value in lines if key.lower() == name), b"")


def test_a_certificate_that_is_shown_is_told_to_the_api(tmp_path: Path, house: House) -> None:
    async def run() -> list[bytes]:
        async with answering() as seen, standalone(tmp_path, seen.address, **house.files()) as proxy:
            assert status_of(await _ask(proxy.port, house.context(house.client))) == 200
            forged = REQUEST.replace(b"Host", b"Client_Cert: :AA==:\r\nClient-Cert: :AA==:\r\nHost")
            assert status_of(await _ask(proxy.port, house.context(house.client), forged)) == 200
            return seen.heads

    heads = asyncio.run(run())
    der = x509.load_pem_x509_certificate(house.client.certificate.read_bytes()).public_bytes(Encoding.DER)
    assert [_header(head, b"client-cert") for head in heads] == [b":" + base64.b64encode(der) + b":"] * 2
    assert heads[1].lower().count(b"client") == 1
    assert [_header(head, b"x-forwarded-proto") for head in heads] == [b"https"] * 2
    assert [_header(head, b"x-forwarded-for") for head in heads] == [b"127.0.0.1"] * 2


@pytest.mark.parametrize("is_required", [True, False])
def test_who_shows_none_comes_in_where_that_is_allowed(tmp_path: Path, house: House, *, is_required: bool) -> None:
    async def run() -> list[bytes]:
        files = house.files(is_required=is_required)
        async with answering() as seen, standalone(tmp_path, seen.address, **files) as proxy:
            return [await _ask(proxy.port, house.context(pair)) for pair in (None, house.stranger, house.client)]

    none, strange, good = asyncio.run(run())
    assert bool(none) is not is_required
    assert not strange
    assert status_of(good) == 200


def test_nobody_comes_in_past_the_door(tmp_path: Path, house: House) -> None:
    async def run() -> None:
        async with answering() as seen, standalone(tmp_path, seen.address, **house.files()) as proxy:
            assert status_of(await _ask(proxy.port, house.context())) == 200
            inner = _inner_port(proxy)
            assert status_of(await _ask(inner, None)) == 403
            assert not await _ask(proxy.port, None)
            assert len(seen.heads) == 1

    asyncio.run(run())


def _inner_port(proxy: Standalone) -> int:
    """Return the port on which the workers listen: the one of the guard's that is none of those it told."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = {row[9]: int(row[1].partition(":")[2], 16) for row in rows if row[3] == "0A"}
    children = Path(f"/proc/{proxy.process.pid}/task/{proxy.process.pid}/children").read_text().split()
    for child in children:
        for number in os.listdir(f"/proc/{child}/fd"):  # noqa: PTH208 - names are enough
            with suppress(OSError):
                name = os.readlink(f"/proc/{child}/fd/{number}")  # noqa: PTH115 - no need for a Path
                port = listening.get(name.removeprefix("socket:[").rstrip("]"), 0)
                if port not in {0, proxy.port, proxy.admin_port}:
                    return port
    raise AssertionError("no worker listens")


def test_http_2_and_large_bodies_go_through(tmp_path: Path, house: House) -> None:
    async def run() -> None:
        async with answering() as seen, standalone(tmp_path, seen.address, **house.files()) as proxy:
            async with httpx2.AsyncClient(http2=True, verify=house.context(house.client)) as client:
                answers = await asyncio.gather(
                    *(client.post(f"https://127.0.0.1:{proxy.port}/", content=b"x" * 3_000_000) for _ in range(4))
                )
            assert {(answer.http_version, answer.status_code) for answer in answers} == {("HTTP/2", 200)}
            assert {len(body) for body in seen.bodies} == {3_000_000}

    asyncio.run(run())


def test_websockets_go_through(tmp_path: Path, house: House) -> None:
    async def run() -> object:
        async def echo(line: ServerConnection) -> None:
            await line.send(await line.recv())

        async with serve(echo, "127.0.0.1", 0) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            async with (
                standalone(tmp_path, f"http://127.0.0.1:{port}", **house.files()) as proxy,
                connect(f"wss://127.0.0.1:{proxy.port}/", ssl=house.context(house.client)) as line,
            ):
                await line.send("a" * 200_000)
                return await line.recv()

    assert asyncio.run(run()) == "a" * 200_000


def test_what_is_under_way_is_ended_and_nobody_new_is_taken(tmp_path: Path, house: House) -> None:
    came, may_answer = asyncio.Event(), asyncio.Event()

    async def slow(line: Line) -> None:
        await line.head()
        came.set()
        await may_answer.wait()
        await line.say(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    async def run() -> bytes:
        async with upstream(slow) as seen, standalone(tmp_path, seen.address, **house.files()) as proxy:
            waiting = asyncio.create_task(_ask(proxy.port, house.context(house.client)))
            async with asyncio.timeout(20):
                await came.wait()
                proxy.signal(signal.SIGTERM)
                await _until(lambda: _refuses(proxy.port))
                may_answer.set()
                assert await proxy.ended() == 0
                return await waiting

    assert status_of(asyncio.run(run())) == 200


async def _refuses(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError:
        return True
    writer.close()
    return False


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    while not await condition():  # noqa: ASYNC110 - what is waited for happens in another process
        await asyncio.sleep(0.05)


def test_new_certificates_are_taken_up_again_and_again(tmp_path: Path, house: House) -> None:
    async def shown(port: int) -> int:
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=house.context(house.client))
        der = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        writer.close()
        return x509.load_der_x509_certificate(der).serial_number

    async def run() -> None:
        async with answering() as seen, standalone(tmp_path, seen.address, **house.files()) as proxy:
            for _ in range(2):
                house.server.certificate.with_suffix(".tmp").write_text("half")
                fresh = house.authority.sign("server")

                async def is_shown(serial: int = fresh.serial) -> bool:
                    return await shown(proxy.port) == serial

                async with asyncio.timeout(15):
                    await _until(is_shown)

    asyncio.run(run())


def test_files_that_are_no_good_are_said_at_once(tmp_path: Path, house: House) -> None:
    (tmp_path / "broken.pem").write_text("no certificate")
    settings = DoorSettings(1, house.table, house.server.certificate, house.server.key, tmp_path / "broken.pem")
    with pytest.raises(ssl.SSLError):
        context_of(settings)
