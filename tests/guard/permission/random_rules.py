"""Random roles, rules, callers and requests: our table of permissions against Cedar, an engine of others."""

import random
from dataclasses import dataclass
from typing import Final

import cedarpy

from apiward.core.api import Api, Operation
from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind
from apiward.guard.permission.cedar import cedar_entities, cedar_policies, cedar_request
from apiward.guard.permission.rules import PermitSettings, RoleSettings, RuleSettings
from apiward.guard.permission.table import Permissions
from apiward.guard.routing import RouteTable

_PATHS: Final = ("/orders", "/orders/{id}", "/orders/{id}/notes", "/admin/users", "/admin/users/{id}", "/{part}/{page}")
_ASKED: Final = ("/orders", "/orders/7", "/orders/7/notes", "/admin/users", "/admin/users/7", "/admin/x", "/shop/x")
_CHOICES: Final = (
    *("GET /orders/*", "/orders/**", "tag:staff", "/admin/**", "*", "/*/x", "POST /orders", "op3", "op*", "/shop/*"),
    *("/orders/{id}", "DELETE /**", "/o*/*"),
)
_METHODS: Final = ("GET", "POST", "DELETE")
_ROLES: Final = ("r0", "r1", "r2", "r3", "r4")
_SCOPES: Final = ("read", "write", "all")


@dataclass(frozen=True, slots=True)
class Difference:
    """A request on which the two do not agree."""

    settings: PermitSettings
    principal: Principal
    asked: str
    ours: bool


def differences(rng: random.Random, requests: int) -> tuple[int, list[Difference]]:
    """Make one random set of rules and judge that many requests twice; how many were allowed, and what differs."""
    api, settings = random_api(rng), random_settings(rng)
    permissions, routes = Permissions(settings, api), RouteTable(api)
    principals = {f"p{at}": _principal(rng) for at in range(12)} | {"nobody": ANONYMOUS}
    asked: list[tuple[str, str, str, str]] = []
    while len(asked) < requests:
        method, path = rng.choice((*_METHODS, "HEAD")), rng.choice(_ASKED)
        key = routes.match(method, path).operation_key
        if key:
            asked.append((rng.choice(list(principals)), key, method, path))
    policies = cedarpy.PolicySet.from_str(cedar_policies(permissions))
    entities = cedar_entities(permissions, principals)
    wanted = [cedar_request(permissions, *one) for one in asked]
    theirs = cedarpy.is_authorized_batch(wanted, policies, entities)
    found, allowed = [], 0
    for (name, key, method, path), said in zip(asked, theirs, strict=True):
        assert not said.diagnostics.errors
        ours = permissions.plan(key, method, path).denial(principals[name]) is None
        assert ours or principals[name].is_anonymous or not permissions.plans[key].is_for_all_known
        allowed += ours
        if ours != said.allowed:
            found.append(Difference(settings, principals[name], f"{method} {path}", ours))
    return allowed, found


def random_api(rng: random.Random) -> Api:
    """Return an API in which some paths fit several templates."""
    security = (None, (), (("login",),), ((), ("login",)))
    operations = [
        Operation(
            method,
            path,
            operation_id=f"op{at}",
            tags=tuple(rng.sample(("staff", "shop"), rng.randint(0, 2))),
            security=rng.choice(security),
        )
        for at, (method, path) in enumerate((method, path) for path in _PATHS for method in _METHODS)
    ]
    return Api("shop", "1", tuple(operations))


def random_settings(rng: random.Random) -> PermitSettings:
    """Return roles and rules at random."""
    roles = tuple(
        RoleSettings(name, tuple(rng.sample(_ROLES[:at], rng.randint(0, min(at, 2)))), _some(rng, _CHOICES, 0.3))
        for at, name in enumerate(_ROLES[: rng.randint(0, 5)])
    )
    rules = tuple(_rule(rng) for _ in range(rng.randint(0, 7)))
    return PermitSettings(roles, rules, _some(rng, _CHOICES, 0.4), trust_description=rng.random() < 0.8)


def _rule(rng: random.Random) -> RuleSettings:
    return RuleSettings(
        effect=rng.choice(("allow", "allow", "forbid")),
        operations=_some(rng, _CHOICES, 0.8),
        methods=_some(rng, _METHODS, 0.2),
        roles=_some(rng, _ROLES, 0.5),
        scopes=_some(rng, _SCOPES, 0.3),
        kinds=_some(rng, tuple(PrincipalKind), 0.3),
        principals=_some(rng, ("key:1", "user:2", "anonymous:"), 0.1),
        unless_roles=_some(rng, _ROLES, 0.2),
        unless_scopes=_some(rng, _SCOPES, 0.2),
    )


def _principal(rng: random.Random) -> Principal:
    return Principal(
        rng.choice(tuple(PrincipalKind)),
        rng.choice(("1", "2")),
        roles=frozenset(_some(rng, _ROLES, 0.7)),
        scopes=frozenset(_some(rng, _SCOPES, 0.6)),
    )


def _some(rng: random.Random, choices: tuple[str, ...], likely: float) -> tuple[str, ...]:
    return tuple(str(one) for one in rng.sample(choices, rng.randint(1, 2))) if rng.random() < likely else ()
