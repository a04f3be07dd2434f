"""Parameters and fields that come twice though they are no list: programs take the first, the last, or both."""

from typing import Final

from apiward.core.api import Api, Body, Operation, Place
from apiward.core.call import Call, Pairs
from apiward.core.decision import Decision, Effect
from apiward.core.schema import Schema
from apiward.guard.wire.settings import OnDoubt

_RULE: Final = "protocol.parameter-repeated"
_NONE: Final[frozenset[str]] = frozenset()


class RepeatRules:
    """Knows for each described operation which names may come more than once."""

    def __init__(self, on_doubt: OnDoubt, api: Api | None) -> None:
        self._on_doubt = on_doubt
        operations = api.operations if api else ()
        self._lists = {operation.key: _list_names(operation) for operation in operations}

    def check(self, call: Call) -> tuple[Decision, ...]:
        """Return a note or a refusal where a name comes twice."""
        if self._on_doubt is OnDoubt.PASS:
            return ()
        lists = self._lists.get(call.operation_key, _NONE)
        for place, pairs in (("query", call.query_pairs), ("body", call.form_pairs)):
            if len(pairs) > len(dict(pairs)) and (name := _repeated(pairs, lists)):
                effect = Effect.DENY if self._on_doubt is OnDoubt.REFUSE else Effect.NOTE
                where = f"{place}.{name}" if name.isidentifier() and len(name) <= 40 else place
                return (Decision(_RULE, effect, where, "comes more than once"),)
        return ()


def _repeated(pairs: Pairs, lists: frozenset[str]) -> str:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen and name not in lists and not name.endswith("]"):
            return name
        seen.add(name)
    return ""


def _list_names(operation: Operation) -> frozenset[str]:
    queries = {one.name for one in operation.parameters_in(Place.QUERY) if _is_list(one.schema)}
    return frozenset(queries.union(*(_list_fields(body) for body in operation.bodies)))


def _list_fields(body: Body) -> set[str]:
    return {name for name, schema in body.schema.properties.items() if _is_list(schema)}


def _is_list(schema: Schema) -> bool:
    return "array" in schema.types or any("array" in variant.types for variant in schema.variants)
