"""The proxy as it runs for real: processes of its own, started here and stopped here."""

import asyncio
import functools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apiward.net.proxy.administration import READY, AdminApp
from apiward.net.proxy.forwarding import Forwarder, ForwardSettings
from apiward.net.proxy.messages import App, Receive, Scope, Send
from apiward.net.proxy.serving import ServeSettings, serve
from apiward.net.proxy.tallies import Meter, Tally
from apiward.net.proxy.upstreams import Upstreams, UpstreamSettings
from tests.net.proxy.rig import WAIT_S, free_port, listening

REQUESTS = Meter("requests_total", "Requests.")
_FILES = ("certificate_file", "key_file", "client_ca_file", "door_table")


def build(directory: Path, address: str) -> App:
    """Make the app of one worker: it counts, and forwards."""
    tally = Tally(directory, [READY, REQUESTS])
    upstreams = Upstreams([UpstreamSettings((address,))], time.monotonic)
    forwarder = Forwarder(upstreams, ForwardSettings(), clock=time.monotonic)
    ready, requests = tally.place(READY.name), tally.place(REQUESTS.name)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            tally.set(ready, 1)
        elif scope["path"] == "/pid":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": str(os.getpid()).encode()})
            return
        else:
            tally.add(requests)
        await forwarder(scope, receive, send)

    return app


@dataclass
class Standalone:
    """A running proxy; `port` speaks HTTP or HTTPS, `admin_port` HTTP."""

    port: int
    admin_port: int
    process: subprocess.Popen[bytes]

    def signal(self, number: signal.Signals) -> None:
        """Signal the main process."""
        self.process.send_signal(number)

    async def ready(self) -> None:
        """Return once a worker serves."""
        while b" 200 " not in await self._asked_ready():  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(0.02)

    async def _asked_ready(self) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.admin_port)
        writer.write(b"GET /-/ready HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        line = await reader.readline()
        writer.close()
        return line

    async def ended(self) -> int:
        """Return the exit status, once there is one."""
        async with asyncio.timeout(WAIT_S):
            return await asyncio.to_thread(self.process.wait)


@asynccontextmanager
async def standalone(directory: Path, address: str, **settings: Any) -> AsyncIterator[Standalone]:  # noqa: ANN401 - fields of ServeSettings
    """Run the proxy before `address`, and give it once it is ready."""
    async with begun(directory, address, **settings) as proxy:
        async with asyncio.timeout(WAIT_S):
            await proxy.ready()
        yield proxy


@asynccontextmanager
async def begun(directory: Path, address: str, **settings: Any) -> AsyncIterator[Standalone]:  # noqa: ANN401 - fields of ServeSettings
    """Run the proxy before `address`, and give it as soon as it listens."""
    said = {**settings, "port": free_port(), "admin_port": free_port()}
    shown = {key: str(value) if isinstance(value, Path) else value for key, value in said.items()}
    command = [sys.executable, "-m", "tests.net.proxy.standalone", str(directory), address, json.dumps(shown)]
    with subprocess.Popen(command) as process:  # noqa: ASYNC220 - it takes a millisecond
        try:
            await listening(said["port"])
            await listening(said["admin_port"])
            yield Standalone(said["port"], said["admin_port"], process)
        finally:
            if process.poll() is None:
                process.terminate()
                # In a thread: what it still serves may be waiting for this very loop.
                await asyncio.to_thread(process.wait, WAIT_S)


def main() -> None:
    """Serve as the arguments say."""
    directory, address, text = sys.argv[1:]
    said = json.loads(text)
    for key in _FILES:
        if said.get(key):
            said[key] = Path(said[key])
    place = Path(directory)
    serve(functools.partial(build, place, address), ServeSettings(**said), admin=functools.partial(AdminApp, place))


if __name__ == "__main__":
    main()
