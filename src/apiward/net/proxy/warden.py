"""A small process beside the workers: it serves the admin port, and asks for new workers when a file has changed.

It lives apart so that health and figures can still be read when every worker is busy.
"""

import asyncio
import os
import signal
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server

from apiward.net.proxy.messages import App

_Print = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class WardenSettings:
    """`parent` is the process to signal; see `serving.ServeSettings` for the rest."""

    parent: int
    watched: tuple[Path, ...]
    watch_s: float
    certificate_file: Path | None
    key_file: Path | None
    key_password: str | None
    host: str
    port: int


def run_warden(settings: WardenSettings, admin: Callable[[], App] | None) -> None:
    """Run until SIGTERM, or until the parent is gone."""
    asyncio.run(_run(settings, admin))


async def serve_admin(app: App, host: str, port: int) -> None:
    """Serve `app` as plain HTTP in this process until cancelled or SIGTERM."""
    server = Server(app, address=host, port=port, interface=Interfaces.ASGI, log_enabled=False, websockets=False)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    await server.serve()


async def _run(settings: WardenSettings, admin: Callable[[], App] | None) -> None:
    watching = asyncio.create_task(_watch(settings))
    if admin is None:
        await watching
        return
    serving = asyncio.create_task(serve_admin(admin(), settings.host, settings.port))
    await asyncio.wait([watching, serving], return_when=asyncio.FIRST_COMPLETED)
    watching.cancel()


async def _watch(settings: WardenSettings) -> None:
    """Look at the files now and then; a change is told once it makes sense, or at the next look."""
    known = prints_of(settings.watched)
    while os.getppid() == settings.parent:
        await asyncio.sleep(settings.watch_s)
        found = prints_of(settings.watched)
        if found != known and is_usable(settings.certificate_file, settings.key_file, settings.key_password):
            known = found
            os.kill(settings.parent, signal.SIGHUP)


def prints_of(files: tuple[Path, ...]) -> tuple[_Print, ...]:
    """Return what tells one state of the files from another: inode, time and size, or None where there is none."""
    return tuple(_print_of(file) for file in files)


def is_usable(certificate: Path | None, key: Path | None, password: str | None) -> bool:
    """Whether certificate and key can be read and belong together; half-written files do not."""
    if certificate is None:
        return True
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password)
    except (OSError, ssl.SSLError):
        return False
    return True


def _print_of(file: Path) -> _Print:
    try:
        state = file.stat()
    except OSError:
        return None
    return state.st_ino, state.st_mtime_ns, state.st_size
