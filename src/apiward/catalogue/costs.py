"""How many requests scans have needed: figures measured on the demo business, for guesses about other APIs."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

FILE: Final = "costs.toml"
"""Written by `benchmarks/check_costs.py`."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Requests of each check for one operation, and for each operation before the checks.

    `looking` is for a scan that reads alone, `making` for one with accounts and records of its own. `operations` says
    how many it was measured on. `late` are the checks that chose where to look only when they had seen answers.
    """

    of_check: Mapping[str, float]
    looking: float
    making: float
    operations: int
    late: frozenset[str] = frozenset()

    def of(self, code: str) -> float:
        """Return what a check costs; as much as others where it was not measured."""
        usual = sum(self.of_check.values()) / max(len(self.of_check), 1)
        return self.of_check.get(code, usual)


@cache
def load_costs() -> Costs:
    """Return the figures."""
    table = tomllib.loads(resources.files("apiward.catalogue").joinpath(FILE).read_text("utf-8"))
    checks = MappingProxyType({code: float(cost) for code, cost in table["checks"].items()})
    numbers = float(table["looking"]), float(table["making"]), int(table["operations"])
    return Costs(checks, *numbers, late=frozenset(table["late"]))
