"""Which customer's organisation a caller belongs to, as the claims of the log-in say it."""

from typing import Final

from apiward.core.principal import Principal

LONGEST: Final = 40
_CLAIMS: Final = ("org", "org_id", "tenant", "tenant_id", "organization", "account_id", "tid", "customer_id")


def tenant_of(principal: Principal) -> str:
    """Return its name, or an empty text where none is told."""
    claims = principal.claims
    for name in _CLAIMS if claims else ():
        value = claims.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool):
            return str(value)[:LONGEST]
    return ""
