"""What a text is, judged by the text alone. Patterns are linear; every input is cut at MAX_TEXT."""

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from apiward.classify.kinds import Kind
from apiward.classify.numbers import IBAN_LENGTHS, digits_of, is_aadhaar, is_card_number, is_iban, is_ssn

MAX_TEXT: Final = 20_000
"""Characters of one text that are looked at; what follows is not judged."""


class Span(NamedTuple):
    """A piece of a text that is of one kind: `text[start:end]`."""

    start: int
    end: int
    kind: Kind


_PSP: Final = (
    "okaxis|okhdfcbank|okicici|oksbi|ybl|ibl|axl|paytm|ptyes|ptaxis|pthdfc|ptsbi|apl|yapl|rapl|upi|axisbank|"
    "axisb|icici|sbi|hdfcbank|kotak|kmbl|fam|freecharge|airtel|jio|jupiteraxis|waicici|waaxis|wahdfcbank|"
    "wasbi|idfcbank|idfcfirst|indus|yesbank|yesbankltd|barodampay|pnb|cnrb|federal|kbl|rbl|dbs|hsbc|citi|"
    "mahb|uco|unionbank|uboi|ikwik|sliceaxis|naviaxis|timecosmos|tapicici|superyes|axisgo|abfspay|postbank"
)
_AT: Final = re.compile(
    rf"(?<![\w.%+@'-])[\w.%+'-]{{1,128}}(?:@|%40)"
    rf"(?:(?P<upi>(?:{_PSP})(?![\w.@-]))|[^\W_][\w.-]{{0,190}}\.(?P<tld>[^\W\d_]{{2,24}})(?![\w@]))"
)
_USERINFO: Final = re.compile(r"://[^\s/@]{0,200}\Z")
_FILE_ENDINGS: Final = frozenset("png jpg jpeg gif svg webp avif ico js mjs css json html htm pdf xml map".split())

_KEYS: Final = (
    r"A(?:KIA|SIA)[0-9A-Z]{16}(?![0-9A-Za-z])|[sr]k_(?:live|test)_[0-9A-Za-z]{10,}+|gh[opusr]_[0-9A-Za-z]{36}|"
    r"github_pat_\w{22,}+|glpat-[\w-]{20,}+|xox[abeoprs]-[0-9A-Za-z-]{10,}+|AIza[\w-]{35}|"
    r"SG\.[\w-]{16,}+\.[\w-]{16,}+|sk-(?:ant|proj|svcacct)-[\w-]{20,}+|sk-[0-9A-Za-z]{32,}+|npm_[0-9A-Za-z]{36}|"
    r"pypi-AgE[\w-]{50,}+|do[opr]_v1_[0-9a-f]{64}|shp(?:at|ca|pa|ss)_[0-9a-f]{32}|key-[0-9a-f]{32}(?![\w-])|"
    r"whsec_[0-9A-Za-z+/]{24,}+|hf_[A-Za-z]{34}|SK[0-9a-f]{32}(?!\w)|AGE-SECRET-KEY-1[0-9A-Z]{58}|"
    r"\d{8,10}:AA[\w-]{33}(?![\w-])"
)
_TOKENS: Final = (
    r"eyJ[\w-]{8,}+\.[\w-]{8,}+(?:\.[\w-]*+){0,3}|ya29\.[\w-]{20,}+|[Bb]earer [\w.~+/-]*\d[\w.~+/-]{15,}+=*+"
)
_HASHES: Final = (
    r"\$2[abxy]?\$\d\d\$[./0-9A-Za-z]{50,53}|\$argon2(?:id|i|d)\$[^\s\"'<>&]{10,}+|\$scrypt\$[^\s\"'<>&]{10,}+|"
    r"scrypt:\d{1,9}:\d{1,3}:\d{1,3}\$[^\s\"'<>&]{10,}+|\$7\$[./0-9A-Za-z$]{40,}+|"
    r"\$?pbkdf2[_:-]?(?:sha\d{1,3}|hmac)?[^\s\"'<>&$]{0,20}\$[^\s\"'<>&]{16,}+|\$[PH]\$[./0-9A-Za-z]{31}|"
    r"\$[156y]\$[^\s\"'<>&]{20,}+|\{S?SHA(?:\d{3})?\}[0-9A-Za-z+/]{26,}+=*+"
)
_PEM: Final = r"-----BEGIN (?:[A-Z]{2,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]{7,40}-----|\Z)"
_MARKED: Final = re.compile(
    rf"(?<![0-9A-Za-z_])(?:(?P<key>{_KEYS})|(?P<token>{_TOKENS})|(?P<hash>{_HASHES})|(?P<pem>{_PEM}))"
)
_MARKED_KIND: Final = {
    "key": Kind.API_KEY,
    "token": Kind.TOKEN,
    "hash": Kind.PASSWORD_HASH,
    "pem": Kind.PRIVATE_KEY,
}
_IBAN: Final = re.compile(r"(?<![0-9A-Za-z])([A-Z]{2})\d{2}(?: ?[0-9A-Z]){11,30}")
_PAN: Final = re.compile(r"(?<![0-9A-Za-z_-])[A-Z]{3}[ABCFGHJLPT][A-Z](?!0000)\d{4}[A-Z](?![0-9A-Za-z_-])")

