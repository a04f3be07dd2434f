"""What stands in an answer: every field whose name and value together are data of a kind."""

import re
from dataclasses import dataclass, field
from typing import Final

from apiward.classify.evidence import bears_out, is_hex_digest
from apiward.classify.kinds import Kind
from apiward.classify.names import kinds_of_name, words_of
from apiward.classify.placeholders import is_placeholder
from apiward.classify.terms import FREE_TEXT_NAMES, HEALTH_WORDS
from apiward.classify.values import MAX_TEXT, kinds_of_text
from apiward.core.jsonvalue import Json, Pointer, walk

_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_ERROR_NAMES: Final = frozenset({"error", "errors", "violations", "validation", "fielderrors", "messages"})
# Kinds that a bare number or a label can only look like: the name must not say that it is an id or a version.
_LOOK_ALIKE: Final = frozenset({Kind.CARD_NUMBER, Kind.PHONE, Kind.PAN, Kind.SSN})
_HASHED: Final = frozenset({Kind.PASSWORD, Kind.PASSWORD_HASH})
_NOTHING: Final[frozenset[Kind]] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """One piece of data: where it stands, under which name (empty if none), its kind and raw text."""

    pointer: Pointer
    name: str
    kind: Kind
    text: str = field(repr=False)


def classify_json(value: Json) -> tuple[Found, ...]:
    """Return all data of a kind in `value`, in document order; bounded as `core.jsonvalue.walk` is."""
    found: list[Found] = []
    for pointer, node in walk(value):
        text = _text_of(node)
        if not text:
            continue
        name = name_at(value, pointer)
        found.extend(Found(pointer, name, kind, text) for kind in sorted(kinds_of_field(name, text, pointer)))
    return tuple(found)


def kinds_of_field(name: str, text: str, pointer: Pointer = ()) -> frozenset[Kind]:
    """Return what `text` is in a field called `name`; `pointer` tells error reports from data."""
    named = kinds_of_name(name) if name else _NOTHING
    by_value = kinds_of_text(text) if len(text) >= 7 else _NOTHING
    if by_value:
        by_value = frozenset(kind for kind in by_value if not _is_doubted(kind, name, named, text))
    if not named:
        return by_value | {Kind.HEALTH} if _tells_of_health(name, text) else by_value
    borne_out = {kind for kind in named if bears_out(kind, text)}
    if borne_out and _is_error_report(pointer):
        borne_out = {kind for kind in borne_out if not kind.is_secret}
    return _settled(named, by_value | borne_out, text)


def name_at(value: Json, pointer: Pointer) -> str:
    """Return the name that the text at `pointer` goes by: of its list, or of its pair (`name`, `value`)."""
    name = next((step for step in reversed(pointer) if isinstance(step, str)), "")
    if name not in {"value", "Value"}:
        return name
    node: Json = value
    for step in pointer[: len(pointer) - 1 - pointer[::-1].index(name)]:
        node = node[step]  # type: ignore[index]  # `walk` gave this way
    return pair_name(node) or name


def pair_name(node: Json) -> str:
    """Return the name in an object that is a pair, as `{"name": "password", "value": "…"}`; else nothing."""
    if not isinstance(node, dict):
        return ""
    names = (node.get(key) for key in ("name", "key", "field", "Name", "Key"))
    return next((name for name in names if isinstance(name, str)), "")


def _text_of(node: Json) -> str:
    if isinstance(node, str):
        return node[:MAX_TEXT]
    if isinstance(node, bool | dict | list) or node is None:
        return ""
    # Longer numbers are no data of a kind, and turning them into text takes quadratic time.
    return str(node) if abs(node) < 10**20 else ""


def _settled(named: frozenset[Kind], kinds: frozenset[Kind] | set[Kind], text: str) -> frozenset[Kind]:
    """Say hash, and not password, where the password field holds one."""
    if named & _HASHED and (is_hex_digest(text) or Kind.PASSWORD_HASH in kinds):
        return frozenset(kinds - {Kind.PASSWORD} | {Kind.PASSWORD_HASH})
    return frozenset(kinds)


def _is_doubted(kind: Kind, name: str, named: frozenset[Kind], text: str) -> bool:
    if kind in named:
        return False
    if kind is Kind.AADHAAR:
        return text.strip().isdigit()
    if kind is Kind.IP_ADDRESS:
        return "version" in words_of(name)
    return kind in _LOOK_ALIKE and Kind.IDENTIFIER in named


def _is_error_report(pointer: Pointer) -> bool:
    return any(isinstance(step, str) and step.lower() in _ERROR_NAMES for step in pointer[:-1])


def _tells_of_health(name: str, text: str) -> bool:
    if len(text) < 12 or is_placeholder(text) or FREE_TEXT_NAMES.isdisjoint(words_of(name)):
        return False
    seen = {word for word in _WORD.findall(text.lower()) if word in HEALTH_WORDS}
    return len(seen) >= 2
