"""The words of a text in GraphQL's schema language (specification of October 2021, section 2.1)."""

import re
from typing import Final, NamedTuple

MAX_WORDS: Final = 400_000
_WORD: Final = re.compile(
    r"[\s,\ufeff]+|\#[^\n\r]*"
    r'|(?P<block>"""(?>(?:\\"""|[^"\\]++|\\|"(?!""))*)""")|(?P<text>"(?>(?:[^"\\\n\r]++|\\.)*)")'
    r"|(?P<mark>\.\.\.|[{}()\[\]:=!|&@$])|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<number>-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
)


class SdlError(ValueError):
    """A text that is no schema, or is too long to be read."""


class Word(NamedTuple):
    """One word. `kind` is block, text, mark, name or number; of a text, `text` is what stands between the quotes."""

    kind: str
    text: str


END: Final = Word("", "")


def words_of(text: str) -> list[Word]:
    """Return the words of a text. Raises SdlError. Takes time in proportion to its length."""
    found: list[Word] = []
    at, end = 0, len(text)
    while at < end:
        match = _WORD.match(text, at)
        if match is None:
            line = text.count("\n", 0, at) + 1
            raise SdlError(f"a character that GraphQL does not know, line {line}")
        at = match.end()
        kind = match.lastgroup
        if kind is not None:
            found.append(Word(kind, _inner(kind, match[kind])))
        if len(found) > MAX_WORDS:
            raise SdlError("it is too long")
    return found


def _inner(kind: str, text: str) -> str:
    if kind == "block":
        return text[3:-3].replace('\\"""', '"""').strip()
    return text[1:-1] if kind == "text" else text
