"""Reads a body by what its head says it is, into the value or the pairs that the later stages judge."""

from typing import Final
from urllib.parse import parse_qsl

from apiward.core.call import BodyKind, Call
from apiward.core.decision import Decision, Edit, Effect
from apiward.core.jsonvalue import NotJson, parse_json
from apiward.guard.wire.heads import largest, refuse_method_field
from apiward.guard.wire.inflating import inflated
from apiward.guard.wire.json_text import JsonRules
from apiward.guard.wire.media import Incoming
from apiward.guard.wire.multipart import Part, read_parts
from apiward.guard.wire.queries import Pairs, read_pairs
from apiward.guard.wire.settings import OnDoubt, ProtocolSettings
from apiward.guard.wire.streamed import StreamedBody, StreamedBytes, StreamedForm
from apiward.guard.wire.texts import check_text, check_xml
from apiward.guard.wire.unfit import UnfitError

_BRACKETS: Final = (b"{", b"[")
_LARGEST_LENIENT: Final = 1_048_576
_BLANKS: Final = b" \t\r\n"
_LINES_OF_JSON: Final = frozenset({"application/x-ndjson", "application/jsonl"})
_MISTYPED: Final = "protocol.type-mismatch"


class BodyRules:
    """The rules for bodies, compiled from the settings."""

    def __init__(self, settings: ProtocolSettings) -> None:
        self._settings = settings
        self._endings = frozenset(ending.lower().removeprefix(".") for ending in settings.refused_extensions)
        self._json = JsonRules(
            deepest=settings.deepest_json,
            most_keys=settings.most_json_keys,
            most_items=settings.most_json_items,
            longest_text=settings.longest_json_text,
            longest_number=settings.longest_json_number,
        )

    def read(self, call: Call, incoming: Incoming | None) -> tuple[Decision, ...]:
        """Fill in value and form_pairs; return edits and notes, in their order. Raises UnfitError."""
        raw = call.body
        if not raw:
            return ()
        if incoming is None:
            raise UnfitError("protocol.body-unexpected", "body", "not announced")
        if not incoming.type.media_type and not self._settings.untyped_bodies:
            raise UnfitError("protocol.content-type-missing", "header content-type")
        if incoming.encoding:
            return self._read_inflated(call, incoming)
        return self._read_plain(call, incoming, raw)

    def streamed(self, call: Call, incoming: Incoming | None) -> StreamedBody | None:
        """Return what reads the rest of a body of which `call.body` was read, or None where the rest may go unread.

        Raises UnfitError.
        """
        if incoming is None or incoming.encoding:
            return None
        rest: StreamedBody
        if call.body_kind is BodyKind.MULTIPART:
            most, boundary = self._settings.most_parts, incoming.type.boundary
            rest = StreamedForm(boundary, most=most, refused_extensions=self._endings)
        elif self._settings.mistyped_bodies is OnDoubt.PASS or _is_described(call, incoming.type.media_type):
            return None
        else:
            rest = StreamedBytes()
        rest.feed(call.body)
        return rest

    def read_more(self, call: Call, rest: StreamedBody) -> None:
        """Fill in form_pairs with what comes to its end in `call.piece`. Raises UnfitError."""
        parts = rest.feed(call.piece)
        if call.is_last_piece:
            rest.end()
        self._take_parts(call, parts)

    def _read_inflated(self, call: Call, incoming: Incoming) -> tuple[Decision, ...]:
        if not call.is_body_whole:
            raise UnfitError("protocol.body-too-large", "body", "compressed, and too large to be read whole")
        most, times = largest(self._settings, call.body_kind), self._settings.most_inflation
        raw = inflated(call.body, incoming.encoding, largest=most, most_times=times)
        notes = self._read_plain(call, incoming, raw)
        # the API is to read the very bytes that were judged, so they go on as they are
        edit = Edit(body=raw, value=call.value, removed=frozenset({b"content-encoding"}))
        return (
            Decision("protocol.inflated", Effect.EDIT, "body", f"{incoming.encoding}, {len(raw)} bytes", edit=edit),
            *notes,
        )

    def _read_plain(self, call: Call, incoming: Incoming, raw: bytes) -> tuple[Decision, ...]:
        kind = call.body_kind
        if len(raw) > largest(self._settings, kind):
            raise UnfitError("protocol.body-too-large", "body", f"{len(raw)} bytes")
        if kind is BodyKind.JSON:
            _demand_whole(call)
            call.value = self._json.read(raw)
            return ()
        if kind is BodyKind.MULTIPART:
            self._read_multipart(call, incoming, raw)
            return ()
        if incoming.type.media_type in _LINES_OF_JSON:
            _demand_whole(call)
            call.value = [self._json.read(line) for line in raw.split(b"\n") if line.strip(_BLANKS)]
            return ()
        notes = self._mistyped(call, raw)
        if kind is not BodyKind.BINARY:
            _demand_whole(call)
        if kind is BodyKind.FORM:
            self._read_form(call, raw)
        elif kind is BodyKind.XML:
            check_xml(raw)
        elif kind is BodyKind.TEXT:
            check_text(raw)
        return notes

    def _read_form(self, call: Call, raw: bytes) -> None:
        most = self._settings.most_fields
        if raw.count(b"&") >= most:
            raise UnfitError("protocol.form-too-large", "body", f"more than {most} fields")
        try:
            pairs = read_pairs(raw, rule="protocol.form", place="body")
        except UnfitError:
            if isinstance(call.value, NotJson):
                raise
            # JSON under the name of a form (as `curl -d` sends it): judged as both, though no good form
            pairs = parse_qsl(raw.decode(errors="replace"), keep_blank_values=True)
        call.form_pairs = self._checked(call, pairs)

    def _read_multipart(self, call: Call, incoming: Incoming, raw: bytes) -> None:
        most, boundary = self._settings.most_parts, incoming.type.boundary
        parts = read_parts(raw, boundary, most=most, refused_extensions=self._endings, is_whole=call.is_body_whole)
        self._take_parts(call, parts)

    def _take_parts(self, call: Call, parts: list[Part]) -> None:
        pairs = []
        for part in parts:
            if part.media_type == "application/json":
                self._json.read(part.content, f"body {part.name}" if part.name.isidentifier() else "body")
            text = _text(part.content) if part.file_name is None else part.file_name
            pairs.append((part.name, text))
        call.form_pairs = self._checked(call, pairs)

    def _checked(self, call: Call, pairs: Pairs) -> Pairs:
        if not self._settings.method_override:
            refuse_method_field(pairs, call.method, "body")
        return pairs

    def _mistyped(self, call: Call, raw: bytes) -> tuple[Decision, ...]:
        """Read JSON that is sent as something else as well: some APIs do, whatever the type says."""
        if raw.lstrip(_BLANKS)[:1] not in _BRACKETS or not call.is_body_whole or len(raw) > self._settings.largest_json:
            return ()
        try:
            call.value = self._json.read(raw)
        except UnfitError as unfit:
            if unfit.rule == "protocol.json":
                return ()
            raise
        if self._settings.mistyped_bodies is OnDoubt.REFUSE:
            raise UnfitError(_MISTYPED, "header content-type", f"JSON as {call.body_kind}")
        if self._settings.mistyped_bodies is OnDoubt.PASS:
            return ()
        return (Decision(_MISTYPED, Effect.NOTE, "header content-type", f"JSON as {call.body_kind}"),)


def _is_described(call: Call, media_type: str) -> bool:
    return call.operation is not None and any(body.media_type == media_type for body in call.operation.bodies)


def _demand_whole(call: Call) -> None:
    if not call.is_body_whole:
        raise UnfitError("protocol.body-too-large", "body", "too large to be read whole")


def _text(content: bytes) -> str:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise UnfitError("protocol.multipart", "body", "a field that is no UTF-8") from None
    if "\x00" in text:
        raise UnfitError("protocol.multipart", "body", "NUL character in a field")
    return text


def read_leniently(call: Call) -> None:
    """Fill in what can be read of a body that broke a rule, for the other stages of a guard that only watches."""
    if len(call.body) > _LARGEST_LENIENT:
        return
    if call.body_kind is BodyKind.JSON:
        call.value = parse_json(call.body)
    elif call.body_kind is BodyKind.FORM:
        call.form_pairs = parse_qsl(call.body.decode("latin-1"), keep_blank_values=True)
