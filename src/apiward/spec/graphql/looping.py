"""Ways through a schema that lead back to where they were, so that a query can be as deep as it likes."""

from collections import deque
from dataclasses import dataclass
from typing import Final

from apiward.core.api import GraphqlField
from apiward.spec.graphql.model import Field, GraphqlSchema, Kind

MAX_STEPS: Final = 6
MAX_LOOKED_AT: Final = 3_000


@dataclass(frozen=True, slots=True)
class Loop:
    """Fields that lead to a type (`way`), and from it back to itself (`circle`); whether lists lie on them."""

    way: tuple[str, ...]
    circle: tuple[str, ...]
    has_lists: bool


def loop_from(schema: GraphqlSchema, name: str) -> Loop | None:
    """Return the shortest loop that can be reached from a type, None where there is none near."""
    waiting: deque[tuple[tuple[str, ...], tuple[Field, ...]]] = deque([((name,), ())])
    for _ in range(MAX_LOOKED_AT):
        if not waiting:
            return None
        types, steps = waiting.popleft()
        for one in schema.fields_of(types[-1]):
            if schema.kind_of(one.type.name) is not Kind.OBJECT or any(a.is_required for a in one.arguments):
                continue
            taken = (*steps, one)
            if one.type.name in types:
                at = types.index(one.type.name)
                has_lists = any(step.type.is_list for step in taken)
                return Loop(tuple(s.name for s in taken[:at]), tuple(s.name for s in taken[at:]), has_lists)
            if len(taken) < MAX_STEPS:
                waiting.append(((*types, one.type.name), taken))
    return None


def deep_document(field: GraphqlField, levels: int) -> str:
    """Return a document that calls a field and asks for about so many levels below it; none, for its name alone."""
    head, call = field.document.split(" { ", 2)[:2]
    rounds = max(levels - len(field.way), 0) // max(len(field.circle), 1)
    steps = [*field.way, *field.circle * rounds] if levels else []
    return f"{head} {{ {call} {''.join(f'{{ {step} ' for step in steps)}{{ __typename }}{' }' * len(steps)} }}"
