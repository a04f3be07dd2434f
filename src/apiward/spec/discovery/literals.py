"""The shape of an object as a script writes it: names, and the kinds of values as far as they can be seen."""

import re
from typing import Final

from apiward.core.jsonvalue import Json

MAX_TEXT: Final = 1_500
MAX_DEPTH: Final = 5
MAX_NAMES: Final = 60
_NAME: Final = re.compile(r"""\s*(?:([A-Za-z_$][\w$]{0,60})|(["'])([^"'\n]{1,60})\2)\s*""")
_NUMBER: Final = re.compile(r"\s*-?\d+(?:\.\d+)?\s*(?=[,}\]])")
_TRUTH: Final = re.compile(r"\s*(?:true|false|!0|!1)\s*(?=[,}\]])")
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}


def object_at(text: str, start: int) -> dict[str, Json]:
    """Return the names of the object literal at `start`, each with an empty value of its kind; empty where none is."""
    shape, _ = _object(text[start : start + MAX_TEXT], 0, 0)
    return shape


def _object(text: str, at: int, depth: int) -> tuple[dict[str, Json], int]:
    found: dict[str, Json] = {}
    if text[at : at + 1] != "{":
        return found, at
    at += 1
    while at < len(text) and len(found) < MAX_NAMES:
        name = _NAME.match(text, at)
        if name is None:
            at = _past(text, at)  # a spread or a computed name
        elif text[name.end() : name.end() + 1] == ":":
            value, at = _value(text, name.end() + 1, depth + 1)
            found[name[1] or name[3]] = value
        else:
            if name[1] and text[name.end() : name.end() + 1] in {",", "}"}:
                found[name[1]] = ""
            at = _past(text, name.end())
        if text[at : at + 1] != ",":
            break
        at += 1
    return found, at + 1


def _value(text: str, at: int, depth: int) -> tuple[Json, int]:
    while text[at : at + 1].isspace():
        at += 1
    start = text[at : at + 1]
    if start == "{" and depth < MAX_DEPTH:
        shape, end = _object(text, at, depth)
        return dict[str, Json](shape), _past(text, end)
    if start == "[" and depth < MAX_DEPTH:
        inner, _ = _value(text, at + 1, depth + 1)
        end = _past(text, at)
        return ([] if text[at + 1 : at + 2] == "]" else [inner]), end
    if found := _NUMBER.match(text, at):
        return 1 if "." not in found[0] else 1.5, found.end()
    if found := _TRUTH.match(text, at):
        return True, found.end()
    return "", _past(text, at)


def _past(text: str, at: int) -> int:
    """Return where the expression at `at` ends: at a comma or a closing bracket of what is around it."""
    closing: list[str] = []
    while at < len(text):
        sign = text[at]
        if sign in "\"'`":
            end = text.find(sign, at + 1)
            at = len(text) if end < 0 else end
        elif sign in _CLOSING:
            closing.append(_CLOSING[sign])
        elif sign in ")]}":
            if not closing:
                return at
            closing.pop()
        elif sign in ",;" and not closing:
            return at
        at += 1
    return at
