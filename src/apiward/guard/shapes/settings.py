"""What an owner may say of strictness."""

from dataclasses import dataclass
from enum import StrEnum

from apiward.core.settings import setting
from apiward.guard.selecting import selectors


class Handling(StrEnum):
    """What happens to a part that should not be there."""

    REFUSE = "refuse"
    DROP = "drop"
    NOTE = "note"
    ALLOW = "allow"


@dataclass(frozen=True, slots=True)
class Handlings:
    """What happens to undeclared and to read-only properties in the bodies of one operation."""

    undeclared: Handling
    read_only: Handling

    @property
    def drops(self) -> bool:
        """Whether anything is taken out of bodies."""
        return Handling.DROP in (self.undeclared, self.read_only)


_BODY_PARTS = (Handling.REFUSE, Handling.DROP, Handling.ALLOW)
_OTHERS = (Handling.REFUSE, Handling.NOTE, Handling.ALLOW)


@dataclass(frozen=True, slots=True)
class ShapeSettings:
    """How closely requests must follow the description."""

    undeclared: str = setting(
        "refuse",
        "What happens to body properties that the description does not name, "
        "even where it leaves room for them: refuse, drop or allow.",
    )
    read_only: str = setting(
        "drop",
        "What happens to read-only properties in requests: refuse, drop or allow. "
        "Many clients send back whole what they have read.",
    )
    unknown_query: str = setting(
        "note", "What happens to query parameters that the description does not name: refuse, note or allow."
    )
    unexpected_body: str = setting(
        "refuse", "What happens to a body where the description knows of none: refuse, note or allow."
    )
    open_operations: tuple[str, ...] = setting(
        (), "Operations that may take undeclared properties, parameters and bodies, as in 'POST /hooks/*'."
    )
    graphql_paths: tuple[str, ...] = setting(("/graphql",), "Paths that end like this speak GraphQL.")
    graphql_depth: int = setting(15, "How many levels of fields a GraphQL query may have.", least=1, most=200)
    graphql_cost: int = setting(
        5000, "How many fields a GraphQL query may ask for; lists count for each entry.", least=1, most=10_000_000
    )
    graphql_aliases: int = setting(30, "How many fields of a GraphQL query may be renamed.", least=0, most=10_000)
    graphql_batch: int = setting(5, "How many GraphQL queries one request may hold.", least=1, most=1000)
    graphql_introspection: str = setting(
        "refuse", "What happens to queries that ask for the GraphQL schema itself: refuse, note or allow."
    )

    def __post_init__(self) -> None:
        for name in ("undeclared", "read_only"):
            _demand(name, getattr(self, name), _BODY_PARTS)
        for name in ("unknown_query", "unexpected_body", "graphql_introspection"):
            _demand(name, getattr(self, name), _OTHERS)
        if "" in self.graphql_paths:
            raise ValueError("graphql_paths: an empty text fits every path; name one, or none with []")
        selectors(self.open_operations, "open_operations")


def _demand(name: str, value: str, allowed: tuple[Handling, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name}: {value!r} is unknown; allowed are {', '.join(allowed)}")
