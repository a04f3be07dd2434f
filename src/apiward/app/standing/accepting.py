"""Findings that somebody accepted: where their file is, and what stands in it."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from apiward.config.errors import AdvisedError
from apiward.config.scanning import parse_config
from apiward.config.tables import MAX_FILE_BYTES
from apiward.prove.baseline import Baseline, BaselineError, parse_baseline

if TYPE_CHECKING:  # a scan reads such a file too, and need not wait for all that a guard loads
    from apiward.app.guarding.place import Place

USUAL: Final = "apiward.accepted.json"
"""The file where [scan] names none."""


def accepted_file(place: "Place") -> Path:
    """Return the file: what `baseline` in [scan] names, else the usual name beside the settings."""
    named = _named(place.file)
    return place.base / (named or USUAL)


def read_accepted(place: "Place") -> Baseline:
    """Return what is accepted; nothing where there is no file. Raises AdvisedError."""
    return accepted_in(accepted_file(place)) or Baseline()


def accepted_in(path: Path) -> Baseline | None:
    """Return what is accepted in a file, None where there is no such file. Raises AdvisedError."""
    try:
        with path.open("rb") as file:
            text = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        return None
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
        return parse_config(file.read_text("utf-8"), {})[0].baseline
    except (OSError, UnicodeDecodeError):
        return ""
