"""Operations that settings name and the description does not know: a rule for one of those holds for nothing."""

import difflib
from collections.abc import Iterator

from apiward.config.guarding import GuardConfig
from apiward.core.api import Api, Operation
from apiward.guard.policy import ModeException
from apiward.guard.selecting import Cover, selector


def unknown_mentions(config: GuardConfig, api: Api | None) -> list[str]:
    """Return a sentence for each operation that is named and not described, with the nearest one that is."""
    if api is None:
        return []
    told = [_sentence(where, text, api) for where, text in _selectors(config) if not _is_known(text, api.operations)]
    told += [
        _sentence(f"exceptions.{number}.operation", one.operation, api)
        for number, one in enumerate(config.exceptions, 1)
        if one.operation and not _is_covered(one, api.operations)
    ]
    return told


def _selectors(config: GuardConfig) -> Iterator[tuple[str, str]]:
    permit = config.permit
    yield from (("permit.private", text) for text in permit.private)
    for rule in permit.rules:
        yield from ((f"permit.rules {rule.name or '?'}", text) for text in rule.operations)
    for role in permit.roles:
        yield from ((f"permit.roles {role.name}", text) for text in role.grants)
    yield from (("quota.costs", text) for text in config.quota.costs)
    yield from (("shape.open_operations", text) for text in config.shape.open_operations)
    for retired in config.route.retired:
        yield from (("route.retired", text) for text in retired.operations)


def _is_known(text: str, operations: tuple[Operation, ...]) -> bool:
    chosen = selector(text)
    return any(chosen.cover(operation) is not Cover.NEVER for operation in operations)


def _is_covered(one: ModeException, operations: tuple[Operation, ...]) -> bool:
    return any(one.covers(operation.key, operation.key.partition(" ")[2]) for operation in operations)


def _sentence(where: str, text: str, api: Api) -> str:
    near = difflib.get_close_matches(text, _names(text, api), n=1)
    advice = f' Did you mean "{near[0]}"?' if near else ""
    return f'guard.{where}: "{text[:200]}" names nothing that the description knows.{advice}'


def _names(text: str, api: Api) -> list[str]:
    """Return what could have been meant, in the form in which `text` is written."""
    operations = api.operations
    if text.startswith("tag:"):
        return sorted({f"tag:{tag}" for operation in operations for tag in operation.tags})
    if text.startswith("/"):
        return sorted({operation.key.partition(" ")[2] for operation in operations})
    if " " in text:
        return sorted(operation.key for operation in operations)
    return sorted(operation.operation_id for operation in operations if operation.operation_id)
