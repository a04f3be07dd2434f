r"""JSON, read strictly (RFC 8259) and fast: repeated keys, depth, number of keys and values, size of numbers and texts.

No fast parser says whether a key came twice. But outside of texts a colon stands for one key, so
the colons of a body can be compared with those of its value written out again: texts have theirs
in both, and a key that was dropped is missing in the second. Only an escaped colon (`\u003a`)
could hide that, so such bodies take the slow way. All other limits are first tested by a count
that can only be too high, and exactly only where that count is beyond the limit.
"""

import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

import msgspec

from apiward.core.jsonvalue import Json
from apiward.guard.wire.unfit import UnfitError

_decode: Final = msgspec.json.Decoder().decode
_encode: Final = msgspec.json.Encoder().encode
_DIGITS_ALIKE: Final = bytes.maketrans(b"123456789E", b"000000000e")
_NESTED: Final = frozenset({dict, list})
_TEXT: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_SHOWN_KEY: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.-]{0,39}")


class JsonRules:
    """`longest_number` counts digits in a row, `longest_text` characters."""

    def __init__(
        self,
        *,
        deepest: int = 32,
        most_keys: int = 100_000,
        most_items: int = 500_000,
        longest_text: int = 1_048_576,
        longest_number: int = 30,
    ) -> None:
        self._deepest = deepest
        self._most_keys = most_keys
        self._most_items = most_items
        self._longest_text = longest_text
        self._most_bytes_uncounted = min(most_keys, most_items)
        self._long_number = b"0" * (longest_number + 1)

    def read(self, raw: bytes, place: str = "body") -> Json:
        """Return the value of `raw`. Raises UnfitError where it is no JSON, ambiguous, or beyond a limit."""
        try:
            value: Json = _decode(raw)
        except msgspec.ValidationError:
            raise UnfitError("protocol.json-number", place, "out of every range") from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise UnfitError("protocol.json", place, "malformed") from None
        except RecursionError:
            raise UnfitError("protocol.json-too-deep", place, "far too deep to read") from None
        alike = raw.translate(_DIGITS_ALIKE)
        if alike.find(b"0000") >= 0 and self._has_long_number(alike):
            self._check_numbers(alike, place)
        if raw.count(b"[") + raw.count(b"{") > self._deepest or len(raw) > self._most_bytes_uncounted:
            self._measure(value, place)
        colons = raw.count(b":")
        # Each key has one: where there are no more than keys at the top, none came twice, and no text has any.
        is_plain = value.__class__ is dict and len(value) == colons
        if colons and not is_plain and _encode(value).count(b":") != colons:
            _refuse_repeated(raw, place)
        if raw.find(b"\\u00") >= 0:
            _check_escaped(raw, place)
        if len(raw) > self._longest_text and _has_stretch(raw, self._longest_text):
            self._check_texts(value, place)
        return value

    def _has_long_number(self, alike: bytes) -> bool:
        return self._long_number in alike or b"e0000" in alike or b"e-0000" in alike or b"e+0000" in alike

    def _check_numbers(self, alike: bytes, place: str) -> None:
        """Look outside of texts. Only for what is known to be JSON: a text without an end would take very long."""
        if self._has_long_number(_TEXT.sub(b'""', alike)):
            most = len(self._long_number) - 1
            raise UnfitError("protocol.json-number", place, f"more than {most} digits, or a huge exponent")

    def _measure(self, value: Json, place: str) -> None:
        keys = items = depth = 0
        for level, objects, lists in _levels(value):
            depth += bool(objects or lists)
            if depth > self._deepest:
                raise UnfitError("protocol.json-too-deep", place, f"more than {self._deepest} levels")
            keys += sum(map(len, objects))
            items += len(level)
            if keys > self._most_keys or items > self._most_items:
                raise UnfitError("protocol.json-too-large", place, f"at least {keys} keys and {items} values")

    def _check_texts(self, value: Json, place: str) -> None:
        for level, objects, _ in _levels(value):
            texts = [node for node in (*level, *chain.from_iterable(objects)) if isinstance(node, str)]
            longest = max(map(len, texts), default=0)
            if longest > self._longest_text:
                raise UnfitError("protocol.json-too-large", place, f"a text of {longest} characters")


class _RepeatedError(ValueError):
    """Ends the slow reading at the first key that comes twice."""


def _levels(value: Json) -> Iterator[tuple[list[Json], list[dict[str, Json]], list[list[Json]]]]:
    """Yield all values level by level, with the objects and the lists among them; no depth exhausts the stack."""
    level: list[Json] = [value]
    while level:
        nested = [node for node in level if type(node) in _NESTED]
        objects = [node for node in nested if isinstance(node, dict)]
        lists = [node for node in nested if isinstance(node, list)]
        yield level, objects, lists
        level = list(chain.from_iterable(map(dict.values, objects)))
        level.extend(chain.from_iterable(lists))


def _has_stretch(raw: bytes, longest: int) -> bool:
    """Return whether more than `longest` bytes come without a quote, as they would in a longer text."""
    bare = raw.replace(b'\\"', b"__")
    start = 0
    while start + longest < len(bare):
        quote = bare.rfind(b'"', start, start + longest + 1)
        if quote < 0:
            return True
        start = quote + 1
    return False


def _check_escaped(raw: bytes, place: str) -> None:
    if b"\\u003a" in raw or b"\\u003A" in raw:
        _refuse_repeated(raw, place)
    if b"\\u0000" in raw and _NUL.search(raw):
        raise UnfitError("protocol.json", place, "NUL character")


def _refuse_repeated(raw: bytes, place: str) -> None:
    try:
        json.loads(raw, object_pairs_hook=_unique)
    except _RepeatedError as repeated:
        key = str(repeated)
        shown = f"{place} {key}" if _SHOWN_KEY.fullmatch(key) else place
        raise UnfitError("protocol.duplicate-key", shown, "a key comes more than once") from None


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _RepeatedError(_first_repeated(pairs))
    return found


def _first_repeated(pairs: list[tuple[str, Json]]) -> str:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            return name
        seen.add(name)
    return ""
