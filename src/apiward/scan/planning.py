"""What a scan would do, as far as the description tells: which checks on what, as whom, with how many requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from apiward.catalogue.costs import Costs
from apiward.core.api import Api, Operation
from apiward.scan.api import Check
from apiward.scan.identities.areas import schemes_of
from apiward.scan.identities.sign_up import sign_up_operations
from apiward.scan.level import Level

OF_ACCOUNTS: Final = "AUT"
"""Checks of this family are made once for each log-in."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Checks by code, with the operations that each would be made on; `above` need a higher level: see `needed`.

    `later` are checks that may be made once there are answers, `entries` how many log-ins there may be.
    `sign_ups` names where accounts would be made: nowhere, where that is empty.
    """

    operations: int
    level: Level
    items: Mapping[str, tuple[str, ...]]
    above: Mapping[str, tuple[str, ...]]
    needed: Mapping[str, str]
    later: tuple[str, ...]
    entries: int
    sign_ups: tuple[str, ...]
    left_alone: tuple[tuple[str, str], ...]
    budget: int

    @property
    def runs(self) -> int:
        """How often a check would be made on an operation."""
        return sum(len(operations) for operations in self.items.values())

    def requests(self, costs: Costs) -> int:
        """Return how many requests that needs if they cost as much as elsewhere; never more than the budget."""
        before = costs.looking if self.level is Level.READ else costs.making
        each = [len(operations) * costs.of(code) for code, operations in self.items.items()]
        later = [(self.entries if code.startswith(OF_ACCOUNTS) else 1) * costs.of(code) for code in self.later]
        return min(round(before * self.operations + sum(each) + sum(later)), self.budget)


def plan_of(
    api: Api,
    checks: Sequence[Check],
    chosen: Sequence[tuple[Check, Operation]],
    *,
    level: Level,
    left_alone: Sequence[tuple[str, str]],
    budget: int,
    costs: Costs,
) -> Plan:
    """Return the plan of a scan of `api` in which `chosen` is what the checks would be made on.

    `costs` tell which of the others may be made in the end.
    """
    within = [(check.code, operation.key) for check, operation in chosen if check.level <= level]
    above = [(check.code, operation.key) for check, operation in chosen if check.level > level]
    planned = {check.code for check, _ in chosen}
    entries = {schemes_of(operation) for operation in api.operations if operation.is_secured}
    may_ask = [check.code for check in checks if check.level <= level and check.code not in planned]
    return Plan(
        operations=len(api.operations) - len(left_alone),
        level=level,
        items=_by_check(within),
        above=_by_check(above),
        needed={check.code: check.level.word for check in checks},
        later=tuple(sorted(costs.late.intersection(may_ask))),
        entries=len(entries),
        sign_ups=tuple(one.key for one in sign_up_operations(api)[:1]) if level >= Level.WRITE else (),
        left_alone=tuple(left_alone),
        budget=budget,
    )


def _by_check(items: Sequence[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for code, key in items:
        found.setdefault(code, []).append(key)
    return {code: tuple(keys) for code, keys in found.items()}
