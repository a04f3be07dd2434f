"""Makes a PDF in a process of its own: a long one takes half a minute, and whoever serves pages goes on meanwhile."""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from apiward.app.reporting.printing import NoPrinterError, pdf_of
from apiward.config.errors import AdvisedError

MOST_S: Final = 180.0
_COMMAND: Final = (sys.executable, "-m", "apiward.app.reporting.print_process")
_NO_PRINTER: Final = 3


def pdf_beside(page: str, *, most_s: float = MOST_S, command: Sequence[str] = _COMMAND) -> bytes:
    """Return an HTML page as PDF, made beside this process. Raises AdvisedError, also where it takes too long."""
    text = page.encode("utf-8", "replace")
    try:
        # Our own program, with no argument from outside: the page goes through its standard input.
        done = subprocess.run(command, input=text, capture_output=True, timeout=most_s, check=False)  # noqa: S603 - as said
    except subprocess.TimeoutExpired:
        raise _failed(f"It took longer than {most_s:g} seconds.") from None
    if done.returncode == _NO_PRINTER:
        raise NoPrinterError(*json.loads(done.stderr.splitlines()[-1]))
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise _failed("What makes it has failed.")
    return done.stdout


def _failed(why: str) -> AdvisedError:
    return AdvisedError("The PDF was not made.", why, "Open the report, and print it from your browser.")


def main() -> int:
    """Read a page from the standard input, and write it as PDF to the standard output."""
    try:
        sys.stdout.buffer.write(pdf_of(sys.stdin.buffer.read().decode("utf-8")))
    except NoPrinterError as error:
        sys.stderr.write(f"\n{json.dumps([error.what, error.why, error.advice])}\n")
        return _NO_PRINTER
    return 0


if __name__ == "__main__":
    sys.exit(main())
