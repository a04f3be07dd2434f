"""Kinds of objects as the owner declares them: compiled when the settings load, decided when a request runs."""

import re
from dataclasses import dataclass
from typing import Final

from apiward.access.ownership.callers import claim, names_of
from apiward.access.ownership.covering import Pattern
from apiward.access.ownership.fields import owners_in, steps_of
from apiward.access.ownership.places import Fetch, fetcher, names_in
from apiward.access.ownership.rules import ObjectRule
from apiward.access.ownership.texts import shape_of, text_of
from apiward.core.api import SAFE_METHODS, Operation
from apiward.core.call import Call
from apiward.core.jsonvalue import Json
from apiward.core.objects import Whose
from apiward.core.principal import Principal

_OWN: Final = re.compile(r"(\S+) (==|in) token\.(\S+)")


@dataclass(frozen=True, slots=True)
class Declared:
    """One rule at one operation (or at one pattern of paths, where nothing describes them)."""

    rule: ObjectRule
    place: str
    fetch: Fetch | None
    own_fetch: Fetch | None = None
    own_place: str = ""
    own_claim: str = ""
    is_within: bool = False
    owner_steps: tuple[str, ...] = ()
    tenant_steps: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    expires_s: float | None = None

    @property
    def is_learned(self) -> bool:
        """Whether the rule says nothing of whose an object is, so that what was learned decides."""
        rule = self.rule
        return not (rule.own or rule.owner_field or rule.tenant_field or rule.public)

    def is_staff(self, principal: Principal) -> bool:
        """Return whether the caller may reach all of these objects."""
        return not self.roles.isdisjoint(principal.roles) or principal.key in self.rule.principals

    def is_over(self, now_s: float) -> bool:
        """Return whether the rule has ended."""
        return self.expires_s is not None and now_s >= self.expires_s

    def is_open(self, call: Call) -> bool:
        """Return whether everybody may do that: read what is public."""
        return self.rule.public and call.method in SAFE_METHODS

    def ids(self, call: Call, arguments: tuple[str, ...]) -> list[str]:
        """Return the ids of the objects that the request reaches for."""
        return self.fetch(call, arguments) if self.fetch is not None else []

    def asked(self, call: Call, arguments: tuple[str, ...]) -> Whose | None:
        """Judge the request by `own`; None where the rule has none, or no id is there."""
        if self.own_fetch is None:
            return None
        ids = self.own_fetch(call, arguments)
        if not ids:
            return None
        allowed = _texts(claim(call.principal, self.own_claim), is_within=self.is_within)
        return Whose.OWN if all(one in allowed for one in ids) else Whose.FOREIGN

    def shown(self, principal: Principal, value: Json) -> tuple[Whose, str] | None:
        """Judge an answer by the fields that name owner and tenant; None where it names nobody.

        Returns whose it is, and who is named.
        """
        owners = owners_in(value, self.owner_steps) if self.owner_steps else []
        tenants = owners_in(value, self.tenant_steps) if self.tenant_steps else []
        if not owners and not tenants:
            return None
        names = _names(principal, self.rule.claim)
        is_own = bool(owners) and all(owner in names for owner in owners)
        if is_own:
            return Whose.OWN, owners[0]
        if tenants:
            own = _texts(claim(principal, self.rule.tenant_claim), is_within=False)
            if all(tenant in own for tenant in tenants):
                return Whose.MATE, tenants[0]
            return Whose.FOREIGN, next(tenant for tenant in tenants if tenant not in own)
        other = next(owner for owner in owners if owner not in names)
        return (Whose.FOREIGN if self._is_told(principal, names, other) else Whose.UNKNOWN), other

    def _is_told(self, principal: Principal, names: frozenset[str], other: str) -> bool:
        """Whether the caller has a name of the same kind as the owner's, so that the two must be two people."""
        if self.rule.claim or principal.is_anonymous:
            return True
        return any(shape_of(name) == shape_of(other) for name in names)


def declare(rule: ObjectRule, pattern: Pattern, operation: Operation | None) -> Declared:
    """Return the rule at an operation. Raises ValueError where a place is not there."""
    template = pattern.template(operation)
    place = rule.place or _last(template)
    made = _OWN.fullmatch(rule.own) if rule.own else None
    own_place = made[1] if made else ""
    return Declared(
        rule,
        own_place or place,
        fetcher(place, template) if place else None,
        own_fetch=fetcher(own_place, template) if own_place else None,
        own_place=own_place,
        own_claim=made[3] if made else "",
        is_within=made is not None and made[2] == "in",
        owner_steps=steps_of(rule.owner_field) if rule.owner_field else (),
        tenant_steps=steps_of(rule.tenant_field) if rule.tenant_field else (),
        roles=frozenset(rule.roles),
        expires_s=rule.expires_s,
    )


def _last(template: str) -> str:
    names = names_in(template)
    return f"path.{names[-1]}" if names else ""


def _names(principal: Principal, wanted: str) -> frozenset[str]:
    return _texts(claim(principal, wanted), is_within=True) if wanted else names_of(principal)


def _texts(value: Json, *, is_within: bool) -> frozenset[str]:
    """Return a claim as the ids that it names: one, or the members of a list or of a text with spaces."""
    if isinstance(value, list):
        return frozenset(filter(None, map(text_of, value)))
    if isinstance(value, dict):
        return frozenset(map(text_of, value)) if is_within else frozenset()
    whole = text_of(value)
    parts = map(text_of, value.split()) if is_within and isinstance(value, str) else ()
    return frozenset(filter(None, (whole, *parts)))
