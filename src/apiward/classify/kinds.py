"""The kinds of data that deserve care, and what each is a matter of."""

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a piece of data is.

    CARD_NUMBER also stands for a card's security code; SSN for the identity and tax numbers of a
    person in other countries (CPF, DNI, passport, …); PAN is the Indian tax number, not a card's.
    SECRET is what is named so (client secret, one-time code, reset code, seed of a second factor).
    """

    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"
    ADDRESS = "address"
    BIRTH_DATE = "birth-date"
    CARD_NUMBER = "card-number"
    IBAN = "iban"
    PAN = "pan"
    AADHAAR = "aadhaar"
    UPI = "upi"
    SSN = "ssn"
    HEALTH = "health"
    PASSWORD = "password"  # noqa: S105 (the name of a kind)
    PASSWORD_HASH = "password-hash"  # noqa: S105 (the name of a kind)
    TOKEN = "token"  # noqa: S105 (the name of a kind)
    API_KEY = "api-key"
    PRIVATE_KEY = "private-key"
    SECRET = "secret"  # noqa: S105 (the name of a kind)
    IP_ADDRESS = "ip-address"
    GEO = "geo"
    IDENTIFIER = "identifier"

    @property
    def is_personal(self) -> bool:
        """Whether it tells something about a person (GDPR art. 4; IP addresses and places as well)."""
        return self in _PERSONAL

    @property
    def is_payment(self) -> bool:
        """Whether money can be moved or charged with it."""
        return self in _PAYMENT

    @property
    def is_secret(self) -> bool:
        """Whether it lets its holder in."""
        return self in _SECRET


_SECRET: Final = frozenset({Kind.PASSWORD, Kind.PASSWORD_HASH, Kind.TOKEN, Kind.API_KEY, Kind.PRIVATE_KEY, Kind.SECRET})
_PAYMENT: Final = frozenset({Kind.CARD_NUMBER, Kind.IBAN, Kind.UPI})
_PERSONAL: Final = frozenset(
    {
        Kind.EMAIL,
        Kind.PHONE,
        Kind.NAME,
        Kind.ADDRESS,
        Kind.BIRTH_DATE,
        Kind.IBAN,
        Kind.PAN,
        Kind.AADHAAR,
        Kind.UPI,
        Kind.SSN,
        Kind.HEALTH,
        Kind.IP_ADDRESS,
        Kind.GEO,
    }
)
