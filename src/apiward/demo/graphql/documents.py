"""Reads GraphQL documents into what they ask for, no deeper than a program can follow."""

from dataclasses import dataclass, field
from typing import Any, Final

from apiward.spec.graphql.words import END, Word, WordReader, words_of

MAX_NESTING: Final = 200


class BadDocumentError(Exception):
    """The document cannot be read."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable in the place of a value."""

    name: str


@dataclass(frozen=True, slots=True)
class Picked:
    """A field that is asked for, or (where `only_on` is set or `spread`) a fragment."""

    name: str
    alias: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    inner: tuple["Picked", ...] = ()
    only_on: str | None = None
    spread: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One operation of a document, with its variables' defaults, and all fragments by name."""

    kind: str
    name: str
    fields: tuple[Picked, ...]
    defaults: dict[str, Any]
    fragments: dict[str, tuple[Picked, ...]]


def read_document(text: str, wanted: str = "") -> Asked:
    """Return the operation of that name, or the first one. Raises BadDocumentError."""
    try:
        return _Reader(words_of(text)).document(wanted)
    except ValueError as error:  # a GraphqlError, or a number of too many digits
        raise BadDocumentError(f"Syntax Error: {error}") from None


class _Reader(WordReader):
    """Reads definitions."""

    def document(self, wanted: str) -> Asked:
        """Read every definition."""
        operations: list[tuple[str, str, tuple[Picked, ...], dict[str, Any]]] = []
        fragments: dict[str, tuple[Picked, ...]] = {}
        while self.peek() is not END:
            if self.peek().text == "fragment":
                self.take()
                name = self.name()
                self._type_condition()
                fragments[name] = self._selection(0)
            else:
                operations.append(self._operation())
        for kind, name, fields, defaults in operations:
            if not wanted or name == wanted:
                return Asked(kind, name, fields, defaults, fragments)
        raise BadDocumentError("There is no such operation")

    def _operation(self) -> tuple[str, str, tuple[Picked, ...], dict[str, Any]]:
        if self.stands_before("{"):
            return "query", "", self._selection(0), {}
        kind = self.name()
        if kind not in ("query", "mutation"):
            raise BadDocumentError(f"Syntax Error: unexpected {kind!r}")
        name = self.name() if self.peek().kind == "name" else ""
        defaults = self._variables() if self.stands_before("(") else {}
        return kind, name, self._selection(0), defaults

    def _variables(self) -> dict[str, Any]:
        defaults: dict[str, Any] = {}
        self.take()
        while not self.skip(")"):
            self.expect("$")
            name = self.name()
            self.expect(":")
            while self.skip("[") or self.skip("]") or self.skip("!") or self.peek().kind == "name":
                if self.peek().kind == "name":
                    self.take()
            if self.skip("="):
                defaults[name] = self._value(0)
        return defaults

    def _selection(self, depth: int) -> tuple[Picked, ...]:
        if depth > MAX_NESTING:
            raise BadDocumentError("The query is nested too deeply")
        self.expect("{")
        found: list[Picked] = []
        while not self.skip("}"):
            found.append(self._fragment(depth) if self.skip("...") else self._field(depth))
        return tuple(found)

    def _field(self, depth: int) -> Picked:
        name, alias = self.name(), ""
        if self.skip(":"):
            alias, name = name, self.name()
        arguments = self._arguments() if self.stands_before("(") else {}
        inner = self._selection(depth + 1) if self.stands_before("{") else ()
        return Picked(name, alias, arguments, inner)

    def _fragment(self, depth: int) -> Picked:
        if self.peek().kind == "name" and self.peek().text != "on":
            return Picked("", spread=self.name())
        condition = self._type_condition() if self.peek().text == "on" else ""
        return Picked("", inner=self._selection(depth + 1), only_on=condition)

    def _type_condition(self) -> str:
        self.name()
        return self.name()

    def _arguments(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self.take()
        while not self.skip(")"):
            name = self.name()
            self.expect(":")
            found[name] = self._value(0)
        return found

    def _value(self, depth: int) -> Any:  # noqa: ANN401 - any JSON value, or variables in it
        word = self.take()
        if depth > MAX_NESTING or word is END:
            raise BadDocumentError("Syntax Error: a value was expected")
        if word == Word("mark", "$"):
            return Variable(self.name())
        if word == Word("mark", "["):
            items = []
            while not self.skip("]"):
                items.append(self._value(depth + 1))
            return items
        if word == Word("mark", "{"):
            members: dict[str, Any] = {}
            while not self.skip("}"):
                name = self.name()
                self.expect(":")
                members[name] = self._value(depth + 1)
            return members
        return _plain(word)


def _plain(word: Word) -> Any:  # noqa: ANN401 - any scalar
    if word.kind == "number":
        return float(word.text) if set(word.text) & set(".eE") else int(word.text)
    if word.kind in ("text", "block"):
        return word.text.encode("latin-1", "backslashreplace").decode("unicode_escape", "replace")
    if word.kind == "mark":
        raise BadDocumentError(f"Syntax Error: unexpected {word.text!r}")
    return {"true": True, "false": False, "null": None}.get(word.text, word.text)
