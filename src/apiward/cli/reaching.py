"""The way to what is scanned: over the network, or to an app of this process."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from apiward.app.in_process.loading import OwnApp, load_app
from apiward.app.in_process.sending import app_sender
from apiward.app.scanning import Sending, http_sender
from apiward.cli.wanted import Wanted


def app_of(asked: Wanted) -> OwnApp | None:
    """Return the app that is asked for, imported; None where an address is. Raises AdvisedError.

    It is imported before a loop runs: what an app does when it is imported may need one of its own.
    """
    return load_app(asked.app, Path.cwd()) if asked.app else None


@contextlib.asynccontextmanager
async def reached(asked: Wanted, app: OwnApp | None) -> AsyncIterator[Sending]:
    """Give the sender; what was started for it is ended. Raises CannotScanError."""
    if app is not None:
        way = app_sender(app, asked.url, rate_per_s=asked.rate_per_s, connections=asked.connections)
        async with way as sender:
            yield sender
        return
    async with http_sender(
        rate_per_s=asked.rate_per_s, connections=asked.connections, is_insecure=asked.is_insecure
    ) as sender:
        yield sender
