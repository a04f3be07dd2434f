"""The words of a schema or a query in GraphQL (specification of October 2021, section 2.1), one after the other."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

MAX_WORDS: Final = 400_000
_BETWEEN: Final = re.compile(r"(?>(?:[\s,\ufeff]++|\#[^\n\r]*+)*)")
_WORD: Final = re.compile(
    _BETWEEN.pattern
    + r'(?:(?P<block>"""(?>(?:\\"""|[^"\\]++|\\|"(?!""))*)""")|(?P<text>"(?>(?:[^"\\\n\r]++|\\.)*)")'
    + r"|(?P<mark>\.\.\.|[{}()\[\]:=!|&@$])|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    + r"|(?P<number>-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|\Z)"
)


class GraphqlError(ValueError):
    """A text that cannot be read as GraphQL, or is too long to be read."""


class Word(NamedTuple):
    """One word. `kind` is block, text, mark, name or number; of a text, `text` is what stands between the quotes."""

    kind: str
    text: str


END: Final = Word("", "")


def words_of(text: str) -> list[Word]:
    """Return the words of a text. Raises GraphqlError."""
    return [Word(kind, _inner(kind, written)) for kind, written in written_words(text, MAX_WORDS)]


def written_words(text: str, most: int) -> Iterator[tuple[str, str]]:
    """Yield the kind of each word, and how it is written. Raises GraphqlError. Takes time in proportion to length."""
    at, end, left = 0, len(text), most
    while at < end:
        match = _WORD.match(text, at)
        if match is None:
            between = _BETWEEN.match(text, at)
            line = text.count("\n", 0, between.end() if between else at) + 1
            raise GraphqlError(f"a character that GraphQL does not know, line {line}")
        at = match.end()
        kind = match.lastgroup
        if kind is not None:
            if left == 0:
                raise GraphqlError("it is too long")
            left -= 1
            yield kind, match[kind]


class WordReader:
    """Goes through the words of a text once."""

    def __init__(self, found: list[Word]) -> None:
        self._words = found
        self._at = 0

    def peek(self) -> Word:
        """Return the next word, and stay before it."""
        return self._words[self._at] if self._at < len(self._words) else END

    def take(self) -> Word:
        """Return the next word."""
        word = self.peek()
        self._at += 1
        return word

    def stands_before(self, mark: str) -> bool:
        """Whether this mark is next."""
        return self.peek() == Word("mark", mark)

    def skip(self, mark: str) -> bool:
        """Go past a mark where it is next; whether it was."""
        is_there = self.stands_before(mark)
        self._at += is_there
        return is_there

    def expect(self, mark: str) -> None:
        """Go past a mark. Raises GraphqlError where another word is next."""
        if not self.skip(mark):
            raise GraphqlError(f"{self.peek().text or 'the end'!r} where {mark!r} should stand")

    def name(self) -> str:
        """Return the next word, a name. Raises GraphqlError where it is none."""
        word = self.take()
        if word.kind != "name":
            raise GraphqlError(f"{word.text or 'the end'!r} where a name should stand")
        return word.text


def _inner(kind: str, text: str) -> str:
    if kind == "block":
        return text[3:-3].replace('\\"""', '"""').strip()
    return text[1:-1] if kind == "text" else text
