"""How much one query asks for, told before any of it is done."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from apiward.demo.graphql.documents import Asked, BadDocumentError, Picked

MAX_DEPTH: Final = 10
MAX_ALIASES: Final = 20
MAX_FIELDS: Final = 500


@dataclass(slots=True)
class Weight:
    """Levels, renamed fields, and all fields, fragments counted wherever they are used."""

    depth: int = 0
    aliases: int = 0
    fields: int = 0
    introspects: bool = False


def weigh(asked: Asked) -> Weight:
    """Return what an operation asks for. Raises BadDocumentError for fragments in a circle, or far too much."""
    weight = Weight()
    waiting: list[tuple[tuple[Picked, ...], int, Counter[str]]] = [(asked.fields, 1, Counter())]
    while waiting:
        picked, depth, inside = waiting.pop()
        for one in picked:
            weight.fields += 1
            if weight.fields > 20_000:
                raise BadDocumentError("The query asks for far too much")
            if one.spread:
                if inside[one.spread] or one.spread not in asked.fragments:
                    raise BadDocumentError(f'Unknown fragment "{one.spread}", or one that holds itself')
                waiting.append((asked.fragments[one.spread], depth, inside + Counter([one.spread])))
            elif one.only_on is not None:
                waiting.append((one.inner, depth, inside))
            else:
                weight.depth = max(weight.depth, depth)
                weight.aliases += bool(one.alias)
                weight.introspects |= one.name in ("__schema", "__type")
                waiting.append((one.inner, depth + 1, inside))
    return weight
