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
from apiward.spec.graphql.words import END, GraphqlError, Word, WordReader, words_of

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
    """Return the schema that a text holds. Raises GraphqlError where it holds none."""
    return _Reader(words_of(text)).schema()


class _Reader(WordReader):
    """Reads definitions."""

    def __init__(self, found: list[Word]) -> None:
        super().__init__(found)
        self._types: dict[str, Type] = {}
        self._roots = {"query": "Query", "mutation": "Mutation"}

    def schema(self) -> GraphqlSchema:
        """Read all definitions."""
        while self.peek() is not END:
            self._definition()
            if len(self._types) > MAX_TYPES:
                raise GraphqlError(f"it has more than {MAX_TYPES} types")
        self._tell_interfaces()
        roots = {role: name if name in self._types else "" for role, name in self._roots.items()}
        return GraphqlSchema(MappingProxyType(self._types), roots["query"], roots["mutation"])

    def _definition(self) -> None:
        self._description()
        if self.peek().text == "extend":
            self.take()
        word = self.take()
        if word.text == "schema":
            self._schema_roots()
        elif word.text == "directive":
            self._skip_directive_definition()
        elif word.text in _KINDS:
            self._type(_KINDS[word.text])
        else:
            raise GraphqlError(f"{word.text or 'the end'!r} where a definition should begin")

    def _type(self, kind: Kind) -> None:
        name = self.name()
        interfaces = self._interfaces()
        self._skip_directives()
        members = self._members() if kind is Kind.UNION and self.skip("=") else ()
        fields: list[Field] = []
        inputs: list[Input] = []
        if self.skip("{"):
            while not self.skip("}"):
                if kind is Kind.INPUT:
                    inputs.append(self._input())
                elif kind is Kind.ENUM:
                    self._description()
                    members = (*members, self.name())
                    self._skip_directives()
                else:
                    fields.append(self._field())
                _check_size(name, len(fields) + len(inputs) + len(members))
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
        _check_size(more.name, sum(map(len, (more.fields, more.inputs, more.members, more.interfaces))))
        self._types[more.name] = more

    def _tell_interfaces(self) -> None:
        """Let each interface know which types have it."""
        having: dict[str, list[str]] = {}
        for one in self._types.values():
            for name in dict.fromkeys(one.interfaces) if one.kind is Kind.OBJECT else ():
                having.setdefault(name, []).append(one.name)
        for name in having.keys() & self._types.keys():
            interface = self._types[name]
            self._types[name] = replace(interface, members=(*interface.members, *having[name]))

    def _field(self) -> Field:
        description = self._description()
        name = self.name()
        arguments = self._arguments()
        self.expect(":")
        of = self._type_ref()
        return Field(name, of, arguments, description, is_deprecated="deprecated" in self._skip_directives())

    def _arguments(self) -> tuple[Input, ...]:
        found: list[Input] = []
        if self.skip("("):
            while not self.skip(")"):
                found.append(self._input())
        return tuple(found)

    def _input(self) -> Input:
        description = self._description()
        name = self.name()
        self.expect(":")
        of = self._type_ref()
        has_default = self.skip("=")
        if has_default:
            self._skip_value()
        self._skip_directives()
        return Input(name, of, description, has_default)

    def _type_ref(self) -> TypeRef:
        depth = 0
        while self.skip("["):
            depth += 1
        if depth > MAX_WRAPPINGS:
            raise GraphqlError("lists in lists too deep to read")
        text = self.name() + ("!" if self.skip("!") else "")
        for _ in range(depth):
            self.expect("]")
            text = f"[{text}]" + ("!" if self.skip("!") else "")
        return TypeRef(text)

    def _interfaces(self) -> tuple[str, ...]:
        if self.peek().text != "implements":
            return ()
        self.take()
        self.skip("&")
        found = [self.name()]
        while self.skip("&") or self.peek().kind == "name":
            found.append(self.name())
        return tuple(found)

    def _members(self) -> tuple[str, ...]:
        self.skip("|")
        found = [self.name()]
        while self.skip("|"):
            found.append(self.name())
        return tuple(found)

    def _schema_roots(self) -> None:
        self._skip_directives()
        if self.skip("{"):
            while not self.skip("}"):
                self._description()
                role = self.name()
                self.expect(":")
                self._roots[role] = self.name()

    def _skip_directive_definition(self) -> None:
        self.expect("@")
        self.name()
        self._arguments()
        if self.peek().text == "repeatable":
            self.take()
        self.name()  # on
        self._members()

    def _skip_directives(self) -> set[str]:
        found = set()
        while self.skip("@"):
            found.add(self.name())
            if self.stands_before("("):
                self._skip_value()
        return found

    def _skip_value(self) -> None:
        """Skip one value: a word, `$name`, or everything between brackets that belong together."""
        self.skip("$")
        waiting: list[str] = []
        while True:
            word = self.take()
            if word is END:
                raise GraphqlError("it breaks off")
            if word.kind == "mark" and word.text in _CLOSING:
                waiting.append(_CLOSING[word.text])
            elif word.kind == "mark" and word.text in (")", "]", "}") and (not waiting or waiting.pop() != word.text):
                raise GraphqlError(f"{word.text!r} closes nothing")
            if not waiting:
                return

    def _description(self) -> str:
        return self.take().text if self.peek().kind in ("block", "text") else ""


def _check_size(name: str, size: int) -> None:
    if size > MAX_FIELDS:
        raise GraphqlError(f"{name} has more than {MAX_FIELDS} fields")
