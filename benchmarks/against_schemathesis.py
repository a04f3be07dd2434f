"""Requests per second of `apiward scan` beside Schemathesis: `python -m benchmarks.against_schemathesis`.

Both test the sound demo business on the loopback address, in turn, each time a fresh one in a process of
its own. The target counts every request, and notes when the first and the last one came: the rate is
requests by that time, so that neither pays for its start. Schemathesis runs as it does by default (one
worker) with one bearer token that lasts; `--workers` gives it more. Medians of three rounds.

Schemathesis is looked for on PATH or at `--schemathesis FILE`. It pins its own versions of much that
apiward needs, so give it an environment of its own: `python3 -m venv FOLDER`, then
`FOLDER/bin/pip install schemathesis`, then `--schemathesis FOLDER/bin/schemathesis`.

Exit code 1 if apiward sends fewer requests per second.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from apiward.demo.app import create_app
from apiward.demo.people import CLIENT
from apiward.demo.server import serve

ROOT: Final = Path(__file__).parent.parent
ROUNDS: Final = 3
TOKEN_LIFE_S: Final = 86_400.0
SETTING_UP: Final = b"x-setting-up"


@dataclass(frozen=True, slots=True)
class Rate:
    """What one run sent: requests, seconds between the first and the last one, and seconds of the whole process."""

    requests: int
    sending_s: float
    whole_s: float

    @property
    def per_s(self) -> float:
        """Requests per second while it sent."""
        return self.requests / self.sending_s


# The target ----------------------------------------------------------------------------------------


class Counting:
    """ASGI middleware: notes when each request came and when its answer was sent. Our own set-up is left out."""

    def __init__(self, app: ASGIApp, times: list[float]) -> None:
        self._app = app
        self._times = times

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note the times and pass on."""
        if scope["type"] != "http" or any(name == SETTING_UP for name, _ in scope["headers"]):
            await self._app(scope, receive, send)
            return
        self._times.append(time.monotonic())
        await self._app(scope, receive, send)
        self._times.append(time.monotonic())


async def _serve() -> str:
    """Run the sound demo until SIGTERM and return what came, as JSON."""
    times: list[float] = []
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app((), data_dir=Path(folder), token_life_s=TOKEN_LIFE_S)
        app.add_middleware(Counting, times=times)
        await serve(app, port=0, ready=lambda address: print(address, flush=True), stop=stop)
    return json.dumps({"requests": len(times) // 2, "sending_s": max(times) - min(times)})


@contextmanager
def _target(score: Path) -> Iterator[str]:
    """Run a fresh target and yield its address; `score` is written when it ends."""
    command = [sys.executable, "-m", "benchmarks.against_schemathesis", "--serve", str(score)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield server.stdout.readline().strip() if server.stdout else ""
        finally:
            server.terminate()


# The two tools -------------------------------------------------------------------------------------


def _apiward(url: str, folder: Path) -> tuple[list[str], dict[str, str]]:
    command = [
        sys.executable,
        "-m",
        "apiward",
        "scan",
        url,
        "--format",
        "json",
        "--output",
        str(folder / "report.json"),
    ]
    return command, {**os.environ, "XDG_STATE_HOME": str(folder)}


def _schemathesis(url: str, program: str, workers: str) -> tuple[list[str], dict[str, str]]:
    command = [program, "run", f"{url}/openapi.json", "--workers", workers, "--header"]
    return [*command, f"Authorization: Bearer {_token(url)}"], dict(os.environ)


def _token(url: str) -> str:
    form = urllib.parse.urlencode({"username": CLIENT.email, "password": CLIENT.password}).encode()
    request = urllib.request.Request(f"{url}/api/v2/token", form, {SETTING_UP.decode(): "yes"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(json.loads(answer.read())["access_token"])


def _measured(tool: Callable[[str, Path], tuple[list[str], dict[str, str]]]) -> Rate:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with _target(folder / "score.json") as url:
            command, environment = tool(url, folder)
            began_s = time.perf_counter()
            # Both say by their exit code that they found something; what counts here is what they sent.
            done = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, text=True)
            whole_s = time.perf_counter() - began_s
        score = json.loads((folder / "score.json").read_text("utf-8"))
    if score["requests"] < 50:
        sys.exit(f"{done.stdout}{done.stderr}{command[0]} sent {score['requests']} requests only")
    return Rate(score["requests"], score["sending_s"], whole_s)


def _compare(program: str, workers: str) -> dict[str, list[Rate]]:
    tools: dict[str, Callable[[str, Path], tuple[list[str], dict[str, str]]]] = {
        "apiward": _apiward,
        "Schemathesis": lambda url, _: _schemathesis(url, program, workers),
    }
    rates: dict[str, list[Rate]] = {name: [] for name in tools}
    for _ in range(ROUNDS):
        for name, tool in tools.items():
            rate = _measured(tool)
            rates[name].append(rate)
            print(
                f"{name:14}{rate.requests:6} requests, {rate.per_s:6.0f}/s while sending ({rate.sending_s:.1f} s), "
                f"{rate.whole_s:.1f} s in all",
                flush=True,
            )
    return rates


def main() -> int:
    """Measure in turn, print medians and their ratio, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schemathesis", default=shutil.which("schemathesis"), help="the program")
    parser.add_argument("--workers", default="1", help="workers of Schemathesis: a number or auto (its default is 1)")
    parser.add_argument("--serve", type=Path, default=None, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        given.serve.write_text(asyncio.run(_serve()), "utf-8")
        return 0
    if not given.schemathesis or not Path(given.schemathesis).is_file():
        parser.error("Schemathesis was not found. Install it into an environment of its own (see --help).")
    rates = _compare(str(Path(given.schemathesis).absolute()), given.workers)
    ours, theirs = (statistics.median(rate.per_s for rate in found) for found in rates.values())
    print(f"medians: apiward {ours:.0f}/s, Schemathesis {theirs:.0f}/s, ratio {ours / theirs:.2f}")
    return 0 if ours >= theirs else 1


if __name__ == "__main__":
    sys.exit(main())
