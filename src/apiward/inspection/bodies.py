"""Whole bodies and whole requests taken apart into the texts that can attack; bounded in nodes."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias
from urllib.parse import unquote_plus

from apiward.core.jsonvalue import NOT_JSON, Json, NotJson, Pointer, parse_json
from apiward.inspection.api import inspect_text
from apiward.inspection.attacks import xml
from apiward.inspection.members import inspect_member
from apiward.inspection.model import NO_CLASSES, SURE, AttackClass, Classes, Hit, Profile, View
from apiward.inspection.multipart import Part, parts_of
from apiward.inspection.overlooking import beyond
from apiward.inspection.profiles import profile_of

Place = tuple[str | int, ...]
"""Where in a request or body a text stands: `("query", "q")`, `("body", "items", 0, "note")`."""
Found = tuple[Place, Hit]
Overlook: TypeAlias = Callable[[Place, Hit], bool]
"""Returns whether an attack in a place is to be passed over, as the owner has allowed it there."""
_Waiting = tuple[Pointer, str, Json]

MAX_PAIRS: Final = 2_000
MAX_NODES: Final = 250_000
"""Members and items of a JSON value that are judged; the stage that limits bodies refuses more first."""
MAX_NESTED: Final = 3
"""How often JSON in a string of JSON is taken apart; further in, it is judged as text."""
MAX_BODY: Final = 4_194_304
"""Bytes of a body that are judged; the stage that limits bodies refuses longer ones first."""

_GRAPHQL: Final = re.compile(r"\s*(?:\#[^\n]*\n\s*)*(?:\{|(?:query|mutation|subscription|fragment)\b[^{]{0,2000}\{)")
_QUOTED: Final = re.compile(r'"""((?>(?:[^"]++|"(?!""))*))"""|"((?>(?:[^"\\\n]++|\\.)*))"')
_XML_TEXT: Final = re.compile(
    r"<!\[CDATA\[([^\]]*+(?>(?:\](?!\]>)[^\]]*+)*))\]\]>|>([^<]+)|=\s*\"([^\"<]*)\"|=\s*'([^'<]*)'"
)
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_LIKE_XML: Final = re.compile(r"\s*(?:<\?xml\b[^>]*>\s*)?<[A-Za-z!]")
_PLAIN_NAME: Final = re.compile(r"[\w.-]{1,64}")


def inspect_json(
    value: Json, *, depth: int = 0, passed: Classes = NO_CLASSES, overlook: Overlook | None = None
) -> tuple[Pointer, Hit] | None:
    """Return the first attack in a JSON value with its pointer: in names, in strings, in JSON and GraphQL inside.

    Judges MAX_NODES nodes. `depth` says how many strings of JSON the value was taken out of.
    """
    if isinstance(value, str):
        text = value
        hit = beyond((), overlook, lambda more: inspect_string("", text, depth, passed | more))
        return ((), hit) if hit is not None else None
    waiting: list[_Waiting] = [((), "", value)]
    known = _Known(set(), set())
    left = MAX_NODES
    while waiting and left > 0:
        pointer, name, node = waiting.pop()
        left -= len(node) if isinstance(node, dict | list) else 1
        for key, child in _children(node):
            hit = _inspect_child(name, key, child, known, depth, passed)
            if hit is not None and overlook is not None:
                again = partial(_inspect_child, name, key, child, known, depth)
                hit = beyond((*pointer, key), overlook, again)
            if hit is not None:
                return (*pointer, key), hit
            if isinstance(child, dict | list):
                waiting.append(((*pointer, key), key if isinstance(key, str) else name, child))
    return None


@dataclass(frozen=True, slots=True)
class _Known:
    """Names and short strings of one body that are harmless: most come again and again."""

    names: set[str]
    texts: set[str]


def _children(node: Json) -> Iterable[tuple[str | int, Json]]:
    return node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()


def _inspect_child(name: str, key: str | int, child: Json, known: _Known, depth: int, passed: Classes) -> Hit | None:
    """Judge one member or item by its own name, or by that of the list it stands in."""
    if isinstance(key, str):
        name = key
        if key not in known.names:
            hit = _inspect_name(key, child, passed)
            if hit is not None:
                return hit
            if not passed and key != "constructor" and key[:1] not in {"$", "@", "!", "_"}:
                known.names.add(key)
    if not isinstance(child, str) or child in known.texts:
        return None
    hit = inspect_string(name, child, depth, passed)
    # A document of GraphQL is not judged as text, and what is allowed here may not be: neither is harmless elsewhere.
    if hit is None and not passed and len(child) <= 64 and name != "query":
        known.texts.add(child)
    return hit


def inspect_pairs(pairs: Iterable[tuple[str, str]], overlook: Overlook | None = None) -> Found | None:
    """Return the first attack in decoded name-value pairs (a query, a form) with the name; at most MAX_PAIRS."""
    for number, (name, value) in enumerate(pairs):
        if number >= MAX_PAIRS:
            return None
        hit = _inspect_pair(name, value, NO_CLASSES)
        if hit is not None and overlook is not None:
            hit = beyond((name,), overlook, partial(_inspect_pair, name, value))
        if hit is not None:
            return (name,), hit
    return None


def _inspect_pair(name: str, value: str, passed: Classes) -> Hit | None:
    return _inspect_name(name, value, passed) or inspect_string(name, value, 0, passed)


def inspect_graphql(text: str, passed: Classes = NO_CLASSES) -> Hit | None:
    """Return the first attack in the string literals of a GraphQL document."""
    for match in _QUOTED.finditer(text):
        literal = match[1] or match[2] or ""
        hit = inspect_field("", literal, passed)
        if hit is not None:
            return hit
    return None


def inspect_xml(text: str, passed: Classes = NO_CLASSES) -> Hit | None:
    """Return the first attack in an XML document: what it declares, and its texts and attributes."""
    seen = xml.look_in_document(View(text, text.lower()))
    if seen is not None and AttackClass.XML not in passed:
        return Hit(AttackClass.XML, seen.rule, seen.score, (), seen.why)
    for match in _XML_TEXT.finditer(text):
        literal = (match[1] or match[2] or match[3] or match[4] or "").strip()
        hit = inspect_field("", literal, passed) if literal else None
        if hit is not None:
            return hit
    return None


def inspect_body(body: bytes, media_type: str, overlook: Overlook | None = None) -> Found | None:
    """Return the first attack in a body. An unknown or wrong media type is judged by what the bytes look like."""
    if not body:
        return None
    kind = media_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return _inspect_parts(body, media_type, overlook)
    text = _body_text(body[:MAX_BODY], media_type)
    if kind == "application/x-www-form-urlencoded":
        return inspect_pairs(pairs_of(text), overlook)
    value = parse_json(text) if "json" in kind or text.lstrip()[:1] in {"{", "["} else NOT_JSON
    if not isinstance(value, NotJson):
        return inspect_json(value, overlook=overlook)
    hit = beyond((), overlook, partial(_inspect_document, text, kind))
    return ((), hit) if hit is not None else None


def _body_text(body: bytes, media_type: str) -> str:
    """Return the text of a body in the character set it claims; in UTF-8 where that set is unknown or wrong."""
    found = _CHARSET.search(media_type)
    charset = found[1] if found else "utf-16" if body[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    try:
        return body.decode(charset)
    except (LookupError, ValueError):
        return body.decode("utf-8", "replace")


def pairs_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield decoded pairs of a query or form; a piece without `=` is a value without a name."""
    for piece in text.split("&"):
        name, mark, value = piece.partition("=")
        if mark:
            yield _decoded(name), _decoded(value)
        elif name:
            yield "", _decoded(name)


def _decoded(text: str) -> str:
    return unquote_plus(text) if "%" in text or "+" in text else text


def _inspect_document(text: str, kind: str, passed: Classes) -> Hit | None:
    if kind == "application/graphql":
        return inspect_graphql(text, passed)
    if ("xml" in kind or not kind.startswith("text/")) and _LIKE_XML.match(text):
        return inspect_xml(text, passed)
    return inspect_text(text, Profile.RAW, passed) if len(text) > 400 else inspect_field("body", text, passed)


def _inspect_parts(body: bytes, media_type: str, overlook: Overlook | None) -> Found | None:
    for part in parts_of(body[:MAX_BODY], media_type):
        hit = beyond((part.name,), overlook, partial(_inspect_part, part))
        if hit is not None:
            return (part.name,), hit
    return None


def _inspect_part(part: Part, passed: Classes) -> Hit | None:
    hit = _inspect_name(part.name, part.text, passed)
    if hit is None and part.file_name:
        hit = inspect_text(part.file_name, Profile.VALUE, passed)
    if hit is None and part.file_name is None:
        return inspect_string(part.name, part.text, 0, passed)
    return inspect_text(part.text, Profile.RAW, passed) if hit is None and part.is_text else hit


def _inspect_name(name: str, value: Json, passed: Classes) -> Hit | None:
    if name.isalnum() and name != "constructor":
        return None
    hit = inspect_member(name, value)
    if hit is not None and hit.attack not in passed:
        return hit
    return None if _PLAIN_NAME.fullmatch(name) else inspect_text(name, Profile.VALUE, passed)


def inspect_string(name: str, text: str, depth: int = 0, passed: Classes = NO_CLASSES) -> Hit | None:
    """Return the attack that a text shows under a name; JSON or GraphQL that it holds is opened."""
    is_nested = text[:1] in {"{", "["} and text[-1:] in {"}", "]"} and depth < MAX_NESTED
    inner = parse_json(text) if is_nested else NOT_JSON
    if isinstance(inner, dict | list):
        found = inspect_json(inner, depth=depth + 1, passed=passed)
        return found[1] if found is not None else None
    if name == "query" and _GRAPHQL.match(text):
        return inspect_graphql(text, passed)
    return inspect_field(name, text, passed)


def inspect_field(name: str, text: str, passed: Classes = NO_CLASSES) -> Hit | None:
    """Return the attack that a text shows under a name, where nothing else is known of it."""
    hit = inspect_text(text, Profile.VALUE, passed)
    if hit is None or hit.score >= SURE:
        return hit
    # The profile costs more than it tells of a harmless text: it is only asked for in doubt.
    profile = profile_of(name, text)
    return hit if profile is Profile.VALUE else inspect_text(text, profile, passed)
