"""Ways through a schema that lead back to where they were, so that a query can be as deep as it likes."""

from collections import deque
from dataclasses import dataclass
from typing import Final

from apiward.core.api import GraphqlField
from apiward.spec.graphql.model import Field, GraphqlSchema, Kind

MAX_STEPS: Final = 6
MAX_LOOKED_AT: Final = 200


@dataclass(frozen=True, slots=True)
class Loop:
    """Fields that lead to a type (`way`), and from it back to itself (`circle`); whether lists lie on them."""

    way: tuple[str, ...]
    circle: tuple[str, ...]
    has_lists: bool


class Loops:
    """Finds loops in one schema; what was found once is kept."""

    def __init__(self, schema: GraphqlSchema) -> None:
        self._schema = schema
        self._steps: dict[str, tuple[Field, ...]] = {}
        self._found: dict[str, Loop | None] = {}

    def loop_from(self, name: str) -> Loop | None:
        """Return the shortest loop that can be reached from a type, None where there is none near."""
        if name not in self._found:
            self._found[name] = self._search(name)
        return self._found[name]

    def _search(self, name: str) -> Loop | None:
        waiting: deque[tuple[tuple[str, ...], tuple[Field, ...]]] = deque([((name,), ())])
        for _ in range(MAX_LOOKED_AT):
            if not waiting:
                return None
            types, steps = waiting.popleft()
            for one in self._steps_from(types[-1]):
                taken = (*steps, one)
                if one.type.name in types:
                    at = types.index(one.type.name)
                    has_lists = any(step.type.is_list for step in taken)
                    return Loop(tuple(s.name for s in taken[:at]), tuple(s.name for s in taken[at:]), has_lists)
                if len(taken) < MAX_STEPS:
                    waiting.append(((*types, one.type.name), taken))
        return None

    def _steps_from(self, name: str) -> tuple[Field, ...]:
        """Return the fields that lead on without being told anything, one for each type, single things first."""
        if name not in self._steps:
            found: dict[str, Field] = {}
            for one in sorted(self._schema.fields_of(name), key=lambda field: field.type.is_list):
                is_object = self._schema.kind_of(one.type.name) is Kind.OBJECT
                if is_object and not any(a.is_required for a in one.arguments):
                    found.setdefault(one.type.name, one)
            self._steps[name] = tuple(found.values())
        return self._steps[name]


def deep_document(field: GraphqlField, levels: int) -> str:
    """Return a document that calls a field and asks for about so many levels below it; none, for its name alone."""
    head, call = field.document.split(" { ", 2)[:2]
    rounds = max(levels - len(field.way), 0) // max(len(field.circle), 1)
    steps = [*field.way, *field.circle * rounds] if levels else []
    return f"{head} {{ {call} {''.join(f'{{ {step} ' for step in steps)}{{ __typename }}{' }' * len(steps)} }}"
