"""A shape made short: calls, brackets, subqueries and signs become one letter each.

Letters after folding: n constant, s string, S string that never ends, v variable, w name, k call of a known function,
K call that acts (waits, reads, fails loudly), Q subquery, z condition in brackets, r row; the rest as in `words`.
"""

import re
from typing import Final

MAX_DEPTH: Final = 12

_INNERMOST: Final = re.compile(r"([fFx]?)\(([^()]*)\)")
_SIGNS: Final = re.compile(r"(?:(?<=[(,loaUEHRtqIG!{])|^)[a!]+(?=[nsvwkKQzrSfFx({E])")
_EXPRESSION: Final = re.compile(r"[nsvwkzS](?:[aol][nsvwkzS])*")
_ROW: Final = re.compile(r"[nsvwkz](?:,[nsvwkz])+")
_CONSTANTS_COMPARED: Final = re.compile(r"[nsvkz]o[nsvkz]")
_UNGRAMMATICAL: Final = re.compile(r"^[nw]w|^w$")
"""What stands in brackets after an English word: `sleep (8 hours)`."""
_CASE: Final = re.compile(r"q[nsvwkKQzralo!]*(?:t[nsvwkKQzralo!]*)+t")
_LOOSE: Final = re.compile(r"a+(?=[loUGHRILMY;,)C])")
"""An operator with nothing on its right: a plus sign that stands for a blank."""
_STAR: Final = re.compile(r"(?<=[E(,])a(?=[M,)])")


def folded(kinds: str) -> str:
    """Return the folded form of a shape's kinds. At most MAX_DEPTH passes, each linear."""
    kinds = kinds.replace("gy", "G").replace("g", "w").replace("y", "w")
    kinds = _LOOSE.sub("", _STAR.sub("n", kinds))
    for _ in range(MAX_DEPTH):
        before = kinds
        kinds = _CASE.sub("z", _SIGNS.sub("", kinds))
        kinds = _INNERMOST.sub(_one, kinds)
        if kinds == before:
            break
    return kinds.replace("f", "w").replace("F", "K").replace("x", "w")


def _one(match: re.Match[str]) -> str:
    """Return the letter of one call or bracket without brackets in it."""
    call, inner = match.groups()
    if call == "F" and _UNGRAMMATICAL.search(inner):
        return "w"
    if call == "F" or "K" in inner or (call == "f" and _CONSTANTS_COMPARED.search(inner)):
        return "K"
    if "E" in inner or "Q" in inner:
        return "Q"
    if call:
        return "k" if call == "f" else "w"
    return _bracket(inner)


def _bracket(inner: str) -> str:
    inner = _SIGNS.sub("", inner)
    if _EXPRESSION.fullmatch(inner):
        if len(inner) == 1:
            return inner
        is_condition = "l" in inner or "o" in inner or "z" in inner
        return "w" if set(inner) <= set("waol") else "z" if is_condition or "v" in inner else "n"
    return "r" if _ROW.fullmatch(inner) else "{" + inner + "}"
