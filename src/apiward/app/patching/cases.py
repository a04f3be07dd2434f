"""What a rule is made of and what comes out: a finding with its operation, and tables for the rules file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from apiward.catalogue.entries import CheckEntry
from apiward.core.api import Api, Operation
from apiward.core.finding import Finding

WHOLE_API: Final = "the whole API"
EVERYWHERE: Final = "* /**"


@dataclass(frozen=True, slots=True)
class Case:
    """One finding. `operation` is None where it is about the whole API, or about what nobody described.

    `staff` are callers who may do what customers may not, as the owner named them ("user:anna").
    """

    finding: Finding
    entry: CheckEntry
    api: Api
    operation: Operation | None
    staff: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The operation as rules name it."""
        return self.operation.key if self.operation is not None else self.finding.operation


@dataclass(frozen=True, slots=True)
class Rule:
    """One table of the rules file: `[[patch]]` or `[[object]]`, as `table` says. `findings` are the ids it answers."""

    table: str
    values: Mapping[str, object]
    findings: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The id of the rule."""
        return str(self.values.get("id", ""))


@dataclass(frozen=True, slots=True)
class Unheld:
    """No rule can hold this finding, and why not."""

    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules for some findings, and the findings that no rule can hold, with the reason."""

    rules: tuple[Rule, ...]
    unheld: Mapping[str, str] = field(default_factory=dict)


Made = tuple[Rule, ...] | Unheld


def patch(kind: str, operation: str, **values: object) -> Rule:
    """Return a patch that has no id yet."""
    return Rule("patch", {"operation": operation, "kind": kind, **values})
