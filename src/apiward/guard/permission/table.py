"""The table of permissions: for each operation what is forbidden, what is allowed, and what holds else."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from apiward.core.api import Api, Operation
from apiward.core.principal import Principal, PrincipalKind
from apiward.guard.permission.conditions import Condition, condition
from apiward.guard.permission.rules import PermitSettings, RuleSettings, ancestry
from apiward.guard.selecting import Cover, Selector, any_fits, cover_of, selectors

_ANONYMOUS: Final = PrincipalKind.ANONYMOUS


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
    """A refusal with the rule that made it, where one did, and whether the operation is private."""

    why: Why
    rule: Condition | None = None
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """All that holds for one operation. `roles` are those for which one role is enough.

    `by_path` are rules, and `private_by_path` selectors, that speak of some requests only.
    """

    forbids: tuple[Condition, ...]
    allows: tuple[Condition, ...]
    roles: frozenset[str]
    rest: Rest
    is_private: bool
    by_path: tuple[Condition, ...] = ()
    private_by_path: tuple[Selector, ...] = ()

    @property
    def is_fixed(self) -> bool:
        """Whether the path asked for makes no difference."""
        return not self.by_path and not self.private_by_path

    def for_path(self, method: str, path: str) -> "Plan":
        """Return what holds for one request, where the path asked for makes a difference."""
        found = tuple(one for one in self.by_path if one.covers(method, path))
        is_private = self.is_private or any_fits(self.private_by_path, method, path)
        return _plan(_of(found, self.forbids), _of_allows(found, self.allows), self.rest, is_private=is_private)

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
        if self.rest is Rest.OPEN or (self.rest is Rest.KNOWN and principal.kind is not _ANONYMOUS):
            return None
        return Denial(Why.LOG_IN if self.rest is Rest.KNOWN else Why.PRIVATE, None, self.is_private)

    def _forbidden(self, one: Condition, principal: Principal) -> Denial:
        may_log_in = principal.is_anonymous and one.ends_with_log_in
        return Denial(Why.LOG_IN if may_log_in else Why.FORBIDDEN, one, self.is_private)

    def _not_allowed(self, principal: Principal) -> Denial:
        if principal.is_anonymous:
            return Denial(Why.LOG_IN, None, self.is_private)
        near = next((one for one in self.allows if one.scopes and one.fits_but_for_scopes(principal)), None)
        return Denial(Why.SCOPE if near else Why.ROLE, near, self.is_private)


class Permissions:
    """The plans of all operations, by key; and the plan for requests that nothing describes."""

    def __init__(self, settings: PermitSettings, api: Api | None) -> None:
        self._trusts = settings.trust_description
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
        )
        return self._shared.setdefault(plan, plan)

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
) -> Plan:
    roles = frozenset[str]().union(*(one.roles for one in allows if one.is_by_role_alone))
    return Plan(forbids, allows, roles, Rest.CLOSED if is_private else rest, is_private, by_path, private_by_path)


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
