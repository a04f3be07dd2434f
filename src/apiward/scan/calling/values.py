"""Values for slots: what a schema allows, what a name suggests, and text that can be recognised again."""

import base64
import random
import re
import string
from collections.abc import Callable
from typing import Final

from apiward.core.jsonvalue import Json
from apiward.core.schema import Schema
from apiward.scan.calling import multipart
from apiward.spec.meaning import naming

MAX_ELEMENTS: Final = 5
"""Elements that a list is given where it must have many."""
MANY_DEPTH: Final = 3
"""Levels above which lists are given more elements than one; below, values would grow too large."""
MAX_DEPTH: Final = 8
_FORMATS: Final[dict[str, Json]] = {
    "date": "2027-03-14",
    "date-time": "2027-03-14T10:00:00Z",
    "time": "10:00:00",
    "uri": "https://example.com/a",
    "url": "https://example.com/a",
    "ipv4": "192.0.2.7",
    "ipv6": "2001:db8::7",
    "hostname": "example.com",
    "byte": "YXBpd2FyZA==",
    "binary": multipart.USUAL_CONTENT,
    "duration": "PT1H",
}
_ENCODED: Final = re.compile(r"[\w+/-]{4,80}")
_NUMBERED: Final = re.compile(r"[A-Za-z][A-Za-z_.-]{0,30}[:/|#.-]{0,2}\d{1,15}|\d{1,15}")
_BY_WORD: Final[dict[str, Json]] = {
    "currency": "EUR",
    "cvc": "123",
    "cvv": "123",
    "expiry": "12/30",
    "country": "DE",
    "language": "en",
    "locale": "en",
    "lang": "en",
    "timezone": "UTC",
    "date": "2027-03-14",
    "day": "2027-03-14",
    "birthday": "1990-05-17",
    "dob": "1990-05-17",
    "datetime": "2027-03-14T10:00:00Z",
    "url": "https://example.com/a",
    "uri": "https://example.com/a",
    "link": "https://example.com/a",
    "website": "https://example.com",
    "color": "#336699",
    "zip": "10115",
    "postcode": "10115",
    "pincode": "110001",
    "vin": "1HGCM82633A004352",
    "lat": "52.5",
    "lng": "13.4",
    "longitude": "13.4",
    "latitude": "52.5",
    "ip": "192.0.2.7",
}
_DATED: Final = re.compile(r"\d{4}-\d\d-\d\d(?:$|[T ]\d\d)")
_UUID: Final = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_CLOSED: Final = frozenset("private closed hidden restricted owner me self none draft".split())
"""What we make is nobody's but its maker's, or a stranger who sees or changes it would prove nothing."""
_CONSENT: Final = frozenset("accept accepted accepts agree agreed agrees terms tos consent gdpr privacy".split())
_HIGH: Final = frozenset("admin administrator root superuser staff owner manager moderator operator support".split())
_TIMELY: Final = frozenset({"at", "on", "start", "end", "starts", "ends", "from", "until", "when", "time"})


def fresh_text(rng: random.Random, kind: str = "") -> str:
    """Return a text that occurs nowhere else, so that it can be recognised in an answer."""
    tail = "".join(rng.choices(string.ascii_lowercase, k=4)) + "".join(rng.choices(string.digits, k=5))
    return f"{kind[:10] or 'text'} {tail}"


def fresh_email(rng: random.Random) -> str:
    """Return an e-mail address that occurs nowhere else."""
    return "w" + "".join(rng.choices(string.ascii_lowercase, k=7)) + "@example.com"


def keep_all(_: str) -> bool:
    """Skip no property."""
    return False


def fresh_card(rng: random.Random) -> str:
    """Return a card number of the form that test cards have: 16 digits, with its check digit (ISO/IEC 7812-1)."""
    digits = [4, 1, 1, 1, 1, 1, *(rng.randrange(10) for _ in range(9))]
    doubled = [sum(divmod(2 * digit, 10)) if place % 2 == 0 else digit for place, digit in enumerate(digits)]
    return "".join(map(str, [*digits, -sum(doubled) % 10]))


