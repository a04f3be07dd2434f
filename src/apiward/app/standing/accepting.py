"""Findings that somebody accepted: where their file is, and what stands in it."""

import tomllib
from pathlib import Path
from typing import Final

from apiward.app.guarding.place import Place
from apiward.config.errors import AdvisedError
from apiward.config.tables import MAX_FILE_BYTES
from apiward.prove.baseline import Baseline, BaselineError, parse_baseline

USUAL: Final = "apiward.accepted.json"
"""The file where [scan] names none."""


def accepted_file(place: Place) -> Path:
    """Return the file: what `baseline` in [scan] names, else the usual name beside the settings."""
    named = _named(place.file)
    return place.base / (named or USUAL)


def read_accepted(place: Place) -> Baseline:
    """Return what is accepted; nothing where there is no file. Raises AdvisedError."""
    path = accepted_file(place)
    try:
        with path.open("rb") as file:
            text = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        return Baseline()
    except OSError as error:
        raise _unreadable(path, f"{error.strerror}.") from None
    if len(text) > MAX_FILE_BYTES:
        raise _unreadable(path, "It is larger than 1 MB.")
    try:
        return parse_baseline(text.decode("utf-8"))
    except (BaselineError, UnicodeDecodeError) as error:
        raise _unreadable(path, f"{error}") from None


def _unreadable(path: Path, why: str) -> AdvisedError:
    return AdvisedError(f"What is accepted cannot be read from {path}.", why, "Put it right, or name another file.")


def _named(file: Path | None) -> str:
    """Return what the settings name. Whether they are right is told elsewhere."""
    if file is None:
        return ""
    try:
        table = tomllib.loads(file.read_text("utf-8")).get("scan", {})
    except (OSError, ValueError, RecursionError):
        return ""
    named = table.get("baseline", "") if isinstance(table, dict) else ""
    return named if isinstance(named, str) else ""
