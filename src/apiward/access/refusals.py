"""The refusals of this package: decisions whose words and status stand in the catalogue."""

from typing import Final

from apiward.core.decision import Decision

TOKEN_CHALLENGE: Final = ((b"www-authenticate", b'Bearer error="invalid_token"'),)
"""What a caller with a bad token is told (RFC 6750, section 3.1)."""
CHALLENGE: Final = ((b"www-authenticate", b"Bearer"),)

AWAY_RETRY_S: Final = 5
_NO_CHALLENGE: Final = frozenset({"service-away", "service-busy", "key-scope", "key-address", "credential-twice"})


def refused(rule: str, *, place: str = "", saw: str = "", retry_after_s: int | None = None) -> Decision:
    """Return the decision that refuses by `authenticate.<rule>`. `saw` holds no secret."""
    headers = _challenge(rule)
    return Decision(f"authenticate.{rule}", place=place, saw=saw, retry_after_s=retry_after_s, headers=headers)


def _challenge(rule: str) -> tuple[tuple[bytes, bytes], ...]:
    if rule in _NO_CHALLENGE:
        return ()
    return TOKEN_CHALLENGE if rule.startswith("token-") else CHALLENGE


def away(saw: str) -> Decision:
    """Return the refusal for when a service that must be asked gives no answer."""
    return refused("service-away", saw=saw, retry_after_s=AWAY_RETRY_S)


def shown(text: object, *, longest: int = 60) -> str:
    """Return a value from a caller for the owner's log: short, printable, never more than `longest` characters.

    Only for names (an algorithm, an issuer, a key id), never for a token or a part of one.
    """
    clean = "".join(char if char.isprintable() else "?" for char in str(text)[: longest + 1])
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"
