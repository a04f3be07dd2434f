"""One rule made ready to say whether it fits a caller."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from apiward.core.principal import Principal, PrincipalKind
from apiward.guard.permission.rules import RuleSettings
from apiward.guard.selecting import Selector, any_fits, selectors

_NOBODY: Final[frozenset[str]] = frozenset()
_KNOWN_KINDS: Final = frozenset(str(kind) for kind in PrincipalKind if kind is not PrincipalKind.ANONYMOUS)


@dataclass(frozen=True, slots=True)
class Condition:
    """Who a rule speaks of. An empty set asks for nothing; `roles` hold those that inherit, too."""

    rule: RuleSettings
    name: str
    chosen: tuple[Selector, ...] = ()
    roles: frozenset[str] = _NOBODY
    scopes: frozenset[str] = _NOBODY
    kinds: frozenset[str] = _NOBODY
    principals: frozenset[str] = _NOBODY
    unless_roles: frozenset[str] = _NOBODY
    unless_scopes: frozenset[str] = _NOBODY

    @property
    def is_by_role_alone(self) -> bool:
        """Whether having one of the roles is all that is asked of a caller who is not anonymous."""
        more = self.scopes or self.principals or self.unless_roles or self.unless_scopes
        return bool(self.roles) and not more and self.kinds == _KNOWN_KINDS

    def fits(self, principal: Principal) -> bool:
        """Return whether the rule speaks of this caller."""
        return self.scopes <= principal.scopes and self.fits_but_for_scopes(principal)

    def fits_but_for_scopes(self, principal: Principal) -> bool:
        """Return whether the rule would speak of this caller with further scopes."""
        if self.roles and self.roles.isdisjoint(principal.roles):
            return False
        if self.kinds and principal.kind not in self.kinds:
            return False
        if self.principals and principal.key not in self.principals:
            return False
        return self.unless_roles.isdisjoint(principal.roles) and self.unless_scopes.isdisjoint(principal.scopes)

    def covers(self, method: str, path: str) -> bool:
        """Return whether the rule speaks of a request by its method and path, whoever sends it."""
        methods = self.rule.methods
        if methods and method not in methods and not (method == "HEAD" and "GET" in methods):
            return False
        return not self.chosen or any_fits(self.chosen, method, path)

    @property
    def ends_with_log_in(self) -> bool:
        """Whether a rule that forbids something to anonymous callers may be silent once they log in."""
        return bool(self.unless_roles or self.unless_scopes) or str(PrincipalKind.ANONYMOUS) in self.kinds

    def wanted(self) -> str:
        """Return in words what a caller needs so that the rule fits."""
        asked = [
            _any_of("the role", self.rule.roles),
            "the scope " + " and ".join(sorted(self.scopes)) if self.scopes else "",
            _any_of("to be the caller", tuple(sorted(self.principals))),
            _any_of("a caller of the kind", self.rule.kinds),
            _any_of("not to have the role", self.rule.unless_roles),
            _any_of("not to have the scope", self.rule.unless_scopes),
        ]
        return ", and ".join(text for text in asked if text) or "a log-in"


def condition(rule: RuleSettings, name: str, ancestors: Mapping[str, frozenset[str]]) -> Condition:
    """Make a rule ready. `ancestors` says for each role all roles that it is."""
    kinds = frozenset(rule.kinds)
    return Condition(
        rule=rule,
        name=name,
        chosen=selectors(rule.operations, "operations"),
        roles=_with_heirs(rule.roles, ancestors),
        scopes=frozenset(rule.scopes),
        kinds=kinds or (_NOBODY if rule.is_forbid else _KNOWN_KINDS),
        principals=frozenset(rule.principals),
        unless_roles=_with_heirs(rule.unless_roles, ancestors),
        unless_scopes=frozenset(rule.unless_scopes),
    )


def _with_heirs(roles: tuple[str, ...], ancestors: Mapping[str, frozenset[str]]) -> frozenset[str]:
    wanted = frozenset(roles)
    return wanted.union(name for name, above in ancestors.items() if not wanted.isdisjoint(above))


def _any_of(what: str, names: tuple[str, ...]) -> str:
    return f"{what} {' or '.join(names)}" if names else ""
