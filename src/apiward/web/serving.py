"""Serves the page until it is told to stop."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings
from granian.server.embed import Server
from starlette.types import ASGIApp

from apiward.app.page.listening import PagePlace

CONNECTIONS: Final = 800
"""So many may be open: of the files that a process usually may have open, that leaves the store its own."""
HEAD_S: Final = 10.0
"""So long may one say nothing before it is closed: each holds a place that somebody else may want."""
_WAIT_S: Final = 0.02
_MOST_WAITS: Final = 500


async def serve_page(app: ASGIApp, place: PagePlace, *, ready: Callable[[], None], stop: asyncio.Event) -> None:
    """Serve, call `ready` once it answers, end at `stop`. Raises OSError where it does not come up."""
    server = Server(
        app,
        address=place.host,
        port=place.port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        backpressure=CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=int(HEAD_S * 1_000)),
        log_enabled=False,
        websockets=False,
        ssl_cert=place.certificate,
        ssl_key=place.key,
        ssl_protocol_min=SSLProtocols.tls12,
    )
    serving = asyncio.create_task(server.serve())
    stopping = asyncio.create_task(stop.wait())
    try:
        await _until_listening(place, serving)
        ready()
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        server.stop()  # type: ignore[no-untyped-call]  # granian has no annotation here
        await serving


async def _until_listening(place: PagePlace, serving: "asyncio.Task[None]") -> None:
    for _ in range(_MOST_WAITS):
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(place.host, place.port)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
            return
        if serving.done():
            break
        await asyncio.sleep(_WAIT_S)
    raise OSError(f"the page does not listen on port {place.port}")
