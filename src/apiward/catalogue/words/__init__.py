"""Word lists: guessable keys, passwords and user names, one word on a line."""

from functools import cache
from importlib import resources
from typing import Final

from apiward.catalogue.loading import CatalogueError

LISTS: Final = ("weak_keys", "weak_passwords", "password_words", "user_names")
"""The lists there are; each stands in `<name>.txt` in UTF-8."""


@cache
def load_words(name: str) -> tuple[str, ...]:
    """Return the words of the list `name` in its order; lines that start with `#` are remarks.

    Raises CatalogueError where there is no such list.
    """
    if name not in LISTS:
        raise CatalogueError(f"no such list; there are {', '.join(LISTS)}", file=f"words/{name}.txt")
    text = resources.files("apiward.catalogue.words").joinpath(f"{name}.txt").read_text("utf-8")
    lines = (line.strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))
