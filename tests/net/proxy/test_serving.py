"""The whole thing as processes: drain, workers that die, TLS and its renewal, the admin port."""

import asyncio
import os
import signal
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from tests.net.proxy.certificates import Authority, Pair
from tests.net.proxy.rig import PLAIN, WAIT_S, Line, answering, body_in, status_of, upstream
from tests.net.proxy.standalone import Standalone, begun, standalone

pytestmark = pytest.mark.long

REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


async def _ask(port: int, request: bytes = REQUEST) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        return await reader.read()
    finally:
        writer.close()


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(WAIT_S):
        while not await condition():  # noqa: ASYNC110 - what is waited for happens in another process
            await asyncio.sleep(0.05)


def test_what_was_accepted_is_answered_after_sigterm(tmp_path: Path) -> None:
    count = 60
    came = 0
    all_came, may_answer = asyncio.Event(), asyncio.Event()

    async def serve(line: Line) -> None:
        nonlocal came
        await line.head()
        came += 1
        if came == count:
            all_came.set()
        await may_answer.wait()
        await line.say(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100_000)

    async def run() -> tuple[list[bytes], int]:
        async with upstream(serve) as seen, standalone(tmp_path, seen.address, workers=2) as proxy:
            waiting = [asyncio.create_task(_ask(proxy.port)) for _ in range(count)]
            async with asyncio.timeout(WAIT_S):
                await all_came.wait()
                proxy.signal(signal.SIGTERM)
                await _until(lambda: _refuses(proxy.port))
                may_answer.set()
                return await asyncio.gather(*waiting), await proxy.ended()

    answers, status = asyncio.run(run())
    assert [status_of(raw) for raw in answers] == [200] * count
    assert {len(body_in(raw)) for raw in answers} == {100_000}
    assert status == 0


