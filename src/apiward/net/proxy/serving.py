"""Starts granian in front of an ASGI app: workers, HTTP/1.1 and HTTP/2, TLS, drain, reload of certificates.

granian cannot make a client certificate optional, nor show one to the app. So where they are asked for, a door before
it speaks TLS (see `door`). What granian cannot do, and so this cannot: WebSocket over HTTP/2; trailers, and interim
answers other than 100 (it takes three kinds of messages from an app, none of which is for those).
"""

import multiprocessing
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, Final

from granian.constants import HTTPModes, Interfaces, Loops, SSLProtocols
from granian.http import HTTP1Settings, HTTP2Settings

from apiward.net.proxy.door import DoorSettings, context_of, run_door
from apiward.net.proxy.listening import OneSocketServer, ignore_while_starting, let_go_when_told, listener
from apiward.net.proxy.messages import App
from apiward.net.proxy.peers import INNER_HOST, PeerTable, behind_door
from apiward.net.proxy.signals import fork_cleanly, holding_while_starting
from apiward.net.proxy.tuning import before_threads, once_running
from apiward.net.proxy.warden import WardenSettings, run_warden

AppFactory = Callable[[], App]
_TAKE_OVER_S: Final = 4.0
"""For so long old and new worker serve side by side: on a busy machine a new one takes seconds until it listens."""
_PROTOCOLS: Final = {"1.2": SSLProtocols.tls12, "1.3": SSLProtocols.tls13}


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """Where and how to listen. Sizes are bytes, times seconds.

    `connections` is the most that one worker holds open; `drain_s` is how long running requests may take after
    SIGTERM before their worker is killed. With `client_ca_file` a client is asked for a certificate signed by it, and
    turned away without one where `client_required`; `door_table` is the file in which door and workers meet.
    With `admin_port` a plain-HTTP app listens there, in its own process. `watched` files, and those of TLS, make
    all workers start anew, one after another and without a gap, when they change. `logging` is a configuration as
    `logging.config.dictConfig` takes it, for granian's own few messages; without it they are not written.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 1
    http: str = "auto"
    certificate_file: Path | None = None
    key_file: Path | None = None
    key_password: str | None = None
    client_ca_file: Path | None = None
    client_required: bool = True
    door_table: Path | None = None
    least_tls: str = "1.2"
    backlog: int = 2048
    connections: int = 10_000
    head_bytes: int = 64 * 1024
    head_s: float = 15.0
    streams: int = 100
    drain_s: int = 30
    admin_host: str = "127.0.0.1"
    admin_port: int | None = None
    logging: dict[str, Any] | None = None
    watched: tuple[Path, ...] = ()
    watch_s: float = 5.0


def serve(app: AppFactory, settings: ServeSettings, *, admin: AppFactory | None = None) -> None:
    """Serve until SIGTERM or SIGINT; returns after the drain. SIGHUP renews the workers.

    `app` runs once in each worker process, `admin` in the admin process. Both must be picklable where processes
    are not forked: a function of a module, or a `functools.partial` of one.
    """
    behind = _opened_door(settings)
    warden = _start_warden(behind.settings, admin)
    fork_cleanly()
    server = _server(behind.settings)
    if behind.process is not None:
        server.on_startup(partial(_tell_first, behind.process))
    try:
        server.serve(target_loader=partial(_load, app, behind.settings.door_table), wrap_loader=False)
    finally:
        for process, wait_s in ((behind.process, settings.drain_s + 1), (warden, 5)):
            if process is not None:
                process.terminate()
                process.join(wait_s)


def why_not(host: str, port: int) -> str:
    """Return why nobody can listen there, empty where one can. Another guard would else share the port unseen."""
    try:
        listener(host, port).close()
    except OSError as error:
        return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error.strerror or error)
    return ""


def _load(app: AppFactory, table: Path | None, descriptor: int) -> App:
    before_threads()
    ignore_while_starting()
    made = app()

    def begun() -> None:
        let_go_when_told(descriptor)
        once_running()

    return holding_while_starting(behind_door(made, PeerTable(table)) if table else made, once_running=begun)


@dataclass(frozen=True, slots=True)
class _Behind:
    """How granian is to listen, and the door before it where there is one."""

    settings: ServeSettings
    process: multiprocessing.Process | None = None


def _opened_door(settings: ServeSettings) -> _Behind:
    """Start the door where client certificates are asked for; granian then listens behind it, without TLS."""
    if settings.client_ca_file is None or settings.certificate_file is None or settings.door_table is None:
        return _Behind(replace(settings, door_table=None))
    outer = listener(settings.host, settings.port, settings.backlog)
    with socket.create_server((INNER_HOST, 0)) as inner:
        port = inner.getsockname()[1]
    settings.door_table.unlink(missing_ok=True)  # of a guard that ended without a goodbye
    door = DoorSettings(
        inner_port=port,
        table=settings.door_table,
        certificate_file=settings.certificate_file,
        key_file=settings.key_file,
        key_password=settings.key_password,
        client_ca_file=settings.client_ca_file,
        is_required=settings.client_required,
        least_tls=settings.least_tls,
        connections=settings.connections * settings.workers,
        drain_s=settings.drain_s,
        watch_s=settings.watch_s,
    )
    context_of(door)  # raises here, where somebody looks on
    process = multiprocessing.Process(target=run_door, args=(outer, door), name="apiward-door", daemon=True)
    process.start()
    outer.close()
    plain = replace(settings, host=INNER_HOST, port=port, certificate_file=None, key_file=None, client_ca_file=None)
    return _Behind(plain, process)


def _tell_first(door: multiprocessing.Process) -> None:
    """Let a signal to end reach the door before the workers: it takes nobody new while they end what is under way."""
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def ends(number: int, frame: FrameType | None, before: Any = before) -> None:  # noqa: ANN401 - a handler
            door.terminate()
            before(number, frame)

        signal.signal(number, ends)


def _server(settings: ServeSettings) -> OneSocketServer:
    return OneSocketServer(
        "apiward",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        runtime_threads=1,
        runtime_blocking_threads=1,
        loop=Loops.uvloop,
        http=HTTPModes(settings.http),
        backlog=settings.backlog,
        backpressure=settings.connections,
        http1_settings=HTTP1Settings(
            header_read_timeout=int(settings.head_s * 1000), max_buffer_size=max(8192, settings.head_bytes)
        ),
        http2_settings=HTTP2Settings(
            max_concurrent_streams=settings.streams,
            max_headers_size=settings.head_bytes,
            keep_alive_interval=20_000,
        ),
        log_enabled=settings.logging is not None,
        log_dictconfig=settings.logging,
        respawn_failed_workers=True,
        respawn_interval=_TAKE_OVER_S,
        workers_kill_timeout=settings.drain_s,
        **_tls(settings),
    )


def _tls(settings: ServeSettings) -> dict[str, Any]:
    if settings.certificate_file is None:
        return {}
    return {
        "ssl_cert": settings.certificate_file,
        "ssl_key": settings.key_file,
        "ssl_key_password": settings.key_password,
        "ssl_protocol_min": _PROTOCOLS[settings.least_tls],
        "ssl_ca": settings.client_ca_file,
        "ssl_client_verify": settings.client_ca_file is not None and settings.client_required,
    }


def _start_warden(settings: ServeSettings, admin: AppFactory | None) -> multiprocessing.Process | None:
    tls_files = (settings.certificate_file, settings.key_file, settings.client_ca_file)
    watched = (*settings.watched, *(file for file in tls_files if file is not None))
    if settings.admin_port is None:
        admin = None
    if admin is None and not watched:
        return None
    warden = WardenSettings(
        parent=os.getpid(),
        watched=watched,
        watch_s=settings.watch_s,
        certificate_file=settings.certificate_file,
        key_file=settings.key_file,
        key_password=settings.key_password,
        host=settings.admin_host,
        port=settings.admin_port or 0,
    )
    process = multiprocessing.Process(target=partial(run_warden, warden, admin), name="apiward-warden", daemon=True)
    process.start()
    return process
