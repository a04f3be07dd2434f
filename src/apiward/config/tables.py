"""Reads one table of apiward.toml into the dataclass that says what may stand there."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from apiward.config.errors import ConfigError
from apiward.config.typed import read_settings

MAX_FILE_BYTES: Final = 1_048_576
_T = TypeVar("_T")


def load_table(path: Path, parse: Callable[[str], tuple[_T, tuple[str, ...]]]) -> _T:
    """Return what `parse` makes of the file at `path`; raises ConfigError with all that is wrong with it."""
    config, problems = parse(read_file(path).decode("utf-8", "replace"))
    if problems:
        why = "\n".join(f"- {problem}" for problem in problems)
        raise ConfigError(f"{path} cannot be used.", why, f"Put it right, then try: apiward config check {path}")
    return config


def read_file(path: Path) -> bytes:
    """Return what stands in a file of settings; raises ConfigError where it cannot be read, or is too large."""
    try:
        with path.open("rb") as file:
            found = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read.", f"{error.strerror}.", "Check the name after --config.") from None
    if len(found) > MAX_FILE_BYTES:
        raise ConfigError(f"{path} cannot be used.", "It is larger than 1 MB.", "Name the right file after --config.")
    return found


def parse_table(kind: type[_T], name: str, text: str) -> tuple[_T, tuple[str, ...]]:
    """Return the settings of the table `name` in `text`, and what is wrong with them, a sentence each. Never raises."""
    try:
        document = tomllib.loads(text)
    except RecursionError:
        return kind(), ("It is nested too deeply.",)
    except ValueError as error:
        return kind(), (f"It is no TOML: {error}.",)
    table = document.get(name, {})
    if not isinstance(table, dict):
        return kind(), (f"{name}: must be a table.",)
    problems: list[str] = []
    config = read_settings(kind, table, name, problems)
    return (kind() if problems else config), tuple(problems)
