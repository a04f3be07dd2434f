"""Ids, names, roles and scopes, wherever issuers put them."""

import pytest

from apiward.access.tokens.identity import IdentityRules
from apiward.core.jsonvalue import Json


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"roles": ["a", "b"]}, {"a", "b"}),
        ({"role": "admin"}, {"admin"}),
        ({"roles": "a b,c"}, {"a", "b", "c"}),
        ({"realm_access": {"roles": ["staff"]}}, {"staff"}),
        ({"cognito:groups": ["x"]}, {"x"}),
        ({"roles": {"owner": {}, "editor": {}}}, {"owner", "editor"}),
        ({"roles": [], "groups": ["g"]}, {"g"}),
        ({"roles": [1, None, "a", ["b"]]}, {"a"}),
        ({"scope": "admin"}, set()),
        ({"is_admin": True, "realm_access": "x"}, set()),
    ],
)
def test_roles(claims: dict[str, Json], expected: set[str]) -> None:
    principal = IdentityRules().principal({"sub": "1", **claims})
    assert principal is not None
    assert principal.roles == expected


def test_stated_places_and_no_others() -> None:
    rules = IdentityRules("i", id_claim="user.id", name_claim="nick", roles_claim="https://shop.example/roles")
    claims: dict[str, Json] = {
        "sub": "x", "user": {"id": 42}, "nick": "Ann", "roles": ["evil"], "https://shop.example/roles": ["good"],
    }  # fmt: skip
    principal = rules.principal(claims)
    assert principal is not None
    assert (principal.id, principal.name, sorted(principal.roles)) == ("42", "Ann", ["good"])
    assert rules.principal({"sub": "x"}) is None


@pytest.mark.parametrize(
    ("claims", "scopes"),
    [({"scope": "a b"}, {"a", "b"}), ({"scp": ["a"]}, {"a"}), ({"scp": "a b"}, {"a", "b"}), ({}, set())],
)
def test_scopes(claims: dict[str, Json], scopes: set[str]) -> None:
    principal = IdentityRules().principal({"sub": "1", **claims})
    assert principal is not None
    assert principal.scopes == scopes


@pytest.mark.parametrize("sub", [None, "", " ", True, [], {}, "x" * 201])
def test_nobody(sub: Json) -> None:
    assert IdentityRules().principal({"sub": sub}) is None


def test_bounds() -> None:
    principal = IdentityRules().principal({"sub": "1", "roles": [f"r{n}" for n in range(5_000)]})
    assert principal is not None
    assert len(principal.roles) == 200
