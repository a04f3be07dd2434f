"""SQL text as a shape: one letter for each token, in the place where the value would stand."""

import re
from dataclasses import dataclass
from typing import Final

from apiward.inspection.sql.words import ACTING, KINDS, KNOWN

MAX_TOKENS: Final = 400
"""Tokens read of one text in one place; the rest is not looked at."""

_TOKEN: Final = re.compile(
    r"""
    (?P<space>[\s\x00-\x20\xa0]++ | /\*(?!!)(?>(?:[^*]++|\*(?!/))*)\*/ | /\*!\d*+ | \*/ | (?:--|\#)[^\n]*+\n)
  | (?P<end>--[^\n]*+\Z | \#(?=[\s"'`)\x00-]|\Z)[^\n]*+\Z | /\*.*+\Z)
  | (?P<doubt>\#[^\n]*+\Z)
  | (?P<string>(?:\b[nbxe]|_utf8\s?)?'(?>(?:[^'\\]++|\\.|'')*)(?P<closed>')? | "(?>(?:[^"\\]++|\\.|"")*)(?P<shut>")?
      | \$\$[^$]*+(?P<dollars>\$\$))
  | (?P<number>0x[0-9a-f]++ | 0b[01]++ | (?:\d++(?>(?:\.\d*+)?)|\.\d++)(?>(?:e[+-]?\d++)?) | \\n(?=union|[^a-z]|\Z))
  | (?P<word>(?:[^\W\d][\w$]*+ | `[^`]*+` | \[[a-z_]\w*+\])(?>(?:\s?\.\s?(?:[^\W\d][\w$]*+|`[^`]*+`|\*))*))
  | (?P<variable>@{1,2}(?:[\w$.]++|`[^`]*+`|'[^']*+'|"[^"]*+")?)
  | (?P<logic>&&|\|\|)
  | (?P<sum><<|>>|[-+*/%^&|])
  | (?P<compare><=>|<>|!=|!<|!>|<=|>=|==|:=|[=<>])
  | (?P<unary>[!~])
  | (?P<mark>[(),;])
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_LETTER: Final = {
    "number": "n",
    "variable": "v",
    "logic": "l",
    "compare": "o",
    "sum": "a",
    "unary": "!",
    "end": "C",
    "doubt": "p",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """The kinds of the tokens in order, and the text of each (lower case)."""

    kinds: str
    texts: tuple[str, ...]


def shape_of(text: str) -> Shape:
    """Return the shape of lower-cased `text`; words are judged by what follows them. Linear in its length."""
    kinds: list[str] = []
    texts: list[str] = []
    for match in _TOKEN.finditer(text):
        group = match.lastgroup
        if group == "space":
            continue
        kinds.append(_kind(match, text))
        texts.append(match[0])
        if len(kinds) >= MAX_TOKENS:
            break
    return Shape("".join(kinds), tuple(texts))


def _kind(match: re.Match[str], text: str) -> str:
    group = match.lastgroup or ""
    letter = _LETTER.get(group)
    if letter is not None:
        return letter
    if group == "string":
        return "s" if match["closed"] or match["shut"] or match["dollars"] else "S"
    if group == "word":
        return _word(match[0], text[match.end() : match.end() + 4])
    return match[0] if group == "mark" else "p"


def _word(word: str, after: str) -> str:
    kind = KINDS.get(word)
    if kind is not None:
        return kind
    if after.lstrip()[:1] != "(":
        return "w"
    return "F" if word in ACTING else "f" if word in KNOWN else "x" if after[0] == "(" else "w"
