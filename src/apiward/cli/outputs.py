"""Writes many lines to a file or to stdout: whole, or not at all."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from apiward.cli.speaking import write_out
from apiward.config.errors import AdvisedError

_TOGETHER: Final = 500


def lines_to(output: object, lines: Iterable[str]) -> int:
    """Write lines to the file `output`, or to stdout where it is empty; return how many. Raises AdvisedError.

    A file gets its name when it is whole, so that nobody takes a part for all.
    """
    if not output:
        return _written(lines)
    count = 0
    with whole_file(Path(str(output))) as file:
        for line in lines:
            file.write(f"{line}\n".encode())
            count += 1
    return count


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write, for its owner alone. It gets its name when it is whole. Raises AdvisedError."""
    part = path.with_name(f".{path.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb") as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise AdvisedError(f"{path} cannot be written.", f"{error.strerror}.", "Name another file with -o.") from error
    finally:
        part.unlink(missing_ok=True)


def _written(lines: Iterable[str]) -> int:
    count, waiting = 0, list[str]()
    for line in lines:
        waiting.append(line)
        count += 1
        if len(waiting) == _TOGETHER:
            write_out("\n".join(waiting) + "\n")
            waiting = []
    write_out("".join(f"{line}\n" for line in waiting))
    return count