class ValueMaker:
    """Makes values for schemas. `known` answers for a name (and noun) that the scan has met, else None.

    With `varies`, times, numbers and switches differ from the usual ones, so that a change can be seen.
    """

    def __init__(
        self,
        rng: random.Random,
        known: Callable[[str], Json],
        *,
        use_examples: bool = False,
        varies: bool = False,
    ) -> None:
        self._rng = rng
        self._known = known
        self._use_examples = use_examples
        self._varies = varies

    def body(self, schema: Schema, *, only_required: bool = False, skip: Callable[[str], bool] = keep_all) -> Json:
        """Return a body for `schema`. Read-only properties, and those that `skip` names, are left out."""
        return self._make("", schema, 0, only_required=only_required, skip=skip)

    def is_better_left_out(self, name: str) -> bool:
        """Whether an optional property of that name is left out: it gives rights, or names something unknown."""
        if naming.is_privileged_name(name) or naming.opens_up(name):
            return True
        return naming.is_id_name(name) and len(naming.words(name)) > 1 and self._known(name) is None

    def value(self, name: str, schema: Schema) -> Json:
        """Return one value for a parameter of that name."""
        return self._make(name, schema, 0, only_required=False, skip=keep_all)

    def _make(self, name: str, schema: Schema, depth: int, *, only_required: bool, skip: Callable[[str], bool]) -> Json:
        if schema.properties and depth < MAX_DEPTH:
            chosen = self._chosen(schema, only_required=only_required, skip=skip)
            return {
                key: self._make(key, child, depth + 1, only_required=only_required, skip=skip)
                for key, child in chosen.items()
            }
        if schema.items is not None and depth < MAX_DEPTH:
            singular = naming.singular(name)
            return [
                self._make(singular, item, depth + 1, only_required=only_required, skip=skip)
                for item in _elements(schema.items, schema.min_items if depth < MANY_DEPTH else 1)
            ]
        if not schema.types and schema.variants and not schema.enum and depth < MAX_DEPTH:
            return self._make(name, schema.variants[0], depth + 1, only_required=only_required, skip=skip)
        return self._scalar(name, schema)

    def _chosen(self, schema: Schema, *, only_required: bool, skip: Callable[[str], bool]) -> dict[str, Schema]:
        return {
            key: child
            for key, child in schema.properties.items()
            if key in schema.required or not (child.is_read_only or skip(key) or (only_required and schema.required))
        }

    def _scalar(self, name: str, schema: Schema) -> Json:
        if schema.enum:
            closed = (value for value in schema.enum if naming.opens_up(name) and str(value).lower() in _CLOSED)
            return next(closed, next((value for value in schema.enum if not _is_high(value)), schema.enum[0]))
        known = self._known(name) if name else None
        if known is not None and fits(known, schema):
            return known
        if self._varies and not naming.opens_up(name) and (other := self._varied(name, schema)) is not None:
            return other
        if schema.examples and (self._use_examples or not self._may_be_free(name, schema)):
            return schema.examples[0]
        return self._by_type(name, schema)

    def _varied(self, name: str, schema: Schema) -> Json:
        """Return an unusual time, number or switch, or None where the schema asks for something else."""
        kinds = set(schema.types)
        usual = schema.examples[0] if schema.examples else self._by_type(name, schema)
        if "boolean" in kinds:
            return usual is not True
        if kinds & {"integer", "number"} and isinstance(usual, int | float):
            top = min(schema.maximum if schema.maximum is not None else usual + 40, usual + 40)
            return self._rng.randint(int(usual), max(int(top), int(usual)))
        return _moved(usual, self._rng) if isinstance(usual, str) and (not kinds or "string" in kinds) else None

    def _by_type(self, name: str, schema: Schema) -> Json:
        kind = schema.types[0] if schema.types else "string"
        if kind == "boolean":
            return bool(_CONSENT & set(naming.words(name)))
        if kind in ("integer", "number"):
            return self._number(schema, is_whole=kind == "integer")
        if kind == "array":
            return []
        if kind == "object":
            return {}
        return None if kind == "null" else self._text(name, schema)

    def _number(self, schema: Schema, *, is_whole: bool) -> Json:
        low = schema.minimum if schema.minimum is not None else 1
        if schema.maximum is not None:
            low = min(low, schema.maximum)
        return int(low) if is_whole else float(low)

    def _text(self, name: str, schema: Schema) -> Json:
        if schema.format == "uuid":
            return _uuid(self._rng)
        if {"birth", "birthday", "birthdate", "dob"} & set(naming.words(name)):
            return "1990-05-17T00:00:00Z" if schema.format == "date-time" else "1990-05-17"
        if schema.format in _FORMATS:
            return _FORMATS[schema.format]
        if schema.format == "email" or naming.words(name)[-1:] in (("email",), ("mail",)):
            return fresh_email(self._rng)
        if {"card", "pan"} & set(naming.words(name)) and naming.words(name)[-1] in ("number", "no", "pan"):
            return fresh_card(self._rng)
        by_word = _by_name(name)
        if by_word is not None:
            return by_word
        text = fresh_text(self._rng, name)
        if schema.max_length is not None and len(text) > schema.max_length:
            text = text[len(text) - schema.max_length :]
        return text.ljust(schema.min_length or 0, "x")

    def _may_be_free(self, name: str, schema: Schema) -> bool:
        is_text = not schema.types or "string" in schema.types
        return is_text and not schema.format and not schema.pattern and _by_name(name) is None and not _is_dated(schema)


