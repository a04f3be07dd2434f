"""Whom the claims of a verified token speak of: id, name, roles and scopes, wherever the issuer puts them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from apiward.access.tokens.claims import seconds
from apiward.core.jsonvalue import Json
from apiward.core.principal import Principal, PrincipalKind

MAX_ROLES: Final = 200
MAX_NAME: Final = 200
_IDS: Final = ("sub", "user_id", "userId", "uid", "id", "client_id", "azp", "username", "email")
_NAMES: Final = ("preferred_username", "email", "username", "user_name", "name")
_ROLES: Final = ("roles", "role", "realm_access.roles", "groups", "permissions", "cognito:groups", "authorities")
_SCOPES: Final = ("scope", "scp", "scopes")


@dataclass(frozen=True, slots=True)
class IdentityRules:
    """Where an issuer puts what; an empty place means the usual ones, of which the first that is there counts."""

    issuer: str = ""
    id_claim: str = ""
    name_claim: str = ""
    roles_claim: str = ""

    def principal(self, claims: Mapping[str, Json]) -> Principal | None:
        """Return whom the claims speak of, or None where they name nobody. Scopes are no roles unless named so."""
        subject = _first_text(claims, (self.id_claim,) if self.id_claim else _IDS)
        if not subject:
            return None
        return Principal(
            kind=PrincipalKind.USER,
            id=subject,
            name=_first_text(claims, (self.name_claim,) if self.name_claim else _NAMES),
            issuer=self.issuer,
            roles=_first_names(claims, (self.roles_claim,) if self.roles_claim else _ROLES),
            scopes=_first_names(claims, _SCOPES),
            claims=claims,
            expires_s=seconds(claims["exp"]) if claims.get("exp") is not None else None,
            is_verified=True,
        )


def claim_at(claims: Mapping[str, Json], place: str) -> Json:
    """Return the claim at `place`: a name as it stands, else a dotted path (`realm_access.roles`), else None."""
    if place in claims or "." not in place:
        return claims.get(place)
    node: Json = dict(claims)
    for step in place.split("."):
        if not isinstance(node, dict):
            return None
        node = node.get(step)
    return node


def _first_text(claims: Mapping[str, Json], places: tuple[str, ...]) -> str:
    for place in places:
        value = claim_at(claims, place)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)[:MAX_NAME] if abs(value) < 10**40 else ""
        if isinstance(value, str) and value.strip() and len(value) <= MAX_NAME:
            return value
    return ""


def _first_names(claims: Mapping[str, Json], places: tuple[str, ...]) -> frozenset[str]:
    for place in places:
        value = claim_at(claims, place)
        if value:
            return frozenset(list(_names(value))[:MAX_ROLES])
    return frozenset()


def _names(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield from (part for part in value.replace(",", " ").split()[:MAX_ROLES] if len(part) <= MAX_NAME)
    elif isinstance(value, list | dict):
        for item in list(value)[:MAX_ROLES]:
            if isinstance(item, str) and len(item) <= MAX_NAME:
                yield item
