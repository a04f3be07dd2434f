"""Operations against roles: who may call what, as rules and description say, and who was seen to call it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind
from apiward.guard.permission.rules import PermitSettings
from apiward.guard.permission.table import Permissions, Plan, Rest
from apiward.stores.counted.tallying import ROLE_MARK, RoleSeen

MOST_ROLES: Final = 6
"""Roles and kinds of callers that stand beside one another; further ones are told by their number."""
NOBODY: Final = PrincipalKind.ANONYMOUS.value
ANYBODY: Final = PrincipalKind.USER.value


class May(StrEnum):
    """What rules and description say. DEPENDS: on the path asked for. UNKNOWN: neither says anything."""

    YES = "yes"
    NO = "no"
    DEPENDS = "depends"
    UNKNOWN = "unknown"


class Seen(StrEnum):
    """What the last days show. VAIN: it was tried, and never went well."""

    WELL = "well"
    VAIN = "vain"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Cell:
    """One role at one operation."""

    may: May
    seen: Seen

    @property
    def is_odd(self) -> bool:
        """Whether somebody was let in who may not."""
        return self.may is May.NO and self.seen is Seen.WELL


_CELLS: Final = {may: {seen: Cell(may, seen) for seen in Seen} for may in May}


def columns(settings: PermitSettings, seen: Iterable[RoleSeen]) -> tuple[str, ...]:
    """Return the roles: who has not logged in, who has, those of the rules, and those that were seen."""
    named = [ROLE_MARK + role.name for role in settings.roles]
    found = sorted({one.role for one in seen}, key=lambda role: (not role.startswith(ROLE_MARK), role))
    return tuple(dict.fromkeys((NOBODY, ANYBODY, *named, *found)))


def principal_of(role: str) -> Principal:
    """Return a caller of a column."""
    if role.startswith(ROLE_MARK):
        return Principal(PrincipalKind.USER, "somebody", roles=frozenset({role.removeprefix(ROLE_MARK)}))
    return ANONYMOUS if role == NOBODY else Principal(PrincipalKind(role), "somebody")


class Matrix:
    """Answers for some roles what each operation is to them. Most operations share one plan, which is asked once."""

    def __init__(self, permissions: Permissions, roles: Iterable[str]) -> None:
        self._plans = permissions.plans
        self._roles = tuple(roles)
        self._principals = tuple(map(principal_of, self._roles))
        self._known: dict[tuple[int, bool], tuple[May, ...]] = {}

    def cells(self, key: str, seen: Iterable[RoleSeen], *, is_said: bool) -> tuple[Cell, ...]:
        """Return one cell for each role. `is_said`: the description says whether it takes a log-in."""
        fared = {one.role: Seen.WELL if one.went_well else Seen.VAIN for one in seen}
        may = self._may(self._plans.get(key), is_said=is_said)
        return tuple([_CELLS[one][fared.get(role, Seen.NEVER)] for role, one in zip(self._roles, may, strict=True)])

    def _may(self, plan: Plan | None, *, is_said: bool) -> tuple[May, ...]:
        name = (id(plan), is_said)
        if name not in self._known:
            self._known[name] = tuple(_may_call(plan, one, is_said=is_said) for one in self._principals)
        return self._known[name]


def _may_call(plan: Plan | None, principal: Principal, *, is_said: bool) -> May:
    if plan is None:
        return May.UNKNOWN
    if not plan.is_fixed:
        return May.DEPENDS
    if plan.denial(principal) is not None:
        return May.NO
    is_silent = plan.rest is Rest.OPEN and not plan.allows and not plan.forbids and not is_said
    return May.UNKNOWN if is_silent else May.YES
