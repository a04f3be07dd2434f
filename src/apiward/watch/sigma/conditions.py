"""The condition of a rule: names of selections with `and`, `or`, `not`, parentheses, `1 of …` and `all of …`."""

import re
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final, Generic, TypeVar

MAX_TOKENS: Final = 500
MAX_DEPTH: Final = 50
_TOKEN: Final = re.compile(r"\s*(?:([()])|([A-Za-z0-9_*-]+))")
_WORDS: Final = frozenset({"and", "or", "not", "of", "them"})

_Node = TypeVar("_Node")


class ConditionProblem(ValueError):  # noqa: N818 - it says what it is
    """A condition that cannot be read: what is wrong, and what to do."""

    def __init__(self, what: str, advice: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice


class Grammar(Generic[_Node]):
    """Reads conditions into nodes of any kind: tests for rules, expressions for correlations."""

    def __init__(
        self,
        names: Mapping[str, _Node],
        *,
        every: Callable[[list[_Node]], _Node],
        some: Callable[[list[_Node]], _Node],
        negated: Callable[[_Node], _Node],
    ) -> None:
        self._names = names
        self._every = every
        self._some = some
        self._negated = negated
        self.used: set[str] = set()
        """The names that were asked for, so that who reads knows which were not."""

    def read(self, text: str) -> _Node:
        """Return the node of a condition. Raises ConditionProblem."""
        reader = _Reader(_tokens(text))
        node = self._either(reader, 0)
        if not reader.is_done:
            raise ConditionProblem(f"{reader.next()!r} is not expected there.", "Write and or or between two names.")
        return node

    def _either(self, reader: "_Reader", depth: int) -> _Node:
        if depth > MAX_DEPTH:
            raise ConditionProblem(f"It is nested more than {MAX_DEPTH} deep.", "No rule needs that.")
        nodes = [self._both(reader, depth)]
        while reader.takes("or"):
            nodes.append(self._both(reader, depth))
        return nodes[0] if len(nodes) == 1 else self._some(nodes)

    def _both(self, reader: "_Reader", depth: int) -> _Node:
        nodes = [self._single(reader, depth)]
        while reader.takes("and"):
            nodes.append(self._single(reader, depth))
        return nodes[0] if len(nodes) == 1 else self._every(nodes)

    def _single(self, reader: "_Reader", depth: int) -> _Node:
        is_negated = False
        while reader.takes("not"):
            is_negated = not is_negated
        node = self._operand(reader, depth)
        return self._negated(node) if is_negated else node

    def _operand(self, reader: "_Reader", depth: int) -> _Node:
        if reader.takes("("):
            node = self._either(reader, depth + 1)
            if not reader.takes(")"):
                raise ConditionProblem("A parenthesis is not closed.", "Write ) at its end.")
            return node
        word = reader.next()
        if reader.takes("of"):
            return self._several(word, reader.next())
        if not word or word in _WORDS or word in {"(", ")"}:
            said = f"{word!r} stands where a name should." if word else "A name is missing at the end."
            raise ConditionProblem(said, f"There are {', '.join(self._names)}.")
        if word not in self._names:
            why = " Write and, or and not in small letters." if word.lower() in _WORDS else ""
            raise ConditionProblem(f"There is no selection {word[:60]!r}.{why}", f"There are {', '.join(self._names)}.")
        self.used.add(word)
        return self._names[word]

    def _several(self, count: str, pattern: str) -> _Node:
        if count not in {"1", "any", "all"}:
            raise ConditionProblem(f"{count[:20]!r} of is not supported.", "Write 1 of, any of, or all of.")
        found = self._matching(pattern)
        if not found:
            raise ConditionProblem(f"No selection fits {pattern[:60]!r}.", f"There are {', '.join(self._names)}.")
        self.used.update(found)
        nodes = [self._names[name] for name in found]
        return nodes[0] if len(nodes) == 1 else self._every(nodes) if count == "all" else self._some(nodes)

    def _matching(self, pattern: str) -> Sequence[str]:
        # What begins with an underscore is left out, unless it is asked for: so the specification has it.
        wanted = "*" if pattern == "them" else pattern
        names = (name for name in self._names if wanted.startswith("_") or not name.startswith("_"))
        return [name for name in names if fnmatchcase(name, wanted)]


class _Reader:
    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def is_done(self) -> bool:
        return self._at >= len(self._tokens)

    def next(self) -> str:
        token = "" if self.is_done else self._tokens[self._at]
        self._at += 1
        return token

    def takes(self, token: str) -> bool:
        if self.is_done or self._tokens[self._at] != token:
            return False
        self._at += 1
        return True


def _tokens(text: str) -> Sequence[str]:
    tokens: list[str] = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            if "|" in text:
                raise ConditionProblem("Aggregations after | are not in Sigma any more.", "Write a correlation rule.")
            raise ConditionProblem(f"{text[at : at + 20]!r} cannot be read.", "Names are of letters, digits, _ and -.")
        tokens.append(match[1] or match[2])
        at = match.end()
        if len(tokens) > MAX_TOKENS:
            raise ConditionProblem(f"It has more than {MAX_TOKENS} words.", "Use 1 of name*.")
    return tokens
