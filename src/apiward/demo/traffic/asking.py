"""What a session asks of the API, and what it is told: the request before it has bytes."""

from collections.abc import Generator
from typing import NamedTuple, TypeAlias

from apiward.core.jsonvalue import Json
from apiward.demo.traffic.callers import Caller
from apiward.demo.traffic.operations import Operation
from apiward.demo.traffic.things import Thing
from apiward.demo.traffic.values import Kind, Relation


class GaveUpError(Exception):
    """Somebody goes away: they cannot get in."""


class Ask(NamedTuple):
    """One wish. `after_s` is how long its sender thinks before; `link` is a token that opens the object.

    `parent` is the id of the object above, `extra` what stands in the query besides.
    """

    operation: Operation
    caller: Caller
    kind: Kind
    id: str = ""
    value: dict[str, Json] | None = None
    extra: str = ""
    parent: str = ""
    link: str = ""
    after_s: float = 1.0
    actor: str = ""
    order_key: str = ""
    """Sent with it so that the API does not do the same thing twice."""


class Told(NamedTuple):
    """What came back. `shown` are the objects of a list, newest first."""

    status: int
    value: Json = None
    relation: Relation = Relation.NONE
    thing: Thing | None = None
    shown: tuple[Thing, ...] = ()
    about: Thing | None = None
    """What it was really about, where that is not `thing`."""


Session: TypeAlias = Generator[Ask, Told, None]
"""What one person, machine or attacker does in a row: wishes go out, answers come in."""
Part: TypeAlias = Generator[Ask, Told, Told]
"""A part of a session that gives its last answer."""
