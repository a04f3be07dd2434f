"""Looks at texts that may be anything for what attacks look like; ids, numbers, dates and choices are not asked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final

from apiward.core.api import Operation
from apiward.core.call import BodyKind, Call
from apiward.core.decision import Decision
from apiward.core.jsonvalue import Json, NotJson, at, dotted
from apiward.core.settings import setting
from apiward.guard.allowing import Passes
from apiward.guard.shapes.freetext import Hint, OperationTexts, PairText, Text, operation_texts
from apiward.guard.stage import Judgement, Parts, StageName
from apiward.inspection.api import BARE, inspect_text
from apiward.inspection.bodies import (
    Found,
    Overlook,
    Place,
    inspect_body,
    inspect_json,
    inspect_pairs,
    inspect_string,
)
from apiward.inspection.members import inspect_member
from apiward.inspection.model import NO_CLASSES, Classes, Hit, Profile
from apiward.inspection.overlooking import beyond
from apiward.inspection.requests import inspect_header, inspect_path

MAX_QUIET: Final = 4_096
"""Headers that are remembered as harmless; the same ones come again and again."""
MAX_QUIET_LENGTH: Final = 512


@dataclass(frozen=True, slots=True)
class InspectSettings:
    """What is looked at."""

    headers: bool = setting(default=True, help_text="Whether headers are looked at as well.")


class Inspect:
    """Judges path, query and headers before the body comes, then the body.

    Where the operation is described, only texts with room for anything are judged, and values that
    have not the narrow form that is described; else all texts are.
    """

    name: Final = StageName.INSPECT

    def __init__(self, settings: InspectSettings, parts: Parts) -> None:
        self._looks_at_headers = settings.headers
        self._quiet: set[tuple[bytes, bytes]] = set()
        self._allowances = parts.allowances if parts.allowances.is_any else None
        operations = parts.api.operations if parts.api else ()
        self._texts = {operation.key: operation_texts(operation) for operation in operations}

    def silent_phases(self, operation: Operation | None) -> frozenset[str]:  # noqa: ARG002 - the shape of a stage
        """Say nothing of bodies that are not there."""
        return frozenset({"without_body"})

    def on_head(self, call: Call) -> Judgement:
        """Judge the path, the query and the headers."""
        passes = self._allowances.passes(call) if self._allowances is not None else None
        known = self._texts.get(call.operation_key)
        refusal = _unknown_head(call, passes) if known is None else _known_head(call, known, passes)
        block = call.block
        if (
            refusal is None
            and self._looks_at_headers
            and (block is None or block is not call.headers or self not in block.ready)
        ):
            refusal = self._headers(call, passes)
        return refusal if passes is None else passes.with_notes(refusal)

    def wants_body(self, call: Call) -> bool:
        """Whether the body is text of some kind."""
        return call.body_kind is not BodyKind.BINARY

    def on_body(self, call: Call) -> Judgement:
        """Judge the body."""
        if not call.body:
            return None
        passes = self._allowances.passes(call) if self._allowances is not None else None
        refusal = self._body(call, passes)
        return refusal if passes is None else passes.with_notes(refusal)

    def on_more(self, call: Call) -> Judgement:
        """Judge the fields that came to their end in a later piece of a form with files."""
        if not call.form_pairs:
            return None
        passes = self._allowances.passes(call) if self._allowances is not None else None
        refusal = self._form(call, passes)
        return refusal if passes is None else passes.with_notes(refusal)

    def _body(self, call: Call, passes: Passes | None) -> Decision | None:
        known = self._texts.get(call.operation_key)
        if not isinstance(call.value, NotJson):
            return _json(call.value, passes) if known is None else _known_json(call, call.value, known, passes)
        if call.form_pairs and call.body_kind is BodyKind.FORM:
            return self._form(call, passes)
        media_type = call.header.get(b"content-type", b"").decode("latin-1")
        return _found(inspect_body(call.body, media_type, _overlook(passes, _body_place)), _body_place)

    def _form(self, call: Call, passes: Passes | None) -> Decision | None:
        known = self._texts.get(call.operation_key)
        if known is not None:
            return _pairs(known.form.texts(call.form_pairs), "body.", passes)
        return _found(inspect_pairs(call.form_pairs, _overlook(passes, _body_place)), _body_place)

    def _headers(self, call: Call, passes: Passes | None) -> Decision | None:
        block = call.block if call.block is call.headers else None
        quiet, is_quiet = self._quiet, True
        for pair in call.headers:
            if pair in quiet:
                continue
            name, text = pair[0].decode("latin-1"), pair[1].decode("latin-1")
            hit = inspect_header(name, text)
            if hit is not None:
                hit = _left(hit, f"header {name}", passes, partial(inspect_header, name, text))
                if hit is not None:
                    return _refusal(hit, f"header {name}")
                is_quiet = False
                continue  # what is allowed here may not be harmless elsewhere
            if len(pair[1]) <= MAX_QUIET_LENGTH:
                if len(quiet) >= MAX_QUIET:
                    quiet.clear()
                quiet.add(pair)
        if is_quiet and block is not None:
            block.keep(self, made=True)
        return None


def _unknown_head(call: Call, passes: Passes | None) -> Decision | None:
    path = call.target_path.decode("latin-1")
    hit = inspect_path(path)
    if hit is not None:
        hit = _left(hit, "path", passes, partial(inspect_path, path))
    if hit is not None:
        return _refusal(hit, "path")
    if not call.query_pairs:
        return None
    return _found(inspect_pairs(call.query_pairs, _overlook(passes, _query_place)), _query_place)


def _known_head(call: Call, known: OperationTexts, passes: Passes | None) -> Decision | None:
    if call.path_arguments:
        for name, text, _ in known.path_texts(call.path_arguments):
            hit = inspect_path(f"/{text}")
            if hit is not None:
                hit = _left(hit, f"path {name}", passes, partial(inspect_path, f"/{text}"))
            if hit is not None:
                return _refusal(hit, f"path {name}")
    return _pairs(known.query.texts(call.query_pairs), "query ", passes) if call.query_pairs else None


def _pairs(texts: Iterable[PairText], where: str, passes: Passes | None) -> Decision | None:
    for name, text, hint in texts:
        if len(text) < BARE and text.isalnum() and not hint.is_key:
            continue  # a short word or number is no attack, whatever its name
        hit = _key_hit(text, None, NO_CLASSES) if hint.is_key else inspect_string(name, text)
        if hit is not None:
            hit = _left(hit, f"{where}{name}", passes, partial(_pair_hit, name, text, hint))
        if hit is not None:
            return _refusal(hit, f"{where}{name}")
    return None


def _pair_hit(name: str, text: str, hint: Hint, passed: Classes) -> Hit | None:
    return _key_hit(text, None, passed) if hint.is_key else inspect_string(name, text, 0, passed)


def _json(value: Json, passes: Passes | None) -> Decision | None:
    return _found(inspect_json(value, overlook=_overlook(passes, _body_place)), _body_place)


def _known_json(call: Call, value: Json, known: OperationTexts, passes: Passes | None) -> Decision | None:
    told = call.header.get(b"content-type", b"")
    is_usual = told == b"application/json"
    media_type = "application/json" if is_usual else told.partition(b";")[0].strip().lower().decode("latin-1")
    for pointer, text, hint in known.json_texts(media_type, value):
        if len(text) < BARE and text.isalnum() and not hint.is_key:
            continue
        hit = _text_hit(value, (pointer, text, hint), NO_CLASSES) if hint.is_key else inspect_string(hint.name, text)
        if hit is not None:
            hit = _left(hit, _body_place(pointer), passes, partial(_text_hit, value, (pointer, text, hint)))
        if hit is not None:
            return _refusal(hit, _body_place(pointer))
    return None


def _text_hit(value: Json, found: Text, passed: Classes) -> Hit | None:
    pointer, text, hint = found
    if not hint.is_key:
        return inspect_string(hint.name, text, 0, passed)
    child = at(value, pointer)
    return _key_hit(text, None if isinstance(child, NotJson) else child, passed)


def _key_hit(name: str, value: Json, passed: Classes) -> Hit | None:
    hit = inspect_member(name, value)
    return hit if hit is not None and hit.attack not in passed else inspect_text(name, Profile.VALUE, passed)


def _left(hit: Hit, place: str, passes: Passes | None, look: Callable[[Classes], Hit | None]) -> Hit | None:
    """Return what is left of a hit where something may be allowed: another class in the same text still counts."""
    if passes is None:
        return hit
    return beyond(place, lambda where, one: passes.take(_refusal(one, where)), look)


def _overlook(passes: Passes | None, place_of: Callable[[Place], str]) -> Overlook | None:
    if passes is None:
        return None
    return lambda place, hit: passes.take(_refusal(hit, place_of(place)))


def _found(found: Found | None, place_of: Callable[[Place], str]) -> Decision | None:
    return _refusal(found[1], place_of(found[0])) if found is not None else None


def _body_place(place: Place) -> str:
    return dotted(("body", *place))


def _query_place(place: Place) -> str:
    return f"query {place[0]}"


def _refusal(hit: Hit, place: str) -> Decision:
    return Decision(f"inspect.{hit.attack.value}", place=place[:200], saw=f"{hit.why} ({hit.rule})")
