"""All rules of the owner about objects, found by the operation, or by the path where nothing is described."""

import re
from collections.abc import Iterable
from typing import Final

from apiward.access.ownership.covering import Pattern, check_known
from apiward.access.ownership.declared import Declared, declare
from apiward.access.ownership.rules import ObjectRule
from apiward.core.api import Api, Operation
from apiward.core.call import Call

_NONE: Final[tuple[Declared, ...]] = ()


class Declarations:
    """Compiled once. Raises ValueError with the rule at fault."""

    def __init__(self, rules: Iterable[ObjectRule], api: Api | None) -> None:
        operations = api.operations if api is not None else ()
        self._by_key: dict[str, tuple[Declared, ...]] = {}
        self._by_path: list[tuple[str, re.Pattern[str], Declared]] = []
        for rule in rules:
            try:
                self._add(rule, operations)
            except ValueError as error:
                raise ValueError(f"rules: {rule.id}: {error}") from None

    def __bool__(self) -> bool:
        return bool(self._by_key or self._by_path)

    def speak_of(self, operation: Operation | None) -> bool:
        """Return whether a rule may speak of requests of an operation."""
        return bool(self._by_path) if operation is None else operation.key in self._by_key

    def at(self, call: Call) -> tuple[tuple[Declared, ...], tuple[str, ...]]:
        """Return the rules that speak of a request, and its path arguments as they read them."""
        if call.operation_key:
            return self._by_key.get(call.operation_key, _NONE), call.path_arguments
        for method, pattern, declared in self._by_path:
            if method not in ("*", call.method) and not (method == "GET" and call.method == "HEAD"):
                continue
            found = pattern.fullmatch(call.path)
            if found is not None:
                return (declared,), found.groups()
        return _NONE, ()

    def _add(self, rule: ObjectRule, operations: tuple[Operation, ...]) -> None:
        patterns = [Pattern.read(text) for text in rule.operations]
        check_known((pattern for pattern in patterns if not pattern.is_wild), operations)
        for operation in operations:
            pattern = next((pattern for pattern in patterns if pattern.covers(operation)), None)
            if pattern is not None:
                declared = declare(rule, pattern, operation)
                self._by_key[operation.key] = (*self._by_key.get(operation.key, ()), declared)
        for pattern in patterns:
            self._by_path.append((pattern.method, pattern.compiled(), declare(rule, pattern, None)))
