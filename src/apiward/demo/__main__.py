"""`python -m apiward.demo`: run the demo business on this machine."""

import argparse
import asyncio
import json
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from starlette.applications import Starlette

from apiward.demo.app import create_app
from apiward.demo.server import serve
from apiward.demo.weaknesses import WEAKNESSES


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT and return the exit code (0, or 2 for a port or folder that fails)."""
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="apiward-demo-", dir=given.data_dir) as folder:
            app = create_app(
                given.weak,
                data_dir=Path(folder),
                token_life_s=given.token_life,
                seed=given.seed,
                is_described=not given.undescribed,
                has_front=given.front,
            )
            if given.keys:
                app.state.desk.keys.write(given.keys)
            asyncio.run(_run(app, given.port))
    except OSError as error:
        parser.error(f"cannot run the demo: {error}")
    if given.score:
        scored = {"exercised": sorted(app.state.exercised), "calls": dict(app.state.calls)}
        given.score.write_text(json.dumps(scored, indent=1) + "\n")
    return 0


async def _run(app: Starlette, port: int) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    await serve(app, port=port, ready=_say, stop=stop)


def _say(address: str) -> None:
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m apiward.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (0: any free one)")
    parser.add_argument("--weak", type=_names, default="all", help="all, none, or names with commas between")
    parser.add_argument("--data-dir", type=Path, default=None, help="folder for the temporary data")
    parser.add_argument("--token-life", type=float, default=60.0, help="how long a log-in holds, in seconds")
    parser.add_argument("--seed", type=int, default=1, help="decides the ids of the first day")
    parser.add_argument("--keys", type=Path, default=None, help="folder for what a guard needs to check log-ins")
    parser.add_argument("--undescribed", action="store_true", help="serve no description")
    parser.add_argument("--front", action="store_true", help="serve the website's pages and programs, too")
    parser.add_argument("--score", type=Path, default=None, help="file for what was exercised, written at the end")
    return parser


def _names(value: str) -> tuple[str, ...]:
    if value in {"all", "none"}:
        return tuple(WEAKNESSES) if value == "all" else ()
    names = tuple(name.strip() for name in value.split(",") if name.strip())
    unknown = sorted(set(names) - set(WEAKNESSES))
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown weakness: {', '.join(unknown)}")
    return names


if __name__ == "__main__":
    sys.exit(main())
