"""The demo business as a process of its own: started, asked for its address, ended by its id."""

import contextlib
import errno
import os
import selectors
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from apiward.config.errors import AdvisedError
from apiward.demo.server import free_port

START_S: Final = 20.0
END_S: Final = 5.0
_LEAD: Final = "python -m apiward.demo: error: "


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo: its address, and the id of its process."""

    address: str
    pid: int


@contextlib.contextmanager
def running_demo(*, weak: str, port: int) -> Iterator[Demo]:
    """Run the demo while the block lasts; its data is gone afterwards. Raises AdvisedError."""
    _must_be_free(port)
    with tempfile.TemporaryDirectory(prefix="apiward-try-") as folder:
        command = [sys.executable, "-m", "apiward.demo", "--port", str(port), "--weak", weak, "--data-dir", folder]
        # A file, not a pipe, for what it complains of: nobody reads along. A session of its own:
        # Ctrl-C is for the scan, which then ends the demo.
        with (
            Path(folder, "complaints").open("w+", encoding="utf-8") as complaints,
            subprocess.Popen(  # noqa: S603 - our own module, arguments without a shell
                command, stdout=subprocess.PIPE, stderr=complaints, text=True, start_new_session=True
            ) as process,
        ):
            try:
                yield Demo(_address(process, complaints), process.pid)
            finally:
                end_process(process)


def _must_be_free(port: int) -> None:
    try:
        free_port(port)
    except OSError as error:
        is_used = error.errno == errno.EADDRINUSE
        why = "Another program uses it." if is_used else f"{error.strerror}."
        advice = "Name another one with --port, or leave --port out: then a free one is taken."
        raise AdvisedError(f"The demo cannot have port {port} of this computer.", why, advice) from None


def _address(process: "subprocess.Popen[str]", complaints: TextIO) -> str:
    """Return the first line that the demo says."""
    if process.stdout is None:
        raise ValueError("the demo was started without a pipe")
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        is_told = bool(waiting.select(timeout=START_S))
    line = process.stdout.readline().strip() if is_told else ""
    if line.startswith("http://127.0.0.1:"):
        return line
    end_process(process)
    complaints.seek(0)
    told = complaints.read().strip().splitlines()
    why = told[-1].removeprefix(_LEAD) if told else f"It did not answer within {START_S:g} seconds."
    raise AdvisedError("The demo did not start.", why, "Try another --port, and names that --weak knows.")


def end_process(process: "subprocess.Popen[str] | subprocess.Popen[bytes]", end_s: float = END_S) -> None:
    """End a process that was started here, by its id: first asked, then, after `end_s`, made to."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(end_s)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
