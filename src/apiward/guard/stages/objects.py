"""objects: does what is asked for belong to who asks? Judged at the request, or before the answer leaves."""

from typing import Final

from apiward.core.api import SAFE_METHODS, Operation
from apiward.core.call import Answer, Call
from apiward.core.decision import Decision, Effect, Ruling
from apiward.core.jsonvalue import NOT_JSON, Json, NotJson
from apiward.core.objects import ObjectMode, ObjectVerdict, Whose
from apiward.guard.answers.reading import read, unpacked
from apiward.guard.stage import Parts, StageName

_PHASES: Final = frozenset(
    {"on_head", "wants_body", "on_body", "wants_answer", "on_answer_head", "on_answer_body", "on_end"}
)
_TEXTS: Final = (b"text/plain", b"text/html", b"application/octet-stream")
"""Under these names, too, answers are sent that are JSON."""


class Objects:
    """Asks `core.ports.ObjectRights`, and carries out what it says as far as the kind of object asks for it.

    What is only shadowed is kept as a ruling that was not applied, as the stage's own watch mode does.
    """

    name: Final = StageName.OBJECTS

    def __init__(self, settings: object, parts: Parts) -> None:  # noqa: ARG002 - what can be set is the rights' own
        self._rights = parts.rights

    def silent_phases(self, operation: Operation | None) -> frozenset[str]:
        """Say nothing where no object is ever reached for or shown."""
        if self._rights is None or self._rights.is_silent(operation):
            return _PHASES
        is_read = operation is not None and operation.method in SAFE_METHODS
        return frozenset({"wants_body", "on_body"} if is_read else ())

    def on_head(self, call: Call) -> Decision | None:
        """Judge the ids in path, query and headers."""
        verdict = self._rights.judge_head(call) if self._rights is not None else None
        return None if verdict is None else _ruled(call, verdict)

    def wants_body(self, call: Call) -> bool:
        """Whether ids stand in the body."""
        return self._rights is not None and self._rights.wants_body(call)

    def on_body(self, call: Call) -> Decision | None:
        """Judge the ids in the body."""
        verdict = self._rights.judge_body(call) if self._rights is not None else None
        return None if verdict is None else _ruled(call, verdict)

    def wants_answer(self, call: Call, answer: Answer) -> bool:
        """Whether the answer may tell whose an object is, or shows new ones."""
        status = answer.status
        if self._rights is None or not 200 <= status < 300 or not self._rights.wants_answer(call, answer):
            return False
        return status != 204 and status != 205 and call.method != "HEAD" and _may_be_json(answer)  # noqa: PLR1714 - no tuple

    def on_answer_body(self, call: Call, answer: Answer) -> Decision | None:
        """Judge what is about to be shown."""
        if self._rights is None or not 200 <= answer.status < 300:
            return None
        value = answer.value
        verdict = self._rights.judge_answer(call, answer, _value(answer) if value is NOT_JSON else value)
        return None if verdict is None else _ruled(call, verdict)

    def on_answer_head(self, call: Call, answer: Answer) -> Decision | None:
        """Say what was held until the API answered well."""
        verdict = self._rights.judge_status(call, answer.status) if self._rights is not None else None
        return None if verdict is None else _ruled(call, verdict)

    def on_end(self, call: Call, status: int) -> None:
        """Learn from it, unless it was refused, or would have been: thieves and attacks teach nothing."""
        if self._rights is None:
            return
        for ruling in call.rulings:
            if ruling.decision.effect is Effect.DENY:
                return
        self._rights.learn(call, status)


def _ruled(call: Call, verdict: ObjectVerdict) -> Decision | None:
    if verdict.whose is Whose.UNKNOWN:
        return Decision("objects.unclear", Effect.NOTE, place=verdict.place, saw=verdict.kind)
    if verdict.whose is not Whose.FOREIGN or verdict.mode is ObjectMode.OBSERVE:
        return None
    if verdict.count:
        return _applied(
            call, verdict, "objects.enumeration", f"{verdict.kind}: {verdict.count} different ones in an hour"
        )
    deed = "read" if call.method in SAFE_METHODS else "write"
    saw = f"{verdict.kind}: {deed}, of {verdict.owner or 'somebody else'}"
    return _applied(call, verdict, "objects.foreign", saw)


def _applied(call: Call, verdict: ObjectVerdict, rule: str, saw: str) -> Decision | None:
    """Return the refusal, or keep it as one that was not applied."""
    decision = Decision(rule, place=verdict.place, saw=saw)
    if verdict.mode is ObjectMode.ENFORCE:
        return decision
    call.rulings.append(Ruling(decision, is_applied=False))
    return None


def _may_be_json(answer: Answer) -> bool:
    head = answer.head()
    return head.is_json or not head.media_type or head.media_type in _TEXTS


def _value(answer: Answer) -> Json | NotJson:
    """Return the answer as JSON, unpacked where it is packed, whatever it is called."""
    body = answer.body or b""
    value = read(body) if body[:1] in (b"{", b"[") or answer.head().is_json else NOT_JSON
    if isinstance(value, NotJson):
        plain = unpacked(body, answer.header(b"content-encoding"))
        return NOT_JSON if plain is None else read(plain)
    return value
