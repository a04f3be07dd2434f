"""The table of permissions as Cedar policies, to read, to check elsewhere, and to test our table against.

Entities: `Role` (parents: the roles it inherits), `Caller` (parents: its roles; attributes `kind`,
`key`, `scopes`), `Operation` (by key). The context holds `path_rules`: the names of those
rules that speak of the path asked for, where the template alone does not tell ("(private)" for
the setting of that name).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from apiward.core.principal import Principal
from apiward.guard.permission.conditions import Condition
from apiward.guard.permission.table import Permissions, Plan, Rest
from apiward.guard.selecting import any_fits

_ACTION: Final = 'Action::"call"'
_PRIVATE: Final = "(private)"


def cedar_policies(permissions: Permissions) -> str:
    """Return the policies as text. They speak of described operations only."""
    plans = permissions.plans
    lines = [_rule(one, plans) for one in permissions.conditions]
    lines += _defaults(plans)
    return "\n\n".join(line for line in lines if line) + "\n"


def cedar_entities(permissions: Permissions, principals: Mapping[str, Principal]) -> list[dict[str, object]]:
    """Return the entities for `principals` (by the id that requests name them with), roles and operations."""
    roles = {name for one in principals.values() for name in one.roles} | set(permissions.ancestors)
    found = [_entity("Role", name, parents=sorted(permissions.ancestors.get(name, {name}) - {name})) for name in roles]
    found += [_entity("Operation", key) for key in permissions.plans]
    for name, one in principals.items():
        attributes = {"kind": str(one.kind), "key": one.key, "scopes": sorted(one.scopes)}
        found.append(_entity("Caller", name, parents=sorted(one.roles), attributes=attributes))
    return found


def cedar_request(permissions: Permissions, caller: str, key: str, method: str, path: str) -> dict[str, object]:
    """Return the question whether `caller` (an id among the entities) may call the operation, for Cedar."""
    plan = permissions.plans[key]
    covering = [one.name for one in plan.by_path if one.covers(method, path)]
    covering += [_PRIVATE] if any_fits(plan.private_by_path, method, path) else []
    return {
        "principal": f"Caller::{_text(caller)}",
        "action": _ACTION,
        "resource": f"Operation::{_text(key)}",
        "context": {"path_rules": covering},
    }


def _rule(one: Condition, plans: Mapping[str, Plan]) -> str:
    always = [key for key, plan in plans.items() if one in plan.forbids or one in plan.allows]
    by_path = [key for key, plan in plans.items() if one in plan.by_path]
    places = []
    if always:
        places.append(f"{_operations(always)}.contains(resource)")
    if by_path:
        places.append(f"({_operations(by_path)}.contains(resource) && context.path_rules.contains({_text(one.name)}))")
    if not places:
        return ""
    tests = [f"({' || '.join(places)})", *_who(one)]
    effect = "forbid" if one.rule.is_forbid else "permit"
    text = (
        f"@id({_text(one.name)})\n{effect} (principal, action == {_ACTION}, resource)\nwhen {{ {' && '.join(tests)} }}"
    )
    exceptions = [f"principal in Role::{_text(role)}" for role in one.rule.unless_roles]
    exceptions += [f"principal.scopes.contains({_text(scope)})" for scope in sorted(one.unless_scopes)]
    return text + (f"\nunless {{ {' || '.join(exceptions)} }};" if exceptions else ";")


def _who(one: Condition) -> Iterable[str]:
    if one.rule.roles:
        yield f"({' || '.join(f'principal in Role::{_text(role)}' for role in one.rule.roles)})"
    if one.scopes:
        yield f"principal.scopes.containsAll({_texts(sorted(one.scopes))})"
    if one.kinds:
        yield f"{_texts(sorted(one.kinds))}.contains(principal.kind)"
    if one.principals:
        yield f"{_texts(sorted(one.principals))}.contains(principal.key)"


def _defaults(plans: Mapping[str, Plan]) -> Iterable[str]:
    for rest, test in ((Rest.OPEN, ""), (Rest.KNOWN, ' && principal.kind != "anonymous"')):
        free = {key: plan for key, plan in plans.items() if plan.rest is rest and not plan.allows}
        plain = [key for key, plan in free.items() if not _names(plan)]
        if plain:
            yield _default(rest, f"{_operations(plain)}.contains(resource){test}")
        for key, plan in free.items():
            if _names(plan):
                none = f"!context.path_rules.containsAny({_texts(_names(plan))})"
                yield _default(rest, f"resource == Operation::{_text(key)} && {none}{test}")


def _names(plan: Plan) -> list[str]:
    """Return the rules that may close the operation to all others, as the path asked for says."""
    private = [_PRIVATE] if plan.private_by_path else []
    return private + sorted(one.name for one in plan.by_path if not one.rule.is_forbid)


def _default(rest: Rest, test: str) -> str:
    return f'@id("default {rest}")\npermit (principal, action == {_ACTION}, resource)\nwhen {{ {test} }};'


def _entity(
    kind: str, name: str, *, parents: Sequence[str] = (), attributes: Mapping[str, object] | None = None
) -> dict[str, object]:
    return {
        "uid": {"type": kind, "id": name},
        "attrs": dict(attributes or {}),
        "parents": [{"type": "Role", "id": parent} for parent in parents],
    }


def _operations(keys: Iterable[str]) -> str:
    return f"[{', '.join(f'Operation::{_text(key)}' for key in keys)}]"


def _texts(values: Iterable[str]) -> str:
    return f"[{', '.join(_text(value) for value in values)}]"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
