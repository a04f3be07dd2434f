"""Ids as texts that can be compared: what a lax server takes for the same id is the same text here."""

from typing import Final

from apiward.core.jsonvalue import Json

MOST: Final = 200
"""Characters of an id; what is longer is none."""


def canonical(text: str) -> str:
    """Return the one form of an id: `007`, `+7` and `7.0` are 7, and capitals do not count. Never raises."""
    if text.isascii() and text.isdigit() and text[:1] != "0":
        return text
    plain = text.strip().lower()[:MOST]
    number = plain.removeprefix("+")
    whole, dot, rest = number.partition(".")
    if dot and not rest.strip("0"):
        number = whole
    if number.isdecimal():
        return str(int(number))
    return plain.strip("{}").removeprefix("urn:uuid:")


def text_of(value: Json) -> str:
    """Return a scalar as the id that it would be in a path; empty for what is no id."""
    if isinstance(value, str):
        return canonical(value)
    if isinstance(value, int):
        return "" if isinstance(value, bool) else str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return ""


def shape_of(text: str) -> str:
    """Return what kind of name a text is: only names of one kind can be told to be two different people's."""
    if text.isdigit():
        return "number"
    if "@" in text:
        return "address"
    if len(text) == 36 and text.count("-") == 4:
        return "uuid"
    return "text"
