"""Structured field values (RFC 8941), read strictly and written in the one right form: only what signatures need."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias

MAX_FIELD: Final = 16_384
MAX_MEMBERS: Final = 64


class Token(str):
    """A token, apart from a string of the same letters."""

    __slots__ = ()


BareItem: TypeAlias = int | float | str | Token | bytes | bool
Parameters: TypeAlias = Mapping[str, BareItem]
_NO_PARAMETERS: Final[Parameters] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Item:
    """A value with its parameters, in their order."""

    value: BareItem
    parameters: Parameters = field(default_factory=lambda: _NO_PARAMETERS)


@dataclass(frozen=True, slots=True)
class InnerList:
    """A list in parentheses with its parameters."""

    items: tuple[Item, ...]
    parameters: Parameters = field(default_factory=lambda: _NO_PARAMETERS)


Member: TypeAlias = Item | InnerList

_KEY: Final = re.compile(r"[a-z*][a-z0-9_\-.*]*")
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(?![0-9])(?:\.[0-9]{1,3}(?![0-9]))?")
_STRING: Final = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
_ESCAPED: Final = re.compile(r"\\(.)")
_TOKEN: Final = re.compile(r"[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*")
_BYTES: Final = re.compile(r":([A-Za-z0-9+/=]*):")
_SPACE: Final = re.compile(r"[ \t]*")


class StructuredFieldError(ValueError):
    """Says that a text is no structured field of the wanted kind."""


def parse_dictionary(text: str) -> dict[str, Member]:
    """Return the members of a dictionary. Of a key that stands twice the last counts (RFC 8941, section 3.2)."""
    reader = _Reader(text)
    members: dict[str, Member] = {}
    while not reader.is_at_end:
        key = reader.take(_KEY)
        members[key] = reader.member() if reader.skip("=") else Item(value=True, parameters=reader.parameters())
        if len(members) > MAX_MEMBERS:
            raise StructuredFieldError("too many members")
        if not reader.comma():
            break
    reader.finish()
    return members


def serialize(member: Member) -> str:
    """Return the one right spelling of an item or an inner list (RFC 8941, section 4.1)."""
    if isinstance(member, InnerList):
        inner = " ".join(serialize(item) for item in member.items)
        return f"({inner}){_parameters(member.parameters)}"
    return _bare(member.value) + _parameters(member.parameters)


def serialize_dictionary(members: Mapping[str, Member]) -> str:
    """Return the one right spelling of a dictionary."""
    return ", ".join(_pair(key, member) for key, member in members.items())


def _pair(key: str, member: Member) -> str:
    if isinstance(member, Item) and member.value is True:
        return key + _parameters(member.parameters)
    return f"{key}={serialize(member)}"


def _parameters(parameters: Parameters) -> str:
    return "".join(f";{key}" if value is True else f";{key}={_bare(value)}" for key, value in parameters.items())


def _bare(value: BareItem) -> str:
    if isinstance(value, bool):
        return "?1" if value else "?0"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        text = f"{value:.3f}".rstrip("0")
        return text + "0" if text.endswith(".") else text
    if isinstance(value, bytes):
        return f":{base64.b64encode(value).decode()}:"
    if isinstance(value, Token):
        return str(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Reader:
    """Walks over a text once, from left to right."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_FIELD or not text.isascii():
            raise StructuredFieldError("too long, or not ASCII")
        self._text = text.strip(" ")
        self._at = 0

    @property
    def is_at_end(self) -> bool:
        return self._at >= len(self._text)

    def finish(self) -> None:
        if not self.is_at_end:
            raise StructuredFieldError(f"unexpected text at {self._at}")

    def skip(self, char: str) -> bool:
        found = self._text.startswith(char, self._at)
        self._at += len(char) if found else 0
        return found

    def take(self, pattern: re.Pattern[str]) -> str:
        hit = pattern.match(self._text, self._at)
        if hit is None:
            raise StructuredFieldError(f"unexpected text at {self._at}")
        self._at = hit.end()
        return hit.group(0)

    def comma(self) -> bool:
        """Go over a comma to the next member; False at the end. A comma at the end is an error."""
        self.take(_SPACE)
        if not self.skip(","):
            return False
        self.take(_SPACE)
        if self.is_at_end:
            raise StructuredFieldError("a comma at the end")
        return True

    def member(self) -> Member:
        if not self.skip("("):
            return self.item()
        items: list[Item] = []
        while True:
            self._spaces()
            if self.skip(")"):
                return InnerList(tuple(items), self.parameters())
            items.append(self.item())
            if len(items) > MAX_MEMBERS or not self._text.startswith((" ", ")"), self._at):
                raise StructuredFieldError("an inner list that does not end")

    def item(self) -> Item:
        return Item(self.bare(), self.parameters())

    def parameters(self) -> Parameters:
        found: dict[str, BareItem] = {}
        while self.skip(";"):
            self._spaces()
            key = self.take(_KEY)
            value: BareItem = self.bare() if self.skip("=") else True
            found[key] = value
            if len(found) > MAX_MEMBERS:
                raise StructuredFieldError("too many parameters")
        return found or _NO_PARAMETERS

    def bare(self) -> BareItem:
        char = self._text[self._at : self._at + 1]
        if char == '"':
            return _ESCAPED.sub(r"\1", self.take(_STRING)[1:-1])
        if char == ":":
            return self._bytes()
        if char == "?":
            return self._flag()
        if char == "-" or char.isdigit():
            return self._number()
        return Token(self.take(_TOKEN))

    def _number(self) -> int | float:
        text = self.take(_NUMBER)
        whole, _, fraction = text.partition(".")
        if fraction and len(whole.lstrip("-")) > 12:
            raise StructuredFieldError("a number too long")
        return float(text) if fraction else int(text)

    def _flag(self) -> bool:
        if self.skip("?1"):
            return True
        if self.skip("?0"):
            return False
        raise StructuredFieldError(f"no boolean at {self._at}")

    def _bytes(self) -> bytes:
        text = self.take(_BYTES)[1:-1]
        try:
            return base64.b64decode(text, validate=True)
        except binascii.Error as problem:
            raise StructuredFieldError("bytes that are no base64") from problem

    def _spaces(self) -> None:
        while self.skip(" "):
            pass
