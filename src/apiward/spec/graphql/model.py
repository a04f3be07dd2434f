"""A GraphQL schema, as far as apiward needs it, whether it was written down or told by a server."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

MAX_TYPES: Final = 4_000
MAX_FIELDS: Final = 2_000
MAX_WRAPPINGS: Final = 8


class Kind(StrEnum):
    """The kinds of named types (specification of October 2021, section 3.4)."""

    SCALAR = "SCALAR"
    OBJECT = "OBJECT"
    INTERFACE = "INTERFACE"
    UNION = "UNION"
    ENUM = "ENUM"
    INPUT = "INPUT_OBJECT"


@dataclass(frozen=True, slots=True)
class TypeRef:
    """A use of a named type. `text` is how it is written: `[Order!]!`."""

    text: str

    @property
    def name(self) -> str:
        """The named type, without its wrappings."""
        return self.text.strip("[]!")

    @property
    def is_list(self) -> bool:
        """Whether there are many."""
        return self.text.startswith("[")

    @property
    def is_required(self) -> bool:
        """Whether null is not allowed."""
        return self.text.endswith("!")

    def inner(self) -> "TypeRef":
        """Return the type of the elements of a list."""
        return TypeRef(self.text.removesuffix("!")[1:-1])


@dataclass(frozen=True, slots=True)
class Input:
    """An argument of a field, or a field of an input object."""

    name: str
    type: TypeRef
    description: str = ""
    has_default: bool = False

    @property
    def is_required(self) -> bool:
        """Whether a call must give it."""
        return self.type.is_required and not self.has_default


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object or interface."""

    name: str
    type: TypeRef
    arguments: tuple[Input, ...] = ()
    description: str = ""
    is_deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Type:
    """A named type: `members` are the possible types of a union or interface, or the values of an enum."""

    name: str
    kind: Kind
    fields: tuple[Field, ...] = ()
    inputs: tuple[Input, ...] = ()
    members: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GraphqlSchema:
    """All types by name, and the names of the two that calls begin at (empty where there is none)."""

    types: Mapping[str, Type] = field(default_factory=lambda: MappingProxyType({}))
    query: str = ""
    mutation: str = ""

    def fields_of(self, name: str) -> tuple[Field, ...]:
        """Return the fields of a type, none where it has none or is not there."""
        found = self.types.get(name)
        return found.fields if found else ()

    def kind_of(self, name: str) -> Kind:
        """Return the kind of a type; one that is not there is taken for a scalar, as the built-in ones are."""
        found = self.types.get(name)
        return found.kind if found else Kind.SCALAR
