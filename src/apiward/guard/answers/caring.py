"""What becomes of one field: it stays, it is masked, or it does not leave. Judged by its name and by its value."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from apiward.classify.fields import kinds_of_field
from apiward.classify.kinds import Kind
from apiward.classify.names import kinds_of_name, words_of
from apiward.core.jsonvalue import Pointer


class Care(Enum):
    """What becomes of a field. OF_PERSON: it is removed from a record of a person, and stays in others."""

    KEEP = "keep"
    MASK = "mask"
    REMOVE = "remove"
    OF_PERSON = "of-person"


ALWAYS: Final = frozenset({Kind.PASSWORD, Kind.PASSWORD_HASH, Kind.PRIVATE_KEY})
"""Kinds that nobody has to be shown, not even their owner."""
ISSUED: Final = frozenset({Kind.TOKEN, Kind.API_KEY, Kind.SECRET})
"""Kinds that are shown once, where they are given out."""

_HELD_WORDS: Final = frozenset(
    """reset verification verify confirmation activation remember otp totp mfa recovery backup onetime magic seed salt
    twofactor answer""".split()
)
_GIVEN_PASSWORD: Final = frozenset("temporary temp generated initial onetime".split())
_WEAK_NAMES: Final = frozenset({"pass", "haslo", "parola", "mdp"})
_REFERENCES: Final = frozenset("id ids sid sids uuid guid ref reference uri uris url urls arn href link links".split())
_NOT_SECRET: Final = ("AIza", "pk_", "/", "http://", "https://")
"""How public keys of providers begin, and addresses."""
_PERSON_NAMES: Final = frozenset("username login nickname".split())
_OF_PERSON: Final = frozenset({Kind.EMAIL, Kind.PHONE, Kind.PASSWORD, Kind.PASSWORD_HASH})
_PAYMENT_WORDS: Final = frozenset(
    """card cards cc credit debit payment payments pay billing pan instrument visa mastercard amex funding
    tarjeta carte karte""".split()
)
_BARE_CARD: Final = re.compile(r"\d{12,19}")
_SECURITY_CODE: Final = re.compile(r"\d{3,4}")


@dataclass(frozen=True, slots=True)
class Policy:
    """How strict to be, for one operation and one kind of caller.

    `masked` are the kinds of data that this caller sees masked; `is_reading` says whether the
    operation only reads, `gives` and `sets_factor` whether it is there to give out credentials,
    `makes_password` whether a password in its answer can only be one that the API made itself.
    """

    masked: frozenset[Kind] = frozenset({Kind.CARD_NUMBER})
    is_anonymous: bool = False
    is_reading: bool = True
    gives: bool = False
    sets_factor: bool = False
    makes_password: bool = False

    def promised(self, name: str, *, is_declared: bool, is_in_list: bool) -> Care:
        """Return what is to become of a field by its name alone; KEEP means that its value needs no look."""
        kinds = kinds_of_name(name)
        if not kinds:
            return Care.KEEP
        if kinds & ALWAYS:
            return Care.KEEP if self._may_show(name, kinds, is_declared=is_declared) else Care.REMOVE
        if kinds & ISSUED:
            care = self._issued(name, kinds, is_declared=is_declared, is_in_list=is_in_list)
            if care is not Care.KEEP:
                return care
        return Care.MASK if kinds & self.masked else Care.KEEP

    def shown(self, name: str, text: str, pointer: Pointer, promised: Care) -> tuple[Care, Kind | None]:
        """Return what becomes of `text`, now that its value is known, and the kind that decided."""
        kinds = kinds_of_field(name, text, pointer)
        secret = kinds & (ALWAYS | ISSUED)
        if promised is Care.REMOVE and secret and not _is_address(text) and _is_credential(name, text):
            return Care.REMOVE, min(secret)
        if self._is_secret_by_value(name, kinds):
            return Care.MASK, min(kinds & (ALWAYS | {Kind.API_KEY}))
        masked = kinds & self.masked
        if Kind.CARD_NUMBER in masked and not _is_card(name, text, pointer):
            masked -= {Kind.CARD_NUMBER}
        if not masked:
            return Care.KEEP, None
        kind = min(masked)
        is_code = kind is Kind.CARD_NUMBER and bool(_SECURITY_CODE.fullmatch(text))
        return (Care.REMOVE if is_code else Care.MASK), kind

    def _may_show(self, name: str, kinds: frozenset[Kind], *, is_declared: bool) -> bool:
        words = words_of(name)
        if is_declared and words[-1] in _WEAK_NAMES:
            return True
        if words[-1] in _REFERENCES:
            return True
        if Kind.PRIVATE_KEY in kinds or not _GIVEN_PASSWORD.isdisjoint(words):
            return not self.is_reading and (self.gives or is_declared)
        return self.makes_password and self.gives

    def _issued(self, name: str, kinds: frozenset[Kind], *, is_declared: bool, is_in_list: bool) -> Care:
        words = words_of(name)
        if words[-1] in _REFERENCES:
            return Care.KEEP
        if not _HELD_WORDS.isdisjoint(words):
            may_show = self.sets_factor or (self.gives and not self.is_reading and is_declared)
            return Care.KEEP if may_show else Care.REMOVE
        if self.gives:
            return Care.KEEP
        if is_in_list:
            return Care.OF_PERSON
        is_of_business = self.is_anonymous and self.is_reading and Kind.TOKEN not in kinds
        return Care.REMOVE if is_of_business else Care.KEEP

    def _is_secret_by_value(self, name: str, kinds: frozenset[Kind]) -> bool:
        """Whether the value gives itself away: a hash, a private key or a provider's key, under any name."""
        if Kind.PASSWORD_HASH in kinds:
            return True
        by_value = kinds - kinds_of_name(name)
        return not self.gives and not by_value.isdisjoint((Kind.PRIVATE_KEY, Kind.API_KEY))


def is_person(names: Iterable[str]) -> bool:
    """Whether an object with these properties is the record of a person who logs in."""
    return any(kinds_of_name(name) & _OF_PERSON or "".join(words_of(name)) in _PERSON_NAMES for name in names)


def _is_address(text: str) -> bool:
    return text.startswith(_NOT_SECRET)


def _is_credential(name: str, text: str) -> bool:
    """Whether a value under a weak name ("pass") looks like a credential, and not like a word."""
    if words_of(name)[-1:] != () and words_of(name)[-1] not in _WEAK_NAMES:
        return True
    return len(text) >= 6 and any(char.isdigit() for char in text) and " " not in text


def _is_card(name: str, text: str, pointer: Pointer) -> bool:
    """Whether digits are a card: written in groups, or standing where payments are spoken of."""
    if Kind.CARD_NUMBER in kinds_of_name(name) or not _BARE_CARD.fullmatch(text.strip()):
        return True
    around = (step for step in pointer if isinstance(step, str))
    return any(not _PAYMENT_WORDS.isdisjoint(words_of(step)) for step in around)
