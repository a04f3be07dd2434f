"""Numbers of cards, accounts and people: which texts can be one. Each takes at most 64 characters."""

import re
from typing import Final

from apiward.classify.checksums import luhn_holds, mod97_holds, verhoeff_holds

_SEPARATORS: Final = str.maketrans("", "", " -.()/+\u00a0")

# Lengths of the IBAN registry (SWIFT, ISO 13616).
IBAN_LENGTHS: Final = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FO GL NL",
        19: "MK SI",
        20: "AT BA EE KZ LT LU XK MN",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ CY DO GT HU LB NI PL SV BY",
        29: "BR EG PS QA UA",
        30: "JO KW MU",
        31: "MT SC",
        33: "RU",
    }.items()
    for country in countries.split()
}
_ISSUERS: Final = {
    14: re.compile(r"3(?:0[0-5]|[689])"),
    15: re.compile(r"3[47]"),
    16: re.compile(
        r"4|5[0-8]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|35(?:2[89]|[3-8])|6[0-57]|81|82",
    ),
}
_ISSUERS_WHEN_NAMED: Final = re.compile(r"[2-6]")
# Numbers that were printed in advertisements and never belonged to one person.
_FAMOUS_SSN: Final = frozenset({"078051120", "219099999", "123456789"})


def digits_of(text: str) -> str:
    """Return the digits of `text` (at most 64 characters), or nothing if more than separators is left."""
    bare = text[:64].translate(_SEPARATORS)
    return bare if bare.isascii() and bare.isdigit() else ""


def is_card_number(digits: str) -> bool:
    """Return whether `digits` can be a card: length, issuer and Luhn fit, and it is no repeated digit.

    Lengths 14 to 16 only: ids of 13 and 17 to 19 digits are common, cards of that length are not.
    """
    issuer = _ISSUERS.get(len(digits))
    return bool(issuer and issuer.match(digits)) and len(set(digits)) > 1 and luhn_holds(digits)


def is_named_card_number(digits: str) -> bool:
    """Return whether `digits` under a name that says "card" are one: 12 to 19 digits with Luhn."""
    if not (12 <= len(digits) <= 19 and _ISSUERS_WHEN_NAMED.match(digits)):
        return False
    return len(set(digits)) > 1 and luhn_holds(digits)


def is_aadhaar(digits: str) -> bool:
    """Return whether `digits` can be an Aadhaar number: 12 digits, first 2-9, Verhoeff (UIDAI)."""
    return len(digits) == 12 and digits[0] not in "01" and len(set(digits)) > 2 and verhoeff_holds(digits)


def is_ssn(digits: str) -> bool:
    """Return whether `digits` can be a US social security number (SSA: no 000, 666, 9xx; no 00; no 0000)."""
    if len(digits) != 9 or digits in _FAMOUS_SSN:
        return False
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    return area not in {"000", "666"} and area[0] != "9" and group != "00" and serial != "0000"


def is_iban(text: str) -> bool:
    """Return whether `text` (spaces allowed) is an IBAN of a known country with right check digits."""
    bare = text[:64].replace(" ", "").upper()
    if not (bare.isascii() and bare.isalnum()) or IBAN_LENGTHS.get(bare[:2]) != len(bare):
        return False
    return bare[2:4].isdigit() and mod97_holds(bare)


def is_phone_shaped(text: str) -> bool:
    """Return whether `text` is 7 to 15 digits with separators: a phone only where the name says so."""
    digits = digits_of(text.strip())
    return 7 <= len(digits) <= 15 and len(set(digits)) > 1
