"""Under which names a caller may be written into an object: the id, the e-mail address, the number of the account."""

from collections.abc import Iterator
from typing import Final

from apiward.access.ownership.texts import canonical, text_of
from apiward.core.jsonvalue import Json
from apiward.core.principal import Principal

NAMING_CLAIMS: Final = (
    *("sub", "user_id", "userid", "uid", "id", "oid", "customer_id", "account_id", "member_id", "client_id"),
    *("email", "preferred_username", "username", "user_name", "login", "name", "nickname", "upn"),
)
"""Claims that name the one who calls, and not a group or a right."""


def names_of(principal: Principal) -> frozenset[str]:
    """Return all names of the caller in their one form; nothing for strangers."""
    if principal.is_anonymous:
        return frozenset()
    return frozenset(name for name in _names(principal) if name)


def claim(principal: Principal, path: str) -> Json:
    """Return the claim at `path` (`sub`, `app.customer_id`), None where there is none; `id` and `name` always are."""
    claims = principal.claims
    if path in claims:
        return claims[path]
    node: Json = dict(claims)
    for step in path.split("."):
        node = node.get(step) if isinstance(node, dict) else None
    if node is None and path in ("sub", "id"):
        return principal.id or None
    return (principal.name or None) if node is None and path == "name" else node


def _names(principal: Principal) -> Iterator[str]:
    yield canonical(principal.id)
    yield canonical(principal.name)
    for name in NAMING_CLAIMS:
        value = principal.claims.get(name)
        if value is not None:
            yield text_of(value)
