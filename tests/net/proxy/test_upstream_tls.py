"""An upstream that speaks TLS: its certificate is checked, ours is shown where it is asked for."""

import asyncio
import ssl
from pathlib import Path

from apiward.net.proxy.upstreams import TlsSettings
from tests.net.proxy.certificates import Authority
from tests.net.proxy.rig import PLAIN, proxied, status_of


def _ask(
    directory: Path, *, trusts: bool = True, shows: bool = False, wants: bool = False, host: str = "127.0.0.1"
) -> tuple[list[int], int]:
    authority = Authority(directory)
    server, ours = authority.sign("server"), authority.sign("client")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server.certificate, server.key)
    if wants:
        context.load_verify_locations(authority.file)
        context.verify_mode = ssl.CERT_REQUIRED
    tls = TlsSettings(
        ca_file=authority.file if trusts else None,
        certificate_file=ours.certificate if shows else None,
        key_file=ours.key if shows else None,
    )
    return asyncio.run(_run(context, tls, host))


async def _run(context: ssl.SSLContext, tls: TlsSettings, host: str) -> tuple[list[int], int]:
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(PLAIN)
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    async with server, proxied(f"https://{host}:{port}", tls=tls) as proxy:
        statuses = [status_of(await proxy.get("/", method="POST")) for _ in range(3)]
        proxy.forwarder.close()
        server.close()
        await asyncio.sleep(0)
        return statuses, connections


def test_a_good_certificate_is_taken_and_the_connection_kept(tmp_path: Path) -> None:
    assert _ask(tmp_path) == ([200] * 3, 1)


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    assert _ask(tmp_path, trusts=False)[0] == [502] * 3


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    assert _ask(tmp_path, host="localhost")[0] == [502] * 3


def test_our_certificate_is_shown_where_it_is_asked_for(tmp_path: Path) -> None:
    assert _ask(tmp_path, wants=True, shows=True) == ([200] * 3, 1)
    assert _ask(tmp_path, wants=True)[0] == [502] * 3
