"""Judges GraphQL requests against limits: depth, cost, renamed fields, batches, fragments in a circle."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from apiward.core.call import BodyKind, Call
from apiward.core.jsonvalue import Json, NotJson, parse_json
from apiward.guard.graphql.reading import MOST_COST, Definition, Document, read
from apiward.guard.shapes.faults import Fault
from apiward.spec.graphql.words import GraphqlError

_GRAPHQL_TYPE: Final = b"application/graphql"
_NO_VARIABLES: Final[Mapping[str, Json]] = {}
_PLACE: Final = "query"


@dataclass(frozen=True, slots=True)
class GraphqlLimits:
    """What one query may ask for; `batch` is how many queries one request may hold."""

    depth: int
    cost: int
    aliases: int
    batch: int


@dataclass(slots=True)
class Weight:
    """What a definition asks for with all its fragments."""

    depth: int
    cost: int
    aliases: int
    asks_for_schema: bool


class GraphqlRules:
    """Judges requests that speak GraphQL."""

    def __init__(self, limits: GraphqlLimits) -> None:
        self._limits = limits

    def fault(self, call: Call) -> Fault | None:
        """Return what is wrong with the queries of a request, or None."""
        queries = list(_queries(call, self._limits.batch + 1))
        if len(queries) > self._limits.batch:
            return Fault("graphql-batch", _PLACE, f"more than {self._limits.batch} queries")
        aliases, asks_for_schema = 0, False
        for text, variables in queries:
            try:
                weight = weight_of(read(text, variables))
            except GraphqlError as error:
                return Fault("graphql-syntax", _PLACE, str(error))
            aliases += weight.aliases
            asks_for_schema = asks_for_schema or weight.asks_for_schema
            fault = self._fault(weight, aliases)
            if fault is not None:
                return fault
        # last, because the owner may let these pass
        return Fault("graphql-introspection", _PLACE) if asks_for_schema else None

    def _fault(self, weight: Weight, aliases: int) -> Fault | None:
        limits = self._limits
        if weight.depth > limits.depth:
            return Fault("graphql-depth", _PLACE, f"{weight.depth} levels")
        if weight.cost > limits.cost:
            return Fault("graphql-cost", _PLACE, f"{weight.cost} fields")
        return Fault("graphql-aliases", _PLACE, f"{aliases} renamed fields") if aliases > limits.aliases else None


def weight_of(document: Document) -> Weight:
    """Return what the dearest operation of a document asks for. Raises GraphqlError for fragments in a circle."""
    known: dict[str, Weight] = {}
    for name in _inner_first(document):
        known[name] = _joined(document.fragments[name], known)
    weights = [_joined(operation, known) for operation in document.operations]
    return Weight(
        depth=max(one.depth for one in weights),
        cost=max(one.cost for one in weights),
        aliases=max(one.aliases for one in weights),
        asks_for_schema=any(one.asks_for_schema for one in weights),
    )


def _inner_first(document: Document) -> Iterator[str]:
    """Yield the fragments, each after those that it spreads; without recursion."""
    done: set[str] = set()
    for start in document.fragments:
        open_now: dict[str, Iterator[str]] = {}
        waiting = [] if start in done else [start]
        while waiting:
            name = waiting[-1]
            if name not in open_now:
                open_now[name] = iter([spread.name for spread in document.fragments[name].spreads])
            inner = next(open_now[name], None)
            if inner is None:
                waiting.pop()
                done.add(name)
                del open_now[name]
                yield name
            elif inner in open_now:
                raise GraphqlError("fragments in a circle")
            elif inner not in done and inner in document.fragments:
                waiting.append(inner)


def _joined(own: Definition, known: Mapping[str, Weight]) -> Weight:
    weight = Weight(own.depth, own.cost, own.aliases, own.asks_for_schema)
    for spread in own.spreads:
        inner = known.get(spread.name)
        if inner is None:
            raise GraphqlError("a fragment that is not there")
        weight.depth = max(weight.depth, spread.depth - 1 + inner.depth)
        weight.cost = min(weight.cost + spread.times * inner.cost, MOST_COST)
        weight.aliases = min(weight.aliases + inner.aliases, MOST_COST)
        weight.asks_for_schema = weight.asks_for_schema or inner.asks_for_schema
    return weight


def _queries(call: Call, most: int) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """Yield up to `most` queries with their variables, wherever the request holds them."""
    left = most
    for value in _envelopes(call):
        for one in value[:left] if isinstance(value, list) else [value]:
            left -= 1
            if isinstance(one, dict) and isinstance(one.get("query"), str):
                variables = one.get("variables")
                yield str(one["query"]), variables if isinstance(variables, dict) else _NO_VARIABLES
            elif isinstance(value, list):
                yield "{persisted}", _NO_VARIABLES


def _envelopes(call: Call) -> Iterator[Json]:
    for pairs in (call.query_pairs, call.form_pairs):
        fields = dict(pairs)
        if "query" in fields:
            variables = parse_json(fields.get("variables", "{}"))
            yield {"query": fields["query"], "variables": None if isinstance(variables, NotJson) else variables}
    if call.body_kind is BodyKind.MULTIPART:
        operations = parse_json(dict(call.form_pairs).get("operations", "null"))
        yield None if isinstance(operations, NotJson) else operations
    if not isinstance(call.value, NotJson):
        yield call.value
    elif call.body and call.header.get(b"content-type", b"").lower().startswith(_GRAPHQL_TYPE):
        yield {"query": call.body.decode("utf-8", "replace")}
