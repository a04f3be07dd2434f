"""Where a report goes: one format to stdout or a file, several into a folder or beside one another."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from apiward.cli.speaking import say, write_out
from apiward.config.errors import AdvisedError

ENDINGS: Final[Mapping[str, str]] = {
    "text": ".txt",
    "json": ".json",
    "sarif": ".sarif",
    "junit": ".xml",
    "md": ".md",
    "html": ".html",
}
STEM: Final = "apiward-report"


class Render(Protocol):
    """Makes the text of one format."""

    def __call__(self, name: str, *, is_stdout: bool) -> str:
        """Return the report in the format `name`."""
        ...


@dataclass(frozen=True, slots=True)
class Destinations:
    """Which formats are written where; None is stdout."""

    places: tuple[tuple[str, Path | None], ...]

    @property
    def is_text_on_stdout(self) -> bool:
        """Whether a person reads stdout."""
        return ("text", None) in self.places


def destinations(formats: Sequence[str], output: str | None) -> Destinations:
    """Return where the formats go. Raises AdvisedError where that cannot be written: before anything is sent."""
    wanted = tuple(dict.fromkeys(formats)) or ("text",)
    places = _alone(wanted[0], output) if len(wanted) == 1 else _several(wanted, output)
    for _, path in places:
        if path is not None:
            _must_be_writable(path)
    return Destinations(places)


def write_all(where: Destinations, render: Render) -> None:
    """Write every format; `render` gets its name and whether it goes to stdout.

    One that cannot be written does not cost the others; the first such failure is raised in the end.
    """
    failures: list[AdvisedError] = []
    for name, path in where.places:
        text = render(name, is_stdout=path is None)
        if path is None:
            write_out(text)
            continue
        try:
            write_file(path, text)
        except AdvisedError as failure:
            failures.append(failure)
        else:
            say(f"The report ({name}) is in {path}")
    if failures:
        raise failures[0]


def write_file(path: Path, text: str) -> None:
    """Write a file, and its folder where that is missing; raises AdvisedError where that fails."""
    _make_folder_of(path)
    try:
        path.write_text(text, "utf-8", errors="replace")
    except OSError as error:
        raise _cannot_write(path, error.strerror or "The system refused") from None


def _alone(name: str, output: str | None) -> tuple[tuple[str, Path | None], ...]:
    if not output or output == "-":
        return ((name, None),)
    path = Path(output)
    is_folder = path.is_dir() or output.endswith(os.sep)
    return ((name, path / f"{STEM}{ENDINGS[name]}" if is_folder else path),)


def _several(wanted: tuple[str, ...], output: str | None) -> tuple[tuple[str, Path | None], ...]:
    path = Path(output or ".")
    is_folder = not output or path.is_dir() or output.endswith(os.sep) or not path.suffix
    if not is_folder and path.suffix not in ENDINGS.values():
        why = f'There is no folder of that name, and no report has a name that ends with "{path.suffix}".'
        advice = f"For a new folder write --output {output}{os.sep}, for files beside one another {path.stem}.html."
        raise AdvisedError(f"Several reports cannot be written to {output}.", why, advice)
    stem = path / STEM if is_folder else path.with_suffix("")
    # Text is for whoever runs the command; a folder of reports still leaves something to read.
    return tuple((name, None if name == "text" else stem.with_name(stem.name + ENDINGS[name])) for name in wanted)


def _must_be_writable(path: Path) -> None:
    if path.is_dir():
        raise _cannot_write(path, "It is a folder")
    existing = path if path.exists() else next(parent for parent in path.absolute().parents if parent.exists())
    if existing != path and not existing.is_dir():
        raise _cannot_write(path, f"{existing} is no folder")
    if not os.access(existing, os.W_OK):
        raise _cannot_write(path, "Permission denied")
    _make_folder_of(path)


def _make_folder_of(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_write(path, error.strerror or "The system refused") from None


def _cannot_write(path: Path, why: str) -> AdvisedError:
    return AdvisedError(f"The report cannot be written to {path}.", f"{why}.", "Name another place with --output.")