def fits(value: Json, schema: Schema) -> bool:
    """Whether a value has a type that the schema allows (text of digits passes as a number)."""
    if not schema.types:
        return True
    kinds = set(schema.types)
    if isinstance(value, bool):
        return "boolean" in kinds
    if isinstance(value, int):
        return bool(kinds & {"integer", "number", "string"})
    if isinstance(value, float):
        return bool(kinds & {"number", "string"})
    if isinstance(value, str):
        if "string" in kinds and schema.format == "uuid":
            return bool(_UUID.fullmatch(value))
        return "string" in kinds or (value.isdigit() and bool(kinds & {"integer", "number"}))
    return "array" in kinds if isinstance(value, list) else "object" in kinds


def is_dated(value: Json) -> bool:
    """Whether a value is a date, or a date with a time (RFC 3339)."""
    return isinstance(value, str) and bool(_DATED.match(value))


def is_free_text(text: str) -> bool:
    """Whether a text was made by `fresh_text`."""
    head, _, tail = text.rpartition(" ")
    return bool(head) and len(tail) == 9 and tail[:4].isalpha() and tail[4:].isdigit()


def unlike(value: Json, rng: random.Random) -> Json:
    """Return a value of the same form that no object has: the control of a guess at an identifier."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return value
    if isinstance(value, int | float):
        return 900_000_000 + rng.randrange(90_000_000)
    return _other_number(value, 900_000_000 + rng.randrange(90_000_000)) or "".join(_other(c, rng) for c in value)


def _other_number(text: str, number: int) -> str:
    """Return an encoded identifier (`bm90ZTo1`, base64 of `note:5`) with another number in it; empty for all others."""
    bare = text.rstrip("=")
    if not _ENCODED.fullmatch(bare):
        return ""
    whole = bare.replace("+", "-").replace("/", "_") + "=" * (-len(bare) % 4)
    try:
        plain = base64.urlsafe_b64decode(whole).decode("ascii")
    except ValueError:
        return ""
    if not _NUMBERED.fullmatch(plain):
        return ""
    made = base64.urlsafe_b64encode(re.sub(r"\d+(?=\D*$)", str(number), plain).encode()).decode()
    return made if text.endswith("=") else made.rstrip("=")


def _other(char: str, rng: random.Random) -> str:
    if char in "0123456789":
        return rng.choice("0123456789")
    if char in "abcdef":
        return rng.choice("abcdef")
    if char in string.ascii_lowercase:
        return rng.choice(string.ascii_lowercase)
    return rng.choice(string.ascii_uppercase) if char in string.ascii_uppercase else char


def _by_name(name: str) -> Json:
    parts = naming.words(name)
    if not parts:
        return None
    if parts[-1] in _BY_WORD:
        return _BY_WORD[parts[-1]]
    return "2027-03-14T10:00:00Z" if len(parts) > 1 and parts[-1] in _TIMELY else None


def _is_dated(schema: Schema) -> bool:
    first = schema.examples[0] if schema.examples else None
    return isinstance(first, str) and first[:4].isdigit() and first[4:5] in ("-", "/")


def _moved(text: str, rng: random.Random) -> str | None:
    """Return a date or time of the same form on another day, or None where the text is neither."""
    if not _DATED.match(text):
        return None
    hour = f"{rng.randint(9, 16):02d}"
    moved = f"{text[:5]}{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}{text[10:]}"
    return f"{moved[:11]}{hour}{moved[13:]}" if len(text) > 13 else moved


def _is_high(value: Json) -> bool:
    """Whether a choice would give special rights: the scanner's own accounts are normal ones."""
    return isinstance(value, str) and bool(_HIGH & set(naming.words(value)))


def _uuid(rng: random.Random) -> str:
    digits = f"{rng.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _elements(items: Schema, least: int | None) -> list[Schema]:
    """Return the schemas of as many elements as a list must have, one at least; of a tuple, each in its place."""
    places = items.variants if items.variants and not items.types else (items,)
    return [places[at % len(places)] for at in range(min(max(least or 1, 1), MAX_ELEMENTS))]