_BEFORE: Final = r"(?<![\w.,+:-])"
_AFTER: Final = r"(?![\w:-]|[.,]\d)"
_TWO_DIGITS: Final = re.compile(r"\d\d")
_DIGITS: Final = re.compile(r"\d[\d ().\-/]{5,24}\d")
_CARD: Final = re.compile(
    rf"{_BEFORE}(?:\d{{4}}(?P<a>[ -]?)\d{{4}}(?P=a)\d{{4}}(?P=a)\d{{4}}"
    rf"|3\d{{3}}(?P<b>[ -]?)\d{{6}}(?P=b)\d{{4,5}}){_AFTER}"
)
_AADHAAR: Final = re.compile(rf"{_BEFORE}(?<!\d )[2-9]\d{{3}}([ -])\d{{4}}\1\d{{4}}(?! \d){_AFTER}")
_SSN: Final = re.compile(rf"{_BEFORE}\d{{3}}-\d{{2}}-\d{{4}}{_AFTER}")
# E.164 with a plus or 00; then North America, France, United Kingdom, Germany and others, India.
_PHONE: Final = re.compile(
    rf"(?<![\w.,+:-])(?:\+[1-9][\d ().-]{{6,20}}\d|00[1-9]\d[ -]\d[\d -]{{5,14}}\d"
    rf"|(?:1[ .-])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[.-])[2-9]\d\d[ .-]\d{{4}}"
    rf"|0[1-9](?:[ .-]\d\d){{4}}|0\d{{2,4}} \d{{3,4}} \d{{3,4}}|0\d{{2,4}}[ /]\d{{6,8}}"
    rf"|[6-9]\d{{4}} \d{{5}}){_AFTER}"
)


def _phone(text: str) -> bool:
    digits = digits_of(text)
    return 8 <= len(digits) <= 15 and len(set(digits)) > 2


_NUMBERED: Final[tuple[tuple[re.Pattern[str], Kind, Callable[[str], bool]], ...]] = (
    (_CARD, Kind.CARD_NUMBER, lambda text: is_card_number(digits_of(text))),
    (_AADHAAR, Kind.AADHAAR, lambda text: is_aadhaar(digits_of(text))),
    (_SSN, Kind.SSN, lambda text: is_ssn(digits_of(text))),
    (_PHONE, Kind.PHONE, _phone),
)


def spans(text: str) -> list[Span]:
    """Return the pieces of `text` that are data of a kind, in order, none inside another."""
    if text.isalpha():
        return []
    text = text[:MAX_TEXT]
    found = [*_addresses(text), *_marked(text), *_numbers(text)]
    return _apart(found) if len(found) > 1 else found


def kinds_of_text(text: str) -> frozenset[Kind]:
    """Return the kinds of data that stand in `text`, judged without knowing the field's name."""
    kinds = {span.kind for span in spans(text)}
    return frozenset(kinds | _whole(text.strip())) if len(text) <= 64 else frozenset(kinds)


def _addresses(text: str) -> Iterator[Span]:
    if "@" not in text and "%40" not in text:
        return
    for match in _AT.finditer(text):
        start, end = match.span()
        if match["upi"]:
            yield Span(start, end, Kind.UPI)
        elif _is_email(text, match):
            yield Span(start, end, Kind.EMAIL)


def _is_email(text: str, match: re.Match[str]) -> bool:
    if match["tld"].lower() in _FILE_ENDINGS or _USERINFO.search(text, max(0, match.start() - 200), match.start()):
        return False
    return not match[0].startswith("git@")


def _marked(text: str) -> Iterator[Span]:
    if len(text) < 18:
        return
    for match in _MARKED.finditer(text):
        yield Span(*match.span(), _MARKED_KIND[str(match.lastgroup)])


def _numbers(text: str) -> Iterator[Span]:
    if len(text) < 8 or not _TWO_DIGITS.search(text):
        return
    if len(text) >= 10:
        yield from _with_letters(text)
    if _DIGITS.search(text):
        for pattern, kind, holds in _NUMBERED:
            yield from (Span(*m.span(), kind) for m in pattern.finditer(text) if holds(m[0]))


def _with_letters(text: str) -> Iterator[Span]:
    for match in _PAN.finditer(text):
        yield Span(*match.span(), Kind.PAN)
    for match in _IBAN.finditer(text):
        end = _end_of_iban(text, match)
        if end and is_iban(text[match.start() : end]):
            yield Span(match.start(), end, Kind.IBAN)


def _end_of_iban(text: str, match: re.Match[str]) -> int:
    wanted = IBAN_LENGTHS.get(match[1], 0)
    for at in range(match.start(), match.end()):
        wanted -= text[at] != " "
        if wanted == 0:
            return at + 1 if not text[at + 1 : at + 2].isalnum() else 0
    return 0


_IPV4: Final = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)")
_IPV6: Final = re.compile(r"(?=[0-9a-fA-F:]{0,35}::|(?:[0-9a-fA-F]{1,4}:){7})[0-9a-fA-F:]{2,39}")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _whole(text: str) -> set[Kind]:
    kinds: set[Kind] = set()
    if len(text) == 36 and _UUID.fullmatch(text):
        kinds.add(Kind.IDENTIFIER)
    if (text.count(".") == 3 and _IPV4.fullmatch(text)) or (text.count(":") > 1 and _IPV6.fullmatch(text)):
        kinds.add(Kind.IP_ADDRESS)
    if len(text) == 12 and is_aadhaar(digits_of(text)):
        kinds.add(Kind.AADHAAR)
    return kinds


def _apart(found: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(found, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
