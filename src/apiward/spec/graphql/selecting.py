"""What is asked for of an answer: every plain field, and those of what lies below, to a small depth."""

from typing import Final

from apiward.spec.graphql.model import Field, GraphqlSchema, Kind, TypeRef

MAX_LEVELS: Final = 3
"""Objects in objects. What pages its lists ("edges", "node") does not count."""
MAX_PICKED: Final = 120
MAX_MEMBERS: Final = 8
FEW: Final = 5
"""So many entries of a list below the answer are asked for, where it can be told."""
_SIZES: Final = ("first", "limit", "take", "pageSize", "perPage")
_PAGING: Final = frozenset({"edges", "node", "nodes"})


def selection(schema: GraphqlSchema, of: TypeRef, *, only_type: str = "") -> str:
    """Return the selection of a field of type `of`, braces included; empty where it has no fields."""
    if schema.kind_of(of.name) in (Kind.SCALAR, Kind.ENUM):
        return ""
    picker = _Picker(schema)
    if only_type:
        return f"{{ __typename ... on {only_type} {picker.fields(only_type, MAX_LEVELS, ())} }}"
    return picker.fields(of.name, MAX_LEVELS, ())


class _Picker:
    """Picks fields, not more than `MAX_PICKED` in all."""

    def __init__(self, schema: GraphqlSchema) -> None:
        self._schema = schema
        self._left = MAX_PICKED

    def fields(self, name: str, levels: int, above: tuple[str, ...]) -> str:
        """Return the selection of a type; it holds one field at least."""
        kind = self._schema.kind_of(name)
        parts = [] if kind is Kind.OBJECT else [self._type_name()]
        own = self._schema.fields_of(name)
        parts += self._plain(own)
        parts += [part for one in own if (part := self._below(one, levels, (*above, name)))]
        if kind in (Kind.UNION, Kind.INTERFACE):
            parts += self._variants(name, levels, (*above, name))
        return "{ " + " ".join(parts or [self._type_name()]) + " }"

    def _type_name(self) -> str:
        self._left -= 1
        return "__typename"

    def _plain(self, own: tuple[Field, ...]) -> list[str]:
        chosen = [one.name for one in own if _is_free(one) and self._is_plain(one)][: max(self._left, 0)]
        self._left -= len(chosen)
        return chosen

    def _below(self, one: Field, levels: int, above: tuple[str, ...]) -> str:
        if not _is_free(one) or self._is_plain(one) or self._left <= 0 or one.type.name in above:
            return ""
        deeper = levels if one.name in _PAGING else levels - 1
        if deeper <= 0 or len(above) > 3 * MAX_LEVELS:
            return ""
        return f"{one.name}{_few(one)} {self.fields(one.type.name, deeper, above)}"

    def _variants(self, name: str, levels: int, above: tuple[str, ...]) -> list[str]:
        """Return the further fields of each possible type, but for those that two types give different types."""
        shared = {one.name for one in self._schema.fields_of(name)}
        members = self._schema.types[name].members[:MAX_MEMBERS] if name in self._schema.types else ()
        types: dict[str, set[str]] = {}
        for member in members:
            for one in self._schema.fields_of(member):
                types.setdefault(one.name, set()).add(one.type.text)
        parts = []
        for member in members:
            own = [o for o in self._schema.fields_of(member) if o.name not in shared and len(types[o.name]) == 1]
            picked = self._plain(tuple(own))
            if member not in above:
                picked += [part for one in own if (part := self._below(one, levels, above))]
            if picked:
                parts.append(f"... on {member} {{ {' '.join(picked)} }}")
        return parts

    def _is_plain(self, one: Field) -> bool:
        return self._schema.kind_of(one.type.name) in (Kind.SCALAR, Kind.ENUM)


def _is_free(one: Field) -> bool:
    """Whether a field can be asked for without telling it anything."""
    return not any(argument.is_required for argument in one.arguments)


def _few(one: Field) -> str:
    sizes = (a.name for a in one.arguments if a.name in _SIZES and a.type.name == "Int")
    size = next(sizes, None)
    return f"({size}: {FEW})" if size else ""
