"""What a description says of each operation, small enough to stand in the data folder: for the owner's inventory.

The guard writes down what it judges by, as the page asks nobody for a description. Shapes are left out: of the fields
only the names tell something here, and of these what kind of data they promise.
"""

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from apiward.classify.kinds import Kind
from apiward.classify.names import kinds_of_name
from apiward.core.api import Api, Operation, SchemeKind, SecurityScheme
from apiward.core.jsonvalue import Pointer
from apiward.core.schema import Schema
from apiward.spec.meaning.roles import is_for_staff, paths_tell, staff_roles
from apiward.stores.private import give_to_owner

FILE: Final = "described.json"
MOST_OPERATIONS: Final = 5_000
MOST_PLACES: Final = 40
"""Places with data of a kind that are kept of one operation."""
MOST_BYTES: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class DescribedOperation:
    """One operation. `holds` are places and the kind of data that the name there promises."""

    method: str
    path: str
    base_path: str = ""
    operation_id: str = ""
    tags: tuple[str, ...] = ()
    security: tuple[tuple[str, ...], ...] | None = None
    scopes: tuple[frozenset[str], ...] = ()
    is_deprecated: bool = False
    is_for_staff: bool = False
    holds: tuple[tuple[str, str], ...] = ()

    def operation(self) -> Operation:
        """Return it as the guard's rules know it, without shapes."""
        return Operation(
            self.method,
            self.path,
            self.base_path,
            self.operation_id or None,
            tags=self.tags,
            security=self.security,
            scopes=self.scopes,
        )


@dataclass(frozen=True, slots=True)
class Described:
    """An API as its description names it. `schemes` are name and kind of the ways to show who calls."""

    title: str
    version: str
    source: str
    dialect: str
    servers: tuple[str, ...] = ()
    schemes: tuple[tuple[str, str], ...] = ()
    operations: tuple[DescribedOperation, ...] = ()

    def api(self) -> Api:
        """Return it as the guard's rules know it, without shapes."""
        schemes = {name: SecurityScheme(name, SchemeKind(kind)) for name, kind in self.schemes}
        operations = tuple(one.operation() for one in self.operations)
        return Api(self.title, self.version, operations, schemes, self.servers, self.source, self.dialect)


def described(api: Api) -> Described:
    """Return what an inventory needs of a description; bounded."""
    special, by_path = staff_roles(api), paths_tell(api)
    operations = tuple(
        DescribedOperation(
            one.method,
            one.path,
            one.base_path,
            one.operation_id or "",
            one.tags[:8],
            one.security,
            one.scopes,
            one.is_deprecated,
            is_for_staff(one, special, by_path=by_path),
            tuple(dict.fromkeys(_held(one)))[:MOST_PLACES],
        )
        for one in api.by_address().operations[:MOST_OPERATIONS]
    )
    schemes = tuple((name, one.kind.value) for name, one in api.schemes.items())
    return Described(api.title, api.version, api.source, api.dialect, api.servers, schemes, operations)


def keep_described(folder: Path, api: Api) -> None:
    """Write down what a guard judges by, whole or not at all. Raises OSError."""
    text = msgspec.json.encode(described(api), order="deterministic")
    path = folder / FILE
    if path.exists() and path.stat().st_size == len(text) and path.read_bytes() == text:
        return
    fresh = folder / f".{FILE}.{os.getpid()}"
    fresh.write_bytes(text)
    fresh.replace(path)
    give_to_owner(path, folder)


def keep_beside(folder: Path, api: Api) -> threading.Thread:
    """Write it down beside the requests: 500 large operations take 0.3 s. Where it fails, the last one stays."""

    def keep() -> None:
        with contextlib.suppress(OSError):
            keep_described(folder, api)

    thread = threading.Thread(target=keep, name="described", daemon=True)
    thread.start()
    return thread


def read_described(folder: Path) -> Described | None:
    """Return what a guard has written down, None where none has, or nothing that can be read."""
    try:
        with (folder / FILE).open("rb") as file:
            return msgspec.json.decode(file.read(MOST_BYTES), type=Described)
    except (OSError, msgspec.MsgspecError, RecursionError):
        return None


def _held(operation: Operation) -> Iterator[tuple[str, str]]:
    for parameter in operation.parameters:
        yield from ((f"{parameter.place.value} {parameter.name}", kind) for kind in _kinds(parameter.name))
    for body in operation.bodies:
        yield from _held_in(body.schema, "body")
    for schema in operation.answer_schemas():
        yield from _held_in(schema, "answer")


def _held_in(schema: Schema, place: str) -> Iterator[tuple[str, str]]:
    for pointer, _ in schema.fields():
        name = next((step for step in reversed(pointer) if isinstance(step, str)), "")
        yield from ((_place(place, pointer), kind) for kind in _kinds(name))


def _kinds(name: str) -> list[str]:
    return sorted(kind.value for kind in kinds_of_name(name) if kind is not Kind.IDENTIFIER)


def _place(place: str, pointer: Pointer) -> str:
    return place + "".join("[]" if isinstance(step, int) else f".{step}" for step in pointer)
