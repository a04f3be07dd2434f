"""The table of permissions: for each operation what is forbidden, what is allowed, and what holds else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from apiward.core.api import Api, Operation, SchemeKind, SecurityScheme
from apiward.core.principal import Principal, PrincipalKind
from apiward.guard.permission.conditions import Condition, condition
from apiward.guard.permission.rules import PermitSettings, RuleSettings, ancestry
from apiward.guard.selecting import Cover, Selector, any_fits, cover_of, selectors

_ANONYMOUS: Final = PrincipalKind.ANONYMOUS
_WITHOUT_TOKENS: Final = frozenset({SchemeKind.API_KEY, SchemeKind.BASIC, SchemeKind.MUTUAL_TLS})
_OF_IDENTITY: Final = frozenset("openid profile email address phone offline_access".split())
"""Scopes that ask who somebody is, and for no right (OpenID Connect Core, section 5.4)."""


class Rest(StrEnum):
    """What holds where no rule allows: everybody, everybody who is logged in, or nobody."""

    OPEN = "open"
    KNOWN = "known"
    CLOSED = "closed"


class Why(StrEnum):
    """Why a caller may not."""

    LOG_IN = "log-in"
    ROLE = "role"
    SCOPE = "scope"
    FORBIDDEN = "forbidden"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Denial:
    """A refusal with the rule that made it, where one did, and whether the operation is private.

    `scopes` are those that the token should have had, as a rule or the description says.
    """

    why: Why
    rule: Condition | None = None
    is_private: bool = False
    scopes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """All that holds for one operation. `roles` are those for which one role is enough.

    `by_path` are rules, and `private_by_path` selectors, that speak of some requests only. Any one
    of `scopes` is asked of tokens where no rule speaks; where it is empty, the description asks for none.
    """

    forbids: tuple[Condition, ...]
    allows: tuple[Condition, ...]
    roles: frozenset[str]
    rest: Rest
    is_private: bool
    by_path: tuple[Condition, ...] = ()
    private_by_path: tuple[Selector, ...] = ()
    scopes: tuple[frozenset[str], ...] = ()

    @property
    def is_fixed(self) -> bool:
        """Whether the path asked for makes no difference."""
        return not self.by_path and not self.private_by_path

    @property
    def is_for_all_known(self) -> bool:
        """Whether everybody who has shown who they are may, whoever it is."""
        return self.is_fixed and not (self.forbids or self.allows or self.scopes) and self.rest is not Rest.CLOSED

    def for_path(self, method: str, path: str) -> "Plan":
        """Return what holds for one request, where the path asked for makes a difference."""
        found = tuple(one for one in self.by_path if one.covers(method, path))
        is_private = self.is_private or any_fits(self.private_by_path, method, path)
        forbids, allows = _of(found, self.forbids), _of_allows(found, self.allows)
        return _plan(forbids, allows, self.rest, is_private=is_private, scopes=self.scopes)

    def denial(self, principal: Principal) -> Denial | None:
        """Return why the caller may not, or None."""
        for one in self.forbids:
            if one.fits(principal):
                return self._forbidden(one, principal)
        if self.allows:
            if not self.roles.isdisjoint(principal.roles) and principal.kind is not _ANONYMOUS:
                return None
            for one in self.allows:
                if one.fits(principal):
                    return None
            return self._not_allowed(principal)
        if self.rest is Rest.OPEN:
            return None
        if self.rest is Rest.KNOWN and principal.kind is not _ANONYMOUS:
            return self._lack_of_scopes(principal) if self.scopes else None
        return Denial(Why.LOG_IN if self.rest is Rest.KNOWN else Why.PRIVATE, None, self.is_private)

    def _forbidden(self, one: Condition, principal: Principal) -> Denial:
        may_log_in = principal.is_anonymous and one.ends_with_log_in
        return Denial(Why.LOG_IN if may_log_in else Why.FORBIDDEN, one, self.is_private)

    def _lack_of_scopes(self, principal: Principal) -> Denial | None:
        """Judge tokens that the guard has verified and that carry scopes at all; keys have scopes of another kind."""
        if not (principal.is_verified and principal.scopes and principal.kind is PrincipalKind.USER):
            return None
        if any(asked <= principal.scopes for asked in self.scopes):
            return None
        return Denial(Why.SCOPE, None, self.is_private, self.scopes[0])

    def _not_allowed(self, principal: Principal) -> Denial:
        if principal.is_anonymous:
            return Denial(Why.LOG_IN, None, self.is_private)
        near = next((one for one in self.allows if one.scopes and one.fits_but_for_scopes(principal)), None)
        if near is None:
            return Denial(Why.ROLE, None, self.is_private)
        return Denial(Why.SCOPE, near, self.is_private, near.scopes)


class Permissions:
    """The plans of all operations, by key; and the plan for requests that nothing describes."""

    def __init__(self, settings: PermitSettings, api: Api | None) -> None:
        self._trusts = settings.trust_description
        self._schemes: Mapping[str, SecurityScheme] = api.schemes if api else {}
        self._private = selectors(settings.private, "private")
        self.ancestors = ancestry(settings.roles)
        self.conditions = tuple(self._conditions(settings))
        self._shared: dict[Plan, Plan] = {}
        self.plans = {one.key: self._planned(one) for one in (api.operations if api else ())}
        self.undescribed = self._planned(None)

    def plan(self, operation_key: str, method: str, path: str) -> Plan:
        """Return what holds for one request; `operation_key` is empty where nothing describes it."""
        plan = self.plans.get(operation_key, self.undescribed)
        return plan if plan.is_fixed else plan.for_path(method, path)

    def _conditions(self, settings: PermitSettings) -> Iterable[Condition]:
        for at, rule in enumerate(settings.rules):
            yield condition(rule, rule.name or f"rule {at + 1}", self.ancestors)
        for role in settings.roles:
            if role.grants:
                rule = RuleSettings(roles=(role.name,), operations=role.grants)
                yield condition(rule, f"role {role.name}", self.ancestors)

    def _planned(self, operation: Operation | None) -> Plan:
        covers = [(one, _cover(one, operation)) for one in self.conditions]
        always = tuple(one for one, cover in covers if cover is Cover.ALWAYS)
        private = Cover.SOMETIMES if operation is None else cover_of(self._private, operation)
        plan = _plan(
            _of(always, ()),
            _of_allows(always, ()),
            self._rest(operation),
            is_private=private is Cover.ALWAYS,
            by_path=tuple(one for one, cover in covers if cover is Cover.SOMETIMES),
            private_by_path=self._private if private is Cover.SOMETIMES else (),
            scopes=self._scopes(operation),
        )
        return self._shared.setdefault(plan, plan)

    def _scopes(self, operation: Operation | None) -> tuple[frozenset[str], ...]:
        """Return the scopes of which the description asks tokens for one set; nothing where some token needs none."""
        if operation is None or not (self._trusts and operation.is_secured and operation.scopes):
            return ()
        pairs = zip(operation.security or (), operation.scopes, strict=True)
        asked = tuple(scopes - _OF_IDENTITY for names, scopes in pairs if self._is_for_tokens(names))
        # Some services are asked for `api://shop/orders.read` and put `orders.read` into the token.
        short = (frozenset(scope.rpartition("/")[2] or scope for scope in scopes) for scopes in asked)
        return tuple(dict.fromkeys((*asked, *short))) if all(asked) else ()

    def _is_for_tokens(self, names: tuple[str, ...]) -> bool:
        """Whether a token may be meant, and not only a key or a password."""
        kinds = {self._schemes[name].kind for name in names if name in self._schemes}
        return not kinds or not kinds <= _WITHOUT_TOKENS

    def _rest(self, operation: Operation | None) -> Rest:
        asks = operation is not None and operation.is_secured and self._trusts
        return Rest.KNOWN if asks else Rest.OPEN


def _plan(
    forbids: tuple[Condition, ...],
    allows: tuple[Condition, ...],
    rest: Rest,
    *,
    is_private: bool,
    by_path: tuple[Condition, ...] = (),
    private_by_path: tuple[Selector, ...] = (),
    scopes: tuple[frozenset[str], ...] = (),
) -> Plan:
    roles = frozenset[str]().union(*(one.roles for one in allows if one.is_by_role_alone))
    rest = Rest.CLOSED if is_private else rest
    return Plan(forbids, allows, roles, rest, is_private, by_path, private_by_path, scopes)


def _of(found: Iterable[Condition], before: tuple[Condition, ...]) -> tuple[Condition, ...]:
    return before + tuple(one for one in found if one.rule.is_forbid)


def _of_allows(found: Iterable[Condition], before: tuple[Condition, ...]) -> tuple[Condition, ...]:
    return before + tuple(one for one in found if not one.rule.is_forbid)


def _cover(one: Condition, operation: Operation | None) -> Cover:
    """Return whether a rule speaks of an operation. Of undescribed requests, rules with paths do sometimes."""
    if operation is None:
        return _of_undescribed(one)
    if one.rule.methods and operation.method.upper() not in one.rule.methods:
        return Cover.NEVER
    return cover_of(one.chosen, operation) if one.chosen else Cover.ALWAYS


def _of_undescribed(one: Condition) -> Cover:
    if one.chosen or one.rule.methods:
        return Cover.SOMETIMES
    return Cover.ALWAYS
