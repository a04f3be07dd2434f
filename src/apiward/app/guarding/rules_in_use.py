"""Which rules and mode the workers of a guard have taken: each says it in a small file, so that nobody need guess."""

import contextlib
import os
from pathlib import Path
from typing import Final

from apiward.core.decision import Mode

FOLDER: Final = "rules"


def tell_rules(data: Path, digest: str, mode: Mode) -> None:
    """Say that this worker judges by the rules of that digest from now on, and what its decisions do."""
    with contextlib.suppress(OSError):  # without the word of it, a command says that it does not know
        folder = data / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        fresh = folder / f".{os.getpid()}"
        fresh.write_text(f"{digest}\n{mode.value}", "utf-8")
        fresh.replace(folder / str(os.getpid()))


def tell_end(data: Path) -> None:
    """Say that this worker has ended."""
    with contextlib.suppress(OSError):
        (data / FOLDER / str(os.getpid())).unlink(missing_ok=True)


def rules_in_use(data: Path) -> tuple[str, ...]:
    """Return the digests of the rules that the workers that live have taken, one entry for each."""
    return tuple(text.partition("\n")[0] for text in _said(data))


def modes_in_use(data: Path) -> tuple[Mode, ...]:
    """Return what the decisions of the workers that live do, one entry for each; none where no guard runs."""
    said = (text.partition("\n")[2] for text in _said(data))
    return tuple(Mode(mode) if mode in frozenset(Mode) else Mode.WATCH for mode in said)


def _said(data: Path) -> list[str]:
    try:
        files = [file for file in (data / FOLDER).iterdir() if file.name.isdigit() and lives(int(file.name))]
        return [file.read_text("utf-8") for file in files]
    except (OSError, UnicodeDecodeError):
        return []


def lives(pid: int) -> bool:
    """Return whether a process of that number runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # of another user
    return True
