"""Texts that keep a careless pattern busy: a good beginning, one part repeated, a wrong end (CWE-1333)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from apiward.core.schema import Schema
from apiward.spec.meaning import naming

_EMAIL: Final = frozenset({"email", "mail", "emailaddress"})
_LINK: Final = frozenset("url uri link website homepage host hostname domain callback webhook avatar image".split())
_DIGITS: Final = frozenset("phone mobile tel telephone msisdn zip postcode pincode iban card number fax ip vat".split())
_SEARCH: Final = frozenset("q query search filter pattern regex term match expression".split())
_CODED: Final = frozenset("code coupon slug version locale color date time username name handle title address".split())


@dataclass(frozen=True, slots=True)
class Family:
    """Texts of one form by their number of repetitions, and harmless ones of the same length."""

    name: str
    text: Callable[[int], str]

    def harmless(self, count: int) -> str:
        """Return a text as long that a pattern gives up at once: its first character fits nothing."""
        return "!" * len(self.text(count))


_LETTERS: Final = Family("letters", lambda n: "a" * n + "!")
_EMAIL_FAMILIES: Final = (
    _LETTERS,
    Family("letters before @", lambda n: "a" * n + "!@example.com"),
    Family("letters after @", lambda n: "a@" + "a" * n + "!"),
    Family("parts after @", lambda n: "a@" + "a." * n + "!"),
    Family("parts before @", lambda n: "a." * n + "!"),
)
_LINK_FAMILIES: Final = (
    Family("letters of a host", lambda n: "http://" + "a" * n + "!"),
    Family("parts of a host", lambda n: "http://" + "a." * n + "!"),
    Family("steps of a path", lambda n: "http://a.aa/" + "a/" * n + " !"),
    _LETTERS,
)
_DIGIT_FAMILIES: Final = (
    Family("digits", lambda n: "1" * n + "!"),
    Family("digits with dashes", lambda n: "1-" * n + "!"),
    Family("digits after +", lambda n: "+" + "1" * n + "!"),
    Family("spaces", lambda n: " " * n + "!"),
)
_TEXT_FAMILIES: Final = (
    _LETTERS,
    Family("spaces", lambda n: "a" + " " * n + "!"),
    Family("words", lambda n: "a " * n + "!"),
    Family("words with dashes", lambda n: "a-" * n + "!"),
)


def families(name: str, schema: Schema) -> tuple[Family, ...]:
    """Return the families that suit a slot of that name and schema, the likeliest first; empty for numbers."""
    if schema.enum or (schema.types and "string" not in schema.types) or schema.format in ("uuid", "binary", "byte"):
        return ()
    parts = set(naming.words(name)) | {naming.plain(name), schema.format or ""}
    if parts & _EMAIL:
        return _EMAIL_FAMILIES
    if parts & _LINK:
        return _LINK_FAMILIES
    if parts & _DIGITS:
        return _DIGIT_FAMILIES
    return _TEXT_FAMILIES


def rank(name: str, schema: Schema) -> int:
    """Return how likely a pattern looks at the slot: 0 first; 3 where nothing speaks for it."""
    parts = set(naming.words(name)) | {naming.plain(name)}
    if schema.pattern or schema.format in ("email", "uri", "url", "hostname") or parts & (_EMAIL | _LINK):
        return 0
    if parts & (_DIGITS | _SEARCH):
        return 1
    return 2 if parts & _CODED else 3
