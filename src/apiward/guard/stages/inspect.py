"""Looks at texts that may be anything for what attacks look like; ids, numbers, dates and choices are not asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from apiward.core.call import BodyKind, Call
from apiward.core.decision import Decision
from apiward.core.jsonvalue import Json, NotJson, at, dotted
from apiward.core.settings import setting
from apiward.guard.shapes.freetext import OperationTexts, PairText, operation_texts
from apiward.guard.stage import Parts, StageName
from apiward.inspection.api import inspect_text
from apiward.inspection.bodies import Found, inspect_body, inspect_json, inspect_pairs, inspect_string
from apiward.inspection.members import inspect_member
from apiward.inspection.model import Hit
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
        operations = parts.api.operations if parts.api else ()
        self._texts = {operation.key: operation_texts(operation) for operation in operations}

    def on_head(self, call: Call) -> Decision | None:
        """Judge the path, the query and the headers."""
        known = self._texts.get(call.operation_key)
        refusal = _unknown_head(call) if known is None else _known_head(call, known)
        return refusal or (self._headers(call) if self._looks_at_headers else None)

    def wants_body(self, call: Call) -> bool:
        """Whether the body is text of some kind."""
        return call.body_kind is not BodyKind.BINARY

    def on_body(self, call: Call) -> Decision | None:
        """Judge the body."""
        if not call.body:
            return None
        known = self._texts.get(call.operation_key)
        if not isinstance(call.value, NotJson):
            return _json(call.value) if known is None else _known_json(call, call.value, known)
        found: Found | None
        if call.form_pairs and call.body_kind is BodyKind.FORM:
            return _pairs(known.form.texts(call.form_pairs), "body.") if known else _form(call)
        found = inspect_body(call.body, call.header.get(b"content-type", b"").decode("latin-1"))
        return _refusal(found[1], dotted(("body", *found[0]))) if found is not None else None

    def on_more(self, call: Call) -> Decision | None:
        """Judge the fields that came to their end in a later piece of a form with files."""
        if not call.form_pairs:
            return None
        known = self._texts.get(call.operation_key)
        return _pairs(known.form.texts(call.form_pairs), "body.") if known else _form(call)

    def _headers(self, call: Call) -> Decision | None:
        quiet = self._quiet
        for pair in call.headers:
            if pair in quiet:
                continue
            name = pair[0].decode("latin-1")
            hit = inspect_header(name, pair[1].decode("latin-1"))
            if hit is not None:
                return _refusal(hit, f"header {name}")
            if len(pair[1]) <= MAX_QUIET_LENGTH:
                if len(quiet) >= MAX_QUIET:
                    quiet.clear()
                quiet.add(pair)
        return None


def _unknown_head(call: Call) -> Decision | None:
    hit = inspect_path(call.target_path.decode("latin-1"))
    if hit is not None:
        return _refusal(hit, "path")
    found = inspect_pairs(call.query_pairs) if call.query_pairs else None
    return _refusal(found[1], f"query {found[0][0]}") if found is not None else None


def _known_head(call: Call, known: OperationTexts) -> Decision | None:
    if call.path_arguments:
        for name, text, _ in known.path_texts(call.path_arguments):
            hit = inspect_path(f"/{text}")
            if hit is not None:
                return _refusal(hit, f"path {name}")
    return _pairs(known.query.texts(call.query_pairs), "query ") if call.query_pairs else None


def _pairs(texts: Iterable[PairText], where: str) -> Decision | None:
    for name, text, hint in texts:
        hit = _key_hit(text, None) if hint.is_key else inspect_string(name, text)
        if hit is not None:
            return _refusal(hit, f"{where}{name}")
    return None


def _form(call: Call) -> Decision | None:
    found = inspect_pairs(call.form_pairs)
    return _refusal(found[1], dotted(("body", *found[0]))) if found is not None else None


def _json(value: Json) -> Decision | None:
    found = inspect_json(value)
    return _refusal(found[1], dotted(("body", *found[0]))) if found is not None else None


def _known_json(call: Call, value: Json, known: OperationTexts) -> Decision | None:
    media_type = call.header.get(b"content-type", b"").partition(b";")[0].strip().lower().decode("latin-1")
    for pointer, text, hint in known.json_texts(media_type, value):
        if hint.is_key:
            child = at(value, pointer)
            hit = _key_hit(text, None if isinstance(child, NotJson) else child)
        else:
            hit = inspect_string(hint.name, text)
        if hit is not None:
            return _refusal(hit, dotted(("body", *pointer)))
    return None


def _key_hit(name: str, value: Json) -> Hit | None:
    return inspect_member(name, value) or inspect_text(name)


def _refusal(hit: Hit, place: str) -> Decision:
    return Decision(f"inspect.{hit.attack.value}", place=place[:200], saw=f"{hit.why} ({hit.rule})")
