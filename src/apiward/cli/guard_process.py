"""A guard for the time of a test, as a process of its own, before an API that has none; or the one that runs."""

import asyncio
import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from apiward.app.guarding.rules_in_use import rules_in_use
from apiward.app.scanning import http_sender
from apiward.cli.demo_process import end_process
from apiward.config.errors import AdvisedError
from apiward.config.rules_file import rules_digest
from apiward.core.exchange import Request
from apiward.core.jsonvalue import parse_json
from apiward.demo.server import free_port

START_S: Final = 30.0
TAKE_S: Final = 15.0
_STEP_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class Guarded:
    """A guard that runs: where it listens, where its rules stand, and its folder for data."""

    url: str
    base: Path
    data: Path

    def await_rules(self) -> None:
        """Return when each of its workers has taken the rules as they stand now; raises AdvisedError."""
        wanted, end_s = rules_digest(self.base), time.monotonic() + TAKE_S
        while True:
            said = rules_in_use(self.data)
            if said and set(said) == {wanted}:
                return
            if time.monotonic() > end_s:
                raise _not_taken(self, said)
            time.sleep(_STEP_S)


@contextlib.contextmanager
def guard_for_test(upstream: str, *, base: Path, config: Path | None, spec: str) -> Iterator[Guarded]:
    """Run a guard on a free port of this computer while the block lasts. Raises AdvisedError where it cannot."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="apiward-patch-") as folder:
        data = Path(folder) / "data"
        command = [sys.executable, "-m", "apiward", "guard", upstream, "--listen", f"127.0.0.1:{port}"]
        command += ["--data", str(data), "--rehearsal", *(["--spec", spec] if spec else [])]
        command += ["--config", str(config.absolute())] if config is not None else []
        with (
            Path(folder, "words").open("w+", encoding="utf-8") as words,
            subprocess.Popen(  # noqa: S603 - our own module, arguments without a shell
                command, stdout=words, stderr=words, cwd=base, start_new_session=True
            ) as process,
        ):
            try:
                _await_start(process, port, Path(folder, "words"))
                yield Guarded(f"http://127.0.0.1:{port}", base, data)
            finally:
                end_process(process)


def _await_start(process: "subprocess.Popen[bytes]", port: int, words: Path) -> None:
    end_s = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < end_s:
        if asyncio.run(_answers(f"http://127.0.0.1:{port}/")):
            return
        time.sleep(_STEP_S)
    said = words.read_text("utf-8", "replace").strip().splitlines()
    raise AdvisedError("The guard for the test did not start.", _plain(said[-1]) if said else "", "See: apiward guard")


async def _answers(url: str) -> bool:
    async with http_sender() as sender:
        return (await sender.send(Request("GET", url))).response is not None


def _plain(line: str) -> str:
    """Return the sentence of a log line."""
    found = parse_json(line)
    return str(found.get("why") or found.get("message") or line) if isinstance(found, dict) else line


def _not_taken(guarded: Guarded, said: tuple[str, ...]) -> AdvisedError:
    if said:
        why = "It runs, but it still judges by what stood there before. Its log says why."
        return AdvisedError("The guard has not taken the new rules.", why, f"Look at {guarded.base}.")
    why = f"No guard that runs has said that it follows the rules in {guarded.base}."
    advice = "Run this where the settings of that guard are, or name them with --config."
    return AdvisedError("It is not known whether the guard takes these rules.", why, advice)
