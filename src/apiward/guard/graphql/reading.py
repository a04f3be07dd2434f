"""Reads a GraphQL document into what each operation and fragment asks for by itself; no recursion."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from apiward.core.jsonvalue import Json
from apiward.guard.graphql.tokens import tokens
from apiward.spec.graphql.words import GraphqlError

MOST_NESTING: Final = 250
MOST_COST: Final = 10**12
_OPERATIONS: Final = frozenset({"query", "mutation", "subscription"})
_INTROSPECTION: Final = frozenset({"__schema", "__type"})
_SIZES: Final = frozenset(
    "first last limit take top count size pagesize page_size perpage per_page max maxresults numresults".split()
)
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Spread:
    """A fragment that is asked for: at which depth, and how many times over."""

    name: str
    depth: int
    times: int


@dataclass(slots=True)
class Definition:
    """What an operation or a fragment asks for, without the fragments that it spreads."""

    depth: int = 0
    cost: int = 0
    aliases: int = 0
    asks_for_schema: bool = False
    spreads: list[Spread] = field(default_factory=list)


@dataclass(slots=True)
class Document:
    """The operations and the fragments (by name) of one document."""

    operations: list[Definition] = field(default_factory=list)
    fragments: dict[str, Definition] = field(default_factory=dict)


def read(text: str, variables: Mapping[str, Json]) -> Document:
    """Return what stands in a document. Raises GraphqlError where it is none, or is nested too deeply."""
    return _Reader(tokens(text), variables).document()


class _Reader:
    """Goes through the tokens once."""

    def __init__(self, found: list[str], variables: Mapping[str, Json]) -> None:
        self._tokens = [*found, "", "", ""]
        self._at = 0
        self._sizes = {name: value for name, value in variables.items() if type(value) is int}
        self._defaults: dict[str, int] = {}

    def document(self) -> Document:
        """Read all definitions."""
        document = Document()
        while self._tokens[self._at]:
            word = self._tokens[self._at]
            if word == "fragment":
                name = self._tokens[self._at + 1]
                if name in document.fragments or not _is_name(name):
                    raise GraphqlError("two fragments of one name, or none")
                document.fragments[name] = self._definition()
            elif word == "{" or word in _OPERATIONS:
                document.operations.append(self._definition())
            else:
                raise GraphqlError("no query")
        if not document.operations:
            raise GraphqlError("no query")
        return document

    def _definition(self) -> Definition:
        """Read one definition: what stands before its braces is skipped, but for the defaults of variables."""
        while self._tokens[self._at] != "{":
            word = self._tokens[self._at]
            if not word or word in ")]}":
                raise GraphqlError("no query")
            if word == "(":
                self._skip_variables()
            else:
                self._at += 1
        return self._selections()

    def _selections(self) -> Definition:
        found = Definition()
        # how many times over the fields of each open brace are asked for, and at which depth
        levels: list[tuple[int, int]] = [(1, 1)]
        self._at += 1
        while levels:
            word = self._tokens[self._at]
            times, depth = levels[-1]
            if word == "}":
                levels.pop()
                self._at += 1
            elif word == "...":
                self._spread(found, levels, times, depth)
            elif _is_name(word):
                self._field(found, levels, times, depth)
            else:
                raise GraphqlError("no query")
            if len(levels) > MOST_NESTING:
                raise GraphqlError("nested too deeply")
        return found

    def _field(self, found: Definition, levels: list[tuple[int, int]], times: int, depth: int) -> None:
        name = self._take_name()
        if self._tokens[self._at] == ":":
            self._at += 1
            name = self._take_name()
            found.aliases += 1
        found.asks_for_schema = found.asks_for_schema or name in _INTROSPECTION
        found.depth = max(found.depth, depth)
        found.cost = min(found.cost + times, MOST_COST)
        size = self._arguments() if self._tokens[self._at] == "(" else 1
        self._skip_directives()
        if self._tokens[self._at] == "{":
            levels.append((min(times * max(size, 1), MOST_COST), depth + 1))
            self._at += 1

    def _spread(self, found: Definition, levels: list[tuple[int, int]], times: int, depth: int) -> None:
        self._at += 1
        word = self._tokens[self._at]
        if _is_name(word) and word != "on":
            self._at += 1
            found.spreads.append(Spread(word, depth, times))
            self._skip_directives()
            return
        if word == "on":
            self._at += 1
            self._take_name()
        self._skip_directives()
        if self._tokens[self._at] != "{":
            raise GraphqlError("no query")
        self._at += 1
        levels.append((times, depth))

    def _arguments(self) -> int:
        """Skip the arguments of a field; how many entries they ask for, 1 where they do not say."""
        start = self._at
        self._skip_brackets()
        size = 1
        for at in range(start + 1, self._at - 2):
            if self._tokens[at + 1] == ":" and self._tokens[at].lower() in _SIZES:
                size = max(size, self._number(at + 2))
        return size

    def _number(self, at: int) -> int:
        word = self._tokens[at]
        if word == "$":
            name = self._tokens[at + 1]
            return self._sizes.get(name, self._defaults.get(name, 1))
        return min(int(word), MOST_COST) if word.isdigit() and len(word) < 20 else 1

    def _skip_variables(self) -> None:
        start = self._at
        self._skip_brackets()
        name = ""
        for at in range(start, self._at):
            if self._tokens[at] == "$":
                name = self._tokens[at + 1]
            elif self._tokens[at] == "=" and self._tokens[at + 1].isdigit() and len(self._tokens[at + 1]) < 20:
                self._defaults[name] = int(self._tokens[at + 1])

    def _skip_directives(self) -> None:
        while self._tokens[self._at] == "@":
            self._at += 1
            self._take_name()
            if self._tokens[self._at] == "(":
                self._skip_brackets()

    def _skip_brackets(self) -> None:
        """Skip from an opening bracket to behind the one that closes it."""
        waiting: list[str] = []
        while True:
            word = self._tokens[self._at]
            self._at += 1
            if word in _CLOSING:
                waiting.append(_CLOSING[word])
            elif not word or (word in (")", "]", "}") and (waiting.pop() != word)):
                raise GraphqlError("no query")
            if not waiting:
                return
            if len(waiting) > MOST_NESTING:
                raise GraphqlError("nested too deeply")

    def _take_name(self) -> str:
        word = self._tokens[self._at]
        if not _is_name(word):
            raise GraphqlError("no query")
        self._at += 1
        return word


def _is_name(word: str) -> bool:
    return word.isidentifier()
