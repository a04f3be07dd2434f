"""JSON lines: a table that says where each value stands, and the reader that goes by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import orjson

from apiward.core.jsonvalue import Json
from apiward.watch.logs.model import MAX_LINE, Entry, Flaw, Wishes
from apiward.watch.logs.times import Times, number_s
from apiward.watch.logs.values import request_of, seconds_of, size_of, status_of, text_of

_Path: TypeAlias = tuple[str, ...]
_Paths: TypeAlias = tuple[_Path, ...]
_MOST_MARK: Final = 40


@dataclass(frozen=True, slots=True)
class JsonForm:
    """Where each value of one form stands; several places are tried in their order, a dot goes one level deeper.

    A line without one of `needs` and of `needs_one`, or with another value than `only` allows, is not of this form;
    where it has all of `silent_with`, it is, but tells of no request.
    """

    title: str
    needs: tuple[str, ...] = ()
    needs_one: tuple[str, ...] = ()
    only: tuple[str, tuple[int, ...]] | None = None
    silent_with: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    client: tuple[str, ...] = ()
    user: tuple[str, ...] = ()
    request: tuple[str, ...] = ()
    method: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    route: tuple[str, ...] = ()
    route_key: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    answer_size: tuple[str, ...] = ()
    request_size: tuple[str, ...] = ()
    elapsed: tuple[str, ...] = ()
    elapsed_unit_s: float = 1.0
    agent: tuple[str, ...] = ()
    forwarded: tuple[str, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()


class JsonReader:
    """Reads JSON lines as a form says."""

    heading: Final = ""

    def __init__(self, form: JsonForm, wishes: Wishes) -> None:
        self._form = form
        self._times = Times(wishes.zone_s)
        self._needs = _paths(form.needs)
        self._needs_one = _paths(form.needs_one)
        self._silent = _paths(form.silent_with)
        self._time, self._client, self._user = _paths(form.time), _paths(form.client), _paths(form.user)
        self._method, self._target, self._status = _paths(form.method), _paths(form.target), _paths(form.status)
        self._answer, self._size, self._elapsed = map(_paths, (form.answer_size, form.request_size, form.elapsed))
        self._agent = _paths(form.agent)
        self._forwarded = _paths((wishes.forwarded,) if wishes.forwarded else form.forwarded)
        self._request, self._query = _paths(form.request), _paths(form.query)
        self._route, self._route_key = _paths(form.route), _paths(form.route_key)
        self._named = _paths((wishes.principal,) if wishes.principal else ())
        self._token = _paths((wishes.token,) if wishes.token else ())
        self._marks = [(name, _paths((place,))) for name, place in form.marks]

    def read(self, line: str) -> Entry | Flaw:
        """Return what a line says."""
        document = _document(line)
        if isinstance(document, Flaw):
            return document
        flaw = self._unfit(document)
        if flaw is not None:
            return flaw
        at_s, status = self._at(_first(document, self._time)), status_of(_first(document, self._status))
        if at_s is None or status is None:
            places = self._form.time if at_s is None else self._form.status
            what = "a time" if at_s is None else "a status"
            return Flaw(
                f"{what} in {_one_of(places)}",
                text_of(_first(document, self._time if at_s is None else self._status))[:60],
            )
        method, target, operation = self._asked(document)
        client = text_of(_first(document, self._client))
        if not client or not (target or operation or method):
            wanted = self._form.client if not client else (*self._form.target, *self._form.request)
            return Flaw(f"{'an address' if not client else 'a path'} in {_one_of(wanted)}", "nothing there")
        get, elapsed = _first, _first(document, self._elapsed) if self._elapsed else None
        if isinstance(elapsed, str):
            elapsed = elapsed.removesuffix("s")
        user, forwarded = text_of(get(document, self._user)), get(document, self._forwarded)
        return Entry(
            at_s, client, "" if user == "-" else user, method, target, status,
            size_of(get(document, self._answer)), size_of(get(document, self._size)),
            seconds_of(elapsed, self._form.elapsed_unit_s), text_of(get(document, self._agent)),
            ", ".join(map(text_of, forwarded)) if isinstance(forwarded, list) else text_of(forwarded),
            text_of(get(document, self._named)) if self._named else "",
            text_of(get(document, self._token)) if self._token else "",
            operation,
            self._marked(document) if self._marks else (),
        )  # fmt: skip

    def _asked(self, document: dict[str, Json]) -> tuple[str, str, str]:
        """Return method, target and the operation where the log names it."""
        method, target = text_of(_first(document, self._method)), text_of(_first(document, self._target))
        if not method and self._request:
            method, target = request_of(text_of(_first(document, self._request)))
        if self._query and "?" not in target:
            query = text_of(_first(document, self._query))
            target = f"{target}?{query}" if query and query != "-" else target
        operation = text_of(_first(document, self._route_key)) if self._route_key else ""
        route = text_of(_first(document, self._route)) if self._route else ""
        if " " in operation and not method:
            method = operation.partition(" ")[0]
        return method[:20], target or route, operation or (f"{method} {route}" if route else "")

    def _unfit(self, document: dict[str, Json]) -> Flaw | None:
        for path in self._needs:
            if _at(document, path) is None:
                return self._missing(document, ".".join(path))
        if self._needs_one and all(_at(document, path) is None for path in self._needs_one):
            return self._missing(document, " or ".join(self._form.needs_one))
        only = self._form.only
        if only is not None and document.get(only[0]) not in only[1]:
            return self._missing(document, f"{only[0]} of {', '.join(map(str, only[1]))}")
        return None

    def _missing(self, document: dict[str, Json], what: str) -> Flaw:
        is_silent = bool(self._silent) and all(_at(document, path) is not None for path in self._silent)
        return Flaw(
            f"{self._form.title} with {what}", f"members {', '.join(list(document)[:8])}"[:80], is_silent=is_silent
        )

    def _at(self, value: Json) -> float | None:
        if isinstance(value, str):
            return self._times.iso(value) or self._times.clf(value) or number_s(value)
        return None if isinstance(value, bool) else number_s(value)

    def _marked(self, document: dict[str, Json]) -> tuple[tuple[str, str], ...]:
        found = ((name, text_of(_first(document, places))[:_MOST_MARK]) for name, places in self._marks)
        return tuple((name, text.upper()) for name, text in found if text)


def _document(line: str) -> dict[str, Json] | Flaw:
    if len(line) > MAX_LINE:
        return Flaw(f"at most {MAX_LINE:,} characters", f"{len(line):,}")
    try:
        document = orjson.loads(line)
    except ValueError:
        return Flaw("a JSON object", line[:60])
    return document if isinstance(document, dict) else Flaw("a JSON object", line[:60])


def _paths(places: Sequence[str]) -> _Paths:
    return tuple(tuple(place.split(".")) for place in places if place)


def _first(document: dict[str, Json], paths: _Paths) -> Json:
    for path in paths:
        value = document.get(path[0]) if len(path) == 1 else _at(document, path)
        if value is not None and value != "":
            return value
    return None


def _at(value: Json, path: _Path) -> Json:
    for step in path:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def _one_of(places: Sequence[str]) -> str:
    return " or ".join(places[:4]) or "the line"
