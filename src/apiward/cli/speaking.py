"""Where words go: results to stdout, talk to stderr; a reader that went away is no error."""

import contextlib
import os
import shutil
import sys
from typing import Final

from apiward.prove.neutral import neutral

MAX_WIDTH: Final = 100


def write_out(text: str) -> None:
    """Write a result to stdout. A reader that has gone away (`| head -1`) is left in peace."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _silence_stdout()
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "ascii"
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()


def say(text: str) -> None:
    """Write one line of talk to stderr. What is not ours in it, such as a line of a log, steers no terminal."""
    with contextlib.suppress(OSError):
        encoding = sys.stderr.encoding or "ascii"
        sys.stderr.write(neutral(text, keep="\n\t").encode(encoding, "replace").decode(encoding) + "\n")
        sys.stderr.flush()


def is_styled(*, wanted: bool | None) -> bool:
    """Return whether stdout gets colours: as wanted, else on a terminal unless NO_COLOR is set (no-color.org)."""
    if wanted is not None:
        return wanted
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Return the columns to fill."""
    return min(shutil.get_terminal_size().columns, MAX_WIDTH)


def _silence_stdout() -> None:
    # Python flushes stdout once more at its end, which would complain again.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
