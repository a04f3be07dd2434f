"""Finds and reads the files of owners' rules."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from apiward.config.errors import AdvisedError
from apiward.watch.sigma.errors import SigmaError
from apiward.watch.sigma.model import Book
from apiward.watch.sigma.reading import read_rules
from apiward.watch.sigma.tree import MAX_CHARS

MAX_FILES: Final = 500
_SUFFIXES: Final = ("*.yml", "*.yaml")
_WILD: Final = frozenset("*?[")


class RuleError(AdvisedError):
    """Rules that cannot be used."""


def load_book(names: Sequence[str], base: Path) -> Book:
    """Return the rules of files, folders and patterns such as `rules/*.yml`. Raises RuleError with file and line."""
    files = list(dict.fromkeys(path for name in names for path in _found(name, base)))
    if len(files) > MAX_FILES:
        raise RuleError(f"There are more than {MAX_FILES} files of rules.", "", "Name fewer.")
    try:
        return read_rules(_texts(files))
    except SigmaError as error:
        place = f"{error.file}, line {error.line}" if error.line else error.file
        what = f"A rule cannot be used: {place}." if place else "The rules cannot be used."
        raise RuleError(what, error.what, error.advice) from None


def _found(name: str, base: Path) -> Iterable[Path]:
    path = base / name
    if path.is_dir():
        found = sorted(file for suffix in _SUFFIXES for file in path.rglob(suffix))
    elif _WILD & set(name):
        # A pattern is taken apart by hand, as `glob` takes no absolute ones.
        first = next(place for place, part in enumerate(path.parts) if _WILD & set(part))
        found = sorted(Path(*path.parts[:first]).glob("/".join(path.parts[first:])))
    else:
        return [path]
    if not found:
        raise RuleError(f"No file fits {name}.", "", "Files of rules end in .yml or .yaml.")
    return found


def _texts(files: Sequence[Path]) -> Iterable[tuple[str, str]]:
    for path in files:
        try:
            with path.open("rb") as file:
                text = file.read(MAX_CHARS * 4 + 1)
            yield str(path), text.decode("utf-8")
        except OSError as error:
            raise RuleError(f"{path} cannot be read.", f"{error.strerror}.", "Check the name.") from None
        except UnicodeDecodeError:
            raise RuleError(f"{path} is no text.", "It is not written in UTF-8.", "Save it as UTF-8.") from None
