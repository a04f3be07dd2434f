"""Refuses what two programs could read in two ways, and what is larger than it has to be.

Every later stage, and the API itself, then works with the one meaning that is left: the path as
it is sent on, the headers, the query and the body as they were read here. A body that came
compressed goes on inflated, so that the API reads the very bytes that were judged.
"""

from typing import Final

from apiward.core.call import BodyKind, Call
from apiward.core.decision import Decision, Edit, Effect
from apiward.guard.stage import Judgement, Parts, StageName
from apiward.guard.wire.bodies import BodyRules, read_leniently
from apiward.guard.wire.framing import PATH_OVERRIDES, announced_length
from apiward.guard.wire.heads import HeadRules
from apiward.guard.wire.media import Incoming
from apiward.guard.wire.repeats import RepeatRules
from apiward.guard.wire.settings import OnDoubt, ProtocolSettings
from apiward.guard.wire.streamed import StreamedBytes, StreamedForm
from apiward.guard.wire.unfit import UnfitError

__all__ = ["OnDoubt", "Protocol", "ProtocolSettings"]

_LARGEST_SNIFFED: Final = 1_048_576
_REST: Final = "protocol-rest"


class Protocol:
    """The first stage. `on_head` runs before the operation is known and never raises."""

    name: Final = StageName.PROTOCOL

    def __init__(self, settings: ProtocolSettings, parts: Parts) -> None:
        self._head = HeadRules(settings, parts.api)
        self._body = BodyRules(settings)
        self._repeats = RepeatRules(settings.repeated_parameters, parts.api)

    def on_head(self, call: Call) -> Decision | None:
        """Judge request line and headers, and fill in path, header, query_pairs and body_kind."""
        try:
            incoming = self._head.read(call)
        except UnfitError as unfit:
            call.notes["protocol"] = self._head.read_leniently(call)
            headers = ((b"allow", self._head.allowed_methods),) if unfit.rule == "protocol.method" else ()
            return Decision(unfit.rule, place=unfit.place, saw=unfit.saw, headers=headers)
        if incoming is not None:
            call.notes["protocol"] = incoming
        return None if PATH_OVERRIDES.isdisjoint(call.header) else _without_path_overrides(call)

    def wants_body(self, call: Call) -> bool:
        """Return whether the body is read: all but large ones that are neither JSON, form, text nor XML."""
        if call.body_kind is not BodyKind.BINARY:
            return call.body_kind is not BodyKind.NONE
        return b"content-encoding" in call.header or (announced_length(call.header) or 0) <= _LARGEST_SNIFFED

    def on_body(self, call: Call) -> Judgement:
        """Judge the body, and fill in value and form_pairs; look for parameters that come twice."""
        found: tuple[Decision, ...] = ()
        if call.body:
            incoming = call.notes.get("protocol")
            try:
                found = self._body.read(call, incoming if isinstance(incoming, Incoming) else None)
            except UnfitError as unfit:
                read_leniently(call)
                return unfit.decision()
        query, form = call.query_pairs, call.form_pairs
        if (len(query) > 1 and len(dict(query)) < len(query)) or (form and len(dict(form)) < len(form)):
            found = (*found, *self._repeats.check(call))
        return found or None

    def on_more(self, call: Call) -> Decision | None:
        """Judge a later piece of a body that streams by, and fill in form_pairs with what comes to its end in it."""
        call.form_pairs = []
        try:
            if _REST not in call.notes:
                incoming = call.notes.get("protocol")
                call.notes[_REST] = self._body.streamed(call, incoming if isinstance(incoming, Incoming) else None)
            rest = call.notes[_REST]
            if isinstance(rest, StreamedForm | StreamedBytes):
                self._body.read_more(call, rest)
        except UnfitError as unfit:
            call.notes[_REST] = None  # one fault is enough, also where the guard only watches
            return unfit.decision()
        return None


def _without_path_overrides(call: Call) -> Decision:
    found = PATH_OVERRIDES.intersection(call.header)
    place = f"header {min(found).decode()}"
    return Decision("protocol.path-override", Effect.EDIT, place, "names another path", edit=Edit(removed=found))
