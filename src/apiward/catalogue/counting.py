"""Texts with numbers in them: one request, two requests."""

import re
from collections.abc import Mapping
from typing import Final

_NUMBER: Final = re.compile(r"[0-9]{1,15}")


class _Place(str):
    """A value that is filled in. `{count:request|requests}` writes it with the word that fits it."""

    __slots__ = ()

    def __format__(self, words: str) -> str:
        one, is_counted, many = words.partition("|")
        if not is_counted:
            return format(str(self), words)
        number = f"{int(self):,}" if _NUMBER.fullmatch(self) else str(self)
        return f"{number} {one if number == '1' else many}"


def filled(text: str, places: Mapping[str, object]) -> str:
    """Return a text with its places filled in; a place may hold a word for one and for many."""
    return text.format_map({name: _Place(value) for name, value in places.items()})


def counted(number: int, one: str, many: str) -> str:
    """Return a number with the word that fits it."""
    return f"{number:,} {one if number == 1 else many}"
