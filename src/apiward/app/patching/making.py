"""From findings to rules: each by the form that the catalogue names for its check, equal ones joined."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from apiward.app.patching.cases import Case, Made, Plan, Rule, Unheld
from apiward.app.patching.forms import addresses, answers, callers, contents, objects, values
from apiward.catalogue.entries import Catalogue
from apiward.core.api import Api
from apiward.core.finding import Finding

FORMS: Final[Mapping[str, Callable[[Case], Made]]] = {
    "owner": objects.owner,
    "log-in": callers.log_in,
    "staff": callers.staff,
    "properties": contents.properties,
    "answer": contents.answer,
    "value": values.value,
    "limit": answers.stages,
    "credentials": callers.credentials,
    "sessions": callers.sessions,
    "same-answer": answers.same_answer,
    "off": addresses.off,
    "headers": answers.stages,
    "none": lambda case: Unheld(case.entry.held_by.rstrip(".")),
}
"""How a rule of each form of the catalogue is made (`catalogue.entries.PATCH_FORMS`)."""
CARRIED: Final = "a rule knows a request by its address, and GraphQL carries this operation among many others"
_CARRIED_KEY: Final = re.compile(r"POST /\S* (query|mutation) .+")
"""How `core.api.Operation.key` names what GraphQL carries; the description of a guard knows the endpoint alone."""
_JOINED: Final = frozenset({"operations", "principals"})


def plan_rules(
    findings: Iterable[Finding],
    api: Api,
    catalogue: Catalogue,
    *,
    owner: str,
    expires: date,
    staff: tuple[str, ...] = (),
) -> Plan:
    """Return the rules that should hold these findings, each with its reason, its owner and its end."""
    by_key = {operation.key: operation for operation in api.operations}
    rules: dict[tuple[str, str], Rule] = {}
    unheld: dict[str, str] = {}
    titles: dict[str, str] = {}
    for finding in findings:
        entry = catalogue.checks[finding.check]
        titles[finding.id] = entry.title
        if _CARRIED_KEY.fullmatch(finding.operation):
            unheld[finding.id] = CARRIED
            continue
        operation = by_key.get(finding.operation)
        made = FORMS[entry.patch](Case(finding, entry, api, operation, staff))
        if isinstance(made, Unheld):
            unheld[finding.id] = made.why
            continue
        for rule in made:
            named = replace(rule, values=_named(rule), findings=(finding.id,))
            key = (named.table, named.id)
            rules[key] = _joined(rules[key], named) if key in rules else named
    return Plan(tuple(_told(rule, titles, owner, expires) for rule in rules.values()), unheld)


def _named(rule: Rule) -> Mapping[str, object]:
    """Return the values with an id: that of the kind of object, or one that says what a patch does, and is its own."""
    if rule.table == "object":
        return rule.values
    text = json.dumps(rule.values, sort_keys=True, default=list)
    return {"id": f"{rule.values['kind']}-{hashlib.sha256(text.encode()).hexdigest()[:6]}", **rule.values}


def _joined(rule: Rule, other: Rule) -> Rule:
    values = dict(rule.values)
    if values.get("place") != other.values.get("place"):
        values.pop("place", None)  # the guard finds the id itself, where it stands at several places
    for name, value in other.values.items():
        if name in _JOINED and isinstance(value, list | tuple):
            before = values.get(name)
            values[name] = list(dict.fromkeys([*(before if isinstance(before, list | tuple) else ()), *value]))
        elif name != "place":
            values.setdefault(name, value)
    return Rule(rule.table, values, tuple(dict.fromkeys((*rule.findings, *other.findings))))


def _told(rule: Rule, titles: Mapping[str, str], owner: str, expires: date) -> Rule:
    """Return the rule with what a reader wants to know of it, and without what is empty."""
    reasons = dict.fromkeys(titles[finding] for finding in rule.findings)
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in rule.values.items()}
    told = {
        **{name: value for name, value in values.items() if value not in ("", [])},
        "finding": ", ".join(rule.findings),
        "owner": owner,
        "reason": "; ".join(reasons),
        "expires": expires.isoformat(),
    }
    return replace(rule, values=told)
