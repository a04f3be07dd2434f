"""A sender to an app of this process, which is started before and ended after."""

import contextlib
import sys
import time
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import urlsplit

from apiward.app.in_process.loading import OwnApp
from apiward.app.scanning import CannotScanError
from apiward.net.asgi import AsgiTransport
from apiward.net.in_process import OwnHost
from apiward.net.lifespan import StartFailedError, living
from apiward.net.sender import CONNECTIONS, HttpSender
from apiward.net.wsgi import WsgiTransport

HOST: Final = "http://localhost"
"""What an app is told to be called, where nobody says otherwise: most allow it in tests."""


@contextlib.asynccontextmanager
async def app_sender(
    app: OwnApp, url: str = HOST, *, rate_per_s: float | None = None, connections: int | None = None
) -> AsyncIterator[HttpSender]:
    """Start the app, and give a sender to it under the host of `url`. Nothing is listened on. Raises CannotScanError.

    What the app prints goes to stderr: stdout is for reports.
    """
    host = urlsplit(url).hostname or ""
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(contextlib.redirect_stdout(sys.stderr))
        inner = WsgiTransport(app.call) if app.is_wsgi else await _started(stack, app)
        sender = HttpSender(
            clock=time.time,
            connections=connections or CONNECTIONS,
            rate_per_s=rate_per_s,
            transport=OwnHost(inner, host),
        )
        yield await stack.enter_async_context(sender)


async def _started(stack: contextlib.AsyncExitStack, app: OwnApp) -> AsgiTransport:
    try:
        state = await stack.enter_async_context(living(app.call))
    except StartFailedError as error:
        raise CannotScanError(
            f"{app.name} could not be started.", _sentence(error.detail), "Start it once by itself."
        ) from None
    return AsgiTransport(app.call, state)


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
