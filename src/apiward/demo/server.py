"""Runs the demo business on loopback until it is told to stop."""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import Final

from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.applications import Starlette

HOST: Final = "127.0.0.1"
WAIT_S: Final = 0.01
MOST_WAITS: Final = 1000


async def serve(app: Starlette, *, port: int, ready: Callable[[str], None], stop: asyncio.Event) -> None:
    """Serve `app` on 127.0.0.1 (port 0: any free one), call `ready` with the address, end at `stop`.

    OSError where the port is taken or the server does not come up.
    """
    port = free_port(port)
    # The port may not be shared: two demos on it would answer in turn.
    server = Server(app, address=HOST, port=port, interface=Interfaces.ASGI, log_enabled=False, websockets=False)
    serving = asyncio.create_task(server.serve())
    stopping = asyncio.create_task(stop.wait())
    try:
        await _until_listening(port, serving)
        ready(f"http://{HOST}:{port}")
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        server.stop()  # type: ignore[no-untyped-call]  # granian has no annotation here
        await serving


def free_port(wanted: int = 0) -> int:
    """Return `wanted` if it is free, or any free port for 0; OSError where it is taken."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, wanted))
        port: int = probe.getsockname()[1]
        return port


def is_taken(port: int) -> bool:
    """Return whether somebody takes connections there, without asking for anything."""
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1.0):
        return True
    return False


async def _until_listening(port: int, serving: "asyncio.Task[None]") -> None:
    for _ in range(MOST_WAITS):
        with contextlib.suppress(ConnectionRefusedError):
            _, writer = await asyncio.open_connection(HOST, port)
            writer.close()
            await writer.wait_closed()
            return
        if serving.done():
            break
        await asyncio.sleep(WAIT_S)
    raise OSError(f"the demo does not listen on port {port}")
