"""The records of given accounts as the API showed them before the scan changed anything."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, Pointer, leaves
from apiward.scan.calling.arguments import Arguments
from apiward.scan.calling.values import is_dated
from apiward.spec.meaning import naming

_OF_ITSELF: Final = frozenset("updated modified changed edited last seen at version etag revision".split())

Fields = Mapping[Pointer, Json]


@dataclass(frozen=True, slots=True)
class Page:
    """One operation that shows an account its own record, and the fields that it showed before the scan."""

    operation: Operation
    arguments: Arguments
    fields: Fields


def fields_in(exchange: Exchange) -> Fields:
    """Return the fields of a record that are no secrets; lists may be of other things, and are left out."""
    body = exchange.response.json() if exchange.response and exchange.is_success else None
    found = leaves(None if isinstance(body, NotJson) else body)
    return {p: value for p, value in found if p and not any(isinstance(step, int) for step in p) and _is_open(p)}


def steady(first: Fields, second: Fields) -> Fields:
    """Return the fields that two looks in a row show alike."""
    return {pointer: value for pointer, value in first.items() if pointer in second and second[pointer] == value}


def changed_names(before: Fields, now: Fields) -> Iterator[str]:
    """Yield the names of the fields that are not as before, but for those that note every change by themselves."""
    for pointer, value in before.items():
        name = str(pointer[-1])
        if now.get(pointer) != value and not (_OF_ITSELF & set(naming.words(name)) and _is_noted(value)):
            yield name


def seen_values(pages: Iterable[Page]) -> dict[str, Json]:
    """Return the values of all pages by plain name, those of the first page that has one."""
    found: dict[str, Json] = {}
    for page in pages:
        for pointer, value in page.fields.items():
            found.setdefault(naming.plain(str(pointer[-1])), value)
    return found


def _is_open(pointer: Pointer) -> bool:
    name = str(pointer[-1])
    return not naming.is_password_name(name) and not naming.is_token_name(name)


def _is_noted(value: Json) -> bool:
    return value is None or is_dated(value) or isinstance(value, int | float)
