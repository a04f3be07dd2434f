"""Reads a schema that is written in GraphQL's own language; no recursion, bounded."""

import re
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from apiward.spec.graphql.model import (
    MAX_FIELDS,
    MAX_TYPES,
    MAX_WRAPPINGS,
    Field,
    GraphqlSchema,
    Input,
    Kind,
    Type,
    TypeRef,
)
from apiward.spec.graphql.words import END, SdlError, Word, words_of

_KINDS: Final = {
    "type": Kind.OBJECT,
    "interface": Kind.INTERFACE,
    "input": Kind.INPUT,
    "enum": Kind.ENUM,
    "union": Kind.UNION,
    "scalar": Kind.SCALAR,
}
_START: Final = re.compile(
    r"\s*(?>(?:#[^\n]*\n\s*|\"\"\"(?>(?:[^\"]++|\"(?!\"\"))*)\"\"\"\s*|\"[^\"\n]*\"\s*)*)"
    r"(?:extend\s+)?(?:type|interface|input|enum|union|scalar|schema|directive)\s+[@{A-Za-z_]"
)
_NOT_YAML: Final = re.compile(r"[{@=]|\bimplements\b")
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}


def looks_like_sdl(text: str) -> bool:
    """Whether a text begins as a schema does."""
    return bool(_START.match(text[:20_000])) and bool(_NOT_YAML.search(text[:20_000]))


def read_sdl(text: str) -> GraphqlSchema:
    """Return the schema that a text holds. Raises SdlError where it holds none."""
    return _Reader(words_of(text)).schema()


class _Reader:
    """Goes through the words once."""

    def __init__(self, found: list[Word]) -> None:
        self._words = found
        self._at = 0
        self._types: dict[str, Type] = {}
        self._roots = {"query": "Query", "mutation": "Mutation"}

    def schema(self) -> GraphqlSchema:
        """Read all definitions."""
        while self._peek() is not END:
            self._definition()
            if len(self._types) > MAX_TYPES:
                raise SdlError(f"it has more than {MAX_TYPES} types")
        self._tell_interfaces()
        roots = {role: name if name in self._types else "" for role, name in self._roots.items()}
        return GraphqlSchema(MappingProxyType(self._types), roots["query"], roots["mutation"])

    def _definition(self) -> None:
        self._description()
        if self._peek().text == "extend":
            self._take()
        word = self._take()
        if word.text == "schema":
            self._schema_roots()
        elif word.text == "directive":
            self._skip_directive_definition()
        elif word.text in _KINDS:
            self._type(_KINDS[word.text])
        else:
            raise SdlError(f"{word.text or 'the end'!r} where a definition should begin")

    def _type(self, kind: Kind) -> None:
        name = self._name()
        interfaces = self._interfaces()
        self._skip_directives()
        members = self._members() if kind is Kind.UNION and self._skip("=") else ()
        fields: list[Field] = []
        inputs: list[Input] = []
        if self._skip("{"):
            while not self._skip("}"):
                if kind is Kind.INPUT:
                    inputs.append(self._input())
                elif kind is Kind.ENUM:
                    self._description()
                    members = (*members, self._name())
                    self._skip_directives()
                else:
                    fields.append(self._field())
                if len(fields) + len(inputs) + len(members) > MAX_FIELDS:
                    raise SdlError(f"{name} has more than {MAX_FIELDS} fields")
        self._add(Type(name, kind, tuple(fields), tuple(inputs), members, interfaces))

    def _add(self, more: Type) -> None:
        """Keep a type, or what an `extend` adds to one."""
        old = self._types.get(more.name)
        if old is not None:
            more = replace(
                old,
                fields=(*old.fields, *more.fields),
                inputs=(*old.inputs, *more.inputs),
                members=(*old.members, *more.members),
                interfaces=(*old.interfaces, *more.interfaces),
            )
        self._types[more.name] = more

    def _tell_interfaces(self) -> None:
        """Let each interface know which types have it."""
        for one in list(self._types.values()):
            for name in one.interfaces:
                interface = self._types.get(name)
                if interface is not None and one.kind is Kind.OBJECT:
                    self._types[name] = replace(interface, members=(*interface.members, one.name))

    def _field(self) -> Field:
        description = self._description()
        name = self._name()
        arguments = self._arguments()
        self._expect(":")
        of = self._type_ref()
        return Field(name, of, arguments, description, is_deprecated="deprecated" in self._skip_directives())

    def _arguments(self) -> tuple[Input, ...]:
        found: list[Input] = []
        if self._skip("("):
            while not self._skip(")"):
                found.append(self._input())
        return tuple(found)

    def _input(self) -> Input:
        description = self._description()
        name = self._name()
        self._expect(":")
        of = self._type_ref()
        has_default = self._skip("=")
        if has_default:
            self._skip_value()
        self._skip_directives()
        return Input(name, of, description, has_default)

    def _type_ref(self) -> TypeRef:
        depth = 0
        while self._skip("["):
            depth += 1
        if depth > MAX_WRAPPINGS:
            raise SdlError("lists in lists too deep to read")
        text = self._name() + ("!" if self._skip("!") else "")
        for _ in range(depth):
            self._expect("]")
            text = f"[{text}]" + ("!" if self._skip("!") else "")
        return TypeRef(text)

    def _interfaces(self) -> tuple[str, ...]:
        if self._peek().text != "implements":
            return ()
        self._take()
        self._skip("&")
        found = [self._name()]
        while self._skip("&") or self._peek().kind == "name":
            found.append(self._name())
        return tuple(found)

    def _members(self) -> tuple[str, ...]:
        self._skip("|")
        found = [self._name()]
        while self._skip("|"):
            found.append(self._name())
        return tuple(found)

    def _schema_roots(self) -> None:
        self._skip_directives()
        if self._skip("{"):
            while not self._skip("}"):
                self._description()
                role = self._name()
                self._expect(":")
                self._roots[role] = self._name()

    def _skip_directive_definition(self) -> None:
        self._expect("@")
        self._name()
        self._arguments()
        if self._peek().text == "repeatable":
            self._take()
        self._name()  # on
        self._members()

    def _skip_directives(self) -> set[str]:
        found = set()
        while self._skip("@"):
            found.add(self._name())
            if self._peek() == Word("mark", "("):
                self._skip_value()
        return found

    def _skip_value(self) -> None:
        """Skip one value: a word, `$name`, or everything between brackets that belong together."""
        self._skip("$")
        waiting: list[str] = []
        while True:
            word = self._take()
            if word is END:
                raise SdlError("it breaks off")
            if word.kind == "mark" and word.text in _CLOSING:
                waiting.append(_CLOSING[word.text])
            elif word.kind == "mark" and word.text in (")", "]", "}") and (not waiting or waiting.pop() != word.text):
                raise SdlError(f"{word.text!r} closes nothing")
            if not waiting:
                return

    def _description(self) -> str:
        return self._take().text if self._peek().kind in ("block", "text") else ""

    def _name(self) -> str:
        word = self._take()
        if word.kind != "name":
            raise SdlError(f"{word.text or 'the end'!r} where a name should stand")
        return word.text

    def _expect(self, mark: str) -> None:
        if not self._skip(mark):
            raise SdlError(f"{self._peek().text or 'the end'!r} where {mark!r} should stand")

    def _skip(self, mark: str) -> bool:
        is_there = self._peek() == Word("mark", mark)
        self._at += is_there
        return is_there

    def _peek(self) -> Word:
        return self._words[self._at] if self._at < len(self._words) else END

    def _take(self) -> Word:
        word = self._peek()
        self._at += 1
        return word
