"""Which rules the workers of a guard have taken: each says it in a small file, so that a command need not guess."""

import contextlib
import os
from pathlib import Path
from typing import Final

FOLDER: Final = "rules"


def tell_rules(data: Path, digest: str) -> None:
    """Say that this worker judges by the rules of that digest from now on."""
    with contextlib.suppress(OSError):  # without the word of it, a command says that it does not know
        folder = data / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        fresh = folder / f".{os.getpid()}"
        fresh.write_text(digest, "utf-8")
        fresh.replace(folder / str(os.getpid()))


def tell_end(data: Path) -> None:
    """Say that this worker has ended."""
    with contextlib.suppress(OSError):
        (data / FOLDER / str(os.getpid())).unlink(missing_ok=True)


def rules_in_use(data: Path) -> tuple[str, ...]:
    """Return what the workers that live have said, one entry for each."""
    try:
        files = [file for file in (data / FOLDER).iterdir() if file.name.isdigit() and lives(int(file.name))]
        return tuple(file.read_text("utf-8") for file in files)
    except OSError:
        return ()


def lives(pid: int) -> bool:
    """Return whether a process of that number runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # of another user
    return True
