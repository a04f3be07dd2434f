"""Where ids stand in a request, compiled into functions that fetch them."""

import re
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from apiward.access.ownership.texts import canonical, text_of
from apiward.core.call import Call
from apiward.core.jsonvalue import Json, NotJson

Fetch: TypeAlias = Callable[[Call, tuple[str, ...]], list[str]]
"""Takes a request and its path arguments; returns the ids at one place, in their one form, or an empty list."""
MOST_IDS: Final = 1_000
"""Ids of one place in one request that are looked at."""
_STEPS: Final = re.compile(r"[^\[\].]+")
_NAMES: Final = re.compile(r"\{([^{}/]*)\}")


def names_in(template: str) -> tuple[str, ...]:
    """Return the names of the parameters of a path template, from left to right."""
    return tuple(name.rstrip("+*.").removesuffix(":path") for name in _NAMES.findall(template))


def fetcher(place: str, template: str) -> Fetch:
    """Return what fetches the ids at `place` ("path.id", "body.note.id"). Raises ValueError where there is no such."""
    kind, _, name = place.partition(".")
    if kind == "path":
        known = names_in(template)
        if name not in known:
            raise ValueError(f"place: the path {template!r} has no {name!r}; it has {', '.join(known) or 'none'}")
        return _argument(known.index(name))
    steps = tuple(_STEPS.findall(name.lower()))
    if kind == "query":
        return lambda call, _: [canonical(value) for key, value in call.query_pairs if _is_named(key, steps)]
    if kind == "header":
        wanted = name.lower().encode("latin-1", "replace")
        return lambda call, _: [canonical(text.decode("latin-1")) for key, text in call.headers if key == wanted]
    return lambda call, _: _in_body(call, steps)


def values_at(value: Json, steps: tuple[str, ...]) -> Iterator[Json]:
    """Yield what stands at the end of `steps`, in every element of the lists on the way. Names in any case."""
    waiting: list[tuple[Json, tuple[str, ...]]] = [(value, steps)]
    seen = 0
    while waiting and seen < MOST_IDS:
        node, rest = waiting.pop()
        seen += 1
        if isinstance(node, list):
            waiting += [(item, rest) for item in reversed(node[:MOST_IDS])]
        elif not rest:
            yield node
        elif isinstance(node, dict):
            waiting += [(child, rest[1:]) for name, child in node.items() if name.lower() == rest[0]]


def _argument(index: int) -> Fetch:
    def fetch(_: Call, arguments: tuple[str, ...]) -> list[str]:
        return [canonical(arguments[index])] if index < len(arguments) else []

    return fetch


def _is_named(key: str, steps: tuple[str, ...]) -> bool:
    lower = key.lower()
    if lower == steps[-1] and len(steps) == 1:
        return True
    return steps[-1] in lower and tuple(part for part in _STEPS.findall(lower) if not part.isdigit()) == steps


def _in_body(call: Call, steps: tuple[str, ...]) -> list[str]:
    found = [] if isinstance(call.value, NotJson) else [text_of(value) for value in values_at(call.value, steps)]
    found += [canonical(value) for key, value in call.form_pairs if _is_named(key, steps)]
    return [text for text in found if text]