async def _refuses(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError:
        return True
    writer.close()
    return False


def test_an_upstreams_websockets_are_closed_in_an_orderly_way(tmp_path: Path) -> None:
    async def run() -> int | None:
        code: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()

        async def echo(line: ServerConnection) -> None:
            await line.send(await line.recv())
            await line.wait_closed()
            code.set_result(line.close_code)

        async with serve(echo, "127.0.0.1", 0) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            async with standalone(tmp_path, f"http://127.0.0.1:{port}") as proxy, asyncio.timeout(WAIT_S):
                client = await connect(f"ws://127.0.0.1:{proxy.port}/")
                await client.send("a")
                assert await client.recv() == "a"
                proxy.signal(signal.SIGTERM)
                await client.wait_closed()
                assert await proxy.ended() == 0
                return await code

    # Which of the two it is depends on who is told first: granian says 1000 for its client, we say 1001 for ourselves.
    assert asyncio.run(run()) in {1000, 1001}


def test_sigterm_is_never_swallowed_however_early(tmp_path: Path) -> None:
    async def run() -> list[int]:
        statuses = []
        for _ in range(2):
            async with begun(tmp_path, "http://127.0.0.1:1", workers=2) as proxy:
                proxy.signal(signal.SIGTERM)
                statuses.append(await proxy.ended())
        return statuses

    assert asyncio.run(run()) == [0, 0]


class Load:
    """Clients that send as fast as they are answered, each on a line that it keeps."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.done = 0
        self.cut: list[bytes] = []
        self.enough = asyncio.Event()

    async def client(self) -> None:
        """Send until nobody listens any more."""
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            except OSError:
                return
            try:
                await self._talk(reader, writer)
            except asyncio.IncompleteReadError as error:
                # An idle line may be closed as our request is on its way (RFC 9112, section 9.3.1): no loss.
                self.cut += [error.partial] if error.partial else []
            except ConnectionError:
                pass  # the same, seen as a reset
            finally:
                writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = b""
        while b"connection: close" not in head:
            writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(2)
            self.done += 1
            if self.done == 500:
                self.enough.set()


def test_no_answer_under_load_is_cut_by_sigterm(tmp_path: Path) -> None:
    async def run() -> Load:
        async with answering(PLAIN) as seen, standalone(tmp_path, seen.address) as proxy:
            load = Load(proxy.port)
            clients = [asyncio.create_task(load.client()) for _ in range(16)]
            async with asyncio.timeout(WAIT_S):
                await load.enough.wait()
                proxy.signal(signal.SIGTERM)
                await asyncio.gather(*clients)
                assert await proxy.ended() == 0
            # What the upstream was asked, the clients were answered: nothing was dropped on the way.
            assert len(seen.heads) == load.done
            return load

    load = asyncio.run(run())
    assert load.done >= 500
    assert not load.cut


def test_a_killed_worker_is_replaced_and_its_counts_stay(tmp_path: Path) -> None:
    async def run() -> str:
        async with answering(PLAIN) as seen, standalone(tmp_path, seen.address, workers=2) as proxy:
            for _ in range(10):
                assert status_of(await _ask(proxy.port)) == 200
            pids = await _pids(proxy, 2)
            os.kill(next(iter(pids)), signal.SIGKILL)
            await _until(lambda: _has_new(proxy, pids))
            for _ in range(10):
                assert status_of(await _ask(proxy.port)) == 200
            return await _metrics(proxy)

    text = asyncio.run(run())
    assert "requests_total 20\n" in text
    assert "apiward_workers_ready 2\n" in text


async def _pids(proxy: Standalone, count: int) -> set[int]:
    found: set[int] = set()
    async with asyncio.timeout(WAIT_S):
        while len(found) < count:
            found.add(int(body_in(await _ask(proxy.port, REQUEST.replace(b"/ ", b"/pid "))).strip(b"\r\n")))
    return found


async def _has_new(proxy: Standalone, old: set[int]) -> bool:
    # What waited in the killed worker's queue is reset by the system: nothing in this process can help that.
    with suppress(ConnectionError, IndexError):
        text = await _metrics(proxy)
        return "apiward_workers_ready 2\n" in text and bool((await _pids(proxy, 1)) - old)
    return False


async def _metrics(proxy: Standalone) -> str:
    raw = await _ask(proxy.admin_port, b"GET /-/metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    return body_in(raw).decode()


@pytest.mark.parametrize(("path", "status"), [("health", 200), ("ready", 200), ("metrics", 200), ("other", 404)])
def test_the_admin_port_is_apart(tmp_path: Path, path: str, status: int) -> None:
    async def run() -> int:
        async with answering(PLAIN) as seen, standalone(tmp_path, seen.address) as proxy:
            raw = await _ask(
                proxy.admin_port, f"GET /-/{path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()
            )
            assert not seen.heads
            return status_of(raw)

    assert asyncio.run(run()) == status


def test_tls_speaks_http_2_and_new_certificates_are_taken_up_without_a_gap(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    first = authority.sign("server")
    context = ssl.create_default_context(cafile=authority.file)
    failures: list[Exception] = []
    versions: set[str] = set()

    async def load(address: str, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                async with httpx2.AsyncClient(http2=True, verify=context) as client:
                    answer = await client.get(address)
                versions.add(f"{answer.http_version} {answer.status_code}")
            except httpx2.LocalProtocolError as error:
                # The client's own slip: h2 takes the PING that ends a line in order (RFC 9113, 6.8) for an error.
                if "RECV_PING in state ConnectionState.CLOSED" not in str(error):
                    failures.append(error)
            except httpx2.HTTPError as error:
                failures.append(error)
            await asyncio.sleep(0.01)

    async def run() -> int:
        files = {"certificate_file": first.certificate, "key_file": first.key, "watch_s": 0.2}
        async with answering(PLAIN) as seen, standalone(tmp_path, seen.address, **files) as proxy:
            stop = asyncio.Event()
            loading = asyncio.create_task(load(f"https://127.0.0.1:{proxy.port}/", stop))
            assert await _serial(proxy.port, context) == first.serial
            second = authority.sign("server")
            await _until(lambda: _shows(proxy.port, context, second.serial))
            await _until(lambda: _settled(proxy, context, second.serial))
            stop.set()
            await loading
            return second.serial

    assert asyncio.run(run()) != first.serial
    assert versions == {"HTTP/2 200"}
    assert not failures


def test_renewed_workers_leave_no_gap_and_cut_nobody_off(tmp_path: Path) -> None:
    async def ask(port: int, stop: asyncio.Event) -> list[int]:
        statuses = []
        while not stop.is_set():
            statuses.append(status_of(await _ask(port)))
        return statuses

    async def run() -> list[int]:
        async with answering(PLAIN) as seen, standalone(tmp_path, seen.address, workers=2) as proxy:
            stop, old = asyncio.Event(), await _pids(proxy, 2)
            asking = [asyncio.create_task(ask(proxy.port, stop)) for _ in range(4)]
            proxy.signal(signal.SIGHUP)
            try:
                await _until(lambda: _are_others(proxy, old))
            finally:
                stop.set()
            return [status for statuses in await asyncio.gather(*asking) for status in statuses]

    statuses = asyncio.run(run())
    assert len(statuses) > 100
    assert set(statuses) == {200}


async def _are_others(proxy: Standalone, old: set[int]) -> bool:
    return not await _pids(proxy, 2) & old


async def _serial(port: int, context: ssl.SSLContext) -> int:
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    der = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    return x509.load_der_x509_certificate(der).serial_number


async def _shows(port: int, context: ssl.SSLContext, serial: int) -> bool:
    return await _serial(port, context) == serial


async def _settled(proxy: Standalone, context: ssl.SSLContext, serial: int) -> bool:
    shown = [await _serial(proxy.port, context) for _ in range(20)]
    return set(shown) == {serial} and "apiward_workers_ready 1\n" in await _metrics(proxy)


def test_a_client_certificate_is_asked_for_and_checked(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    server, client = authority.sign("server"), authority.sign("client")
    (tmp_path / "other").mkdir()
    stranger = Authority(tmp_path / "other").sign("client")
    files = {"certificate_file": server.certificate, "key_file": server.key, "client_ca_file": authority.file}

    async def ask(port: int, pair: Pair | None) -> bytes:
        context = ssl.create_default_context(cafile=authority.file)
        if pair is not None:
            context.load_cert_chain(pair.certificate, pair.key)
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
        writer.write(REQUEST)
        # With TLS 1.3 the refusal comes after the client's side of the handshake is done.
        with suppress(ssl.SSLError, ConnectionError):
            return await reader.read()
        writer.close()
        return b""

    async def run() -> bytes:
        async with answering(PLAIN) as seen, standalone(tmp_path, seen.address, **files) as proxy:
            for pair in (None, stranger):
                assert not await ask(proxy.port, pair)
            assert not seen.heads
            return await ask(proxy.port, client)

    assert status_of(asyncio.run(run())) == 200


def test_a_head_that_is_too_large_is_refused(tmp_path: Path) -> None:
    async def run() -> bytes:
        async with answering(PLAIN) as seen, standalone(tmp_path, seen.address, head_bytes=16384) as proxy:
            raw = await _ask(proxy.port, REQUEST.replace(b"Host", b"X: " + b"x" * 20_000 + b"\r\nHost"))
            assert not seen.heads
            return raw

    assert status_of(asyncio.run(run())) == 431
