"""Callers as marks: who they are, and under which names objects may be theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from apiward.access.ownership.callers import names_of
from apiward.access.ownership.marks import Marks, short
from apiward.access.ownership.texts import canonical, text_of
from apiward.core.principal import Principal

MOST: Final = 20_000
"""Callers whose marks are kept ready by one worker."""


@dataclass(frozen=True, slots=True)
class Person:
    """One caller. `mark` stands for the principal, `name` for the id, `names` for all names, `teams` for tenants."""

    principal: Principal
    mark: int
    name: int
    names: frozenset[int]
    teams: frozenset[int]
    is_staff: bool
    is_known: bool
    """Whether somebody has shown who they are."""

    @property
    def team(self) -> int:
        """The first team, 0 where there is none."""
        return next(iter(self.teams), 0)


class People:
    """Makes persons of principals, and keeps the last ones ready."""

    def __init__(
        self,
        marks: Marks,
        *,
        tenant_claims: tuple[str, ...] = (),
        roles: frozenset[str] = frozenset(),
        staff: frozenset[str] = frozenset(),
        meet: Callable[[Person], None] = lambda _: None,
    ) -> None:
        self._meet = meet
        self._marks = marks
        self._tenant_claims = tenant_claims
        self._roles = roles
        self._staff = staff
        self._known: dict[str, Person] = {}

    def of(self, principal: Principal) -> Person:
        """Return the person that a principal is."""
        known = self._known.get(principal.key)
        if known is not None and (known.principal is principal or self._is_same(known.principal, principal)):
            return known
        if len(self._known) >= MOST:
            del self._known[next(iter(self._known))]
        made = self._known[principal.key] = self._made(principal)
        return made

    def named(self, name: str) -> int:
        """Return the mark by which an owner of that name is kept beside an object."""
        return short(self._marks.of("name", name))

    def team(self, name: str) -> int:
        """Return the mark of a tenant."""
        return short(self._marks.of("team", name))

    def _is_same(self, first: Principal, second: Principal) -> bool:
        """Whether two tokens of one caller say the same of what counts here."""
        if first.roles != second.roles:
            return False
        return all(first.claims.get(name) == second.claims.get(name) for name in self._tenant_claims)

    def _made(self, principal: Principal) -> Person:
        claims = (principal.claims.get(name) for name in self._tenant_claims)
        teams = frozenset(self.team(text) for value in claims if value is not None and (text := text_of(value)))
        made = Person(
            principal,
            self._marks.of("who", principal.key),
            self.named(canonical(principal.id)),
            frozenset(map(self.named, names_of(principal))),
            teams,
            not self._roles.isdisjoint(principal.roles) or principal.key in self._staff,
            not principal.is_anonymous,
        )
        self._meet(made)
        return made
