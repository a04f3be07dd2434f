"""Takes out of answers what their reader need not see: what is not declared, secrets, card numbers, personal data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from apiward.classify.kinds import Kind
from apiward.core.call import Answer, Call
from apiward.core.decision import Decision, Edit, Effect
from apiward.core.jsonvalue import NOT_JSON, Json, NotJson
from apiward.core.ports import StreamEditor
from apiward.core.settings import setting
from apiward.guard.answers.arrays import MAX_ELEMENT, ArrayEditor
from apiward.guard.answers.elements import Elements
from apiward.guard.answers.plans import Plans
from apiward.guard.answers.reading import read, read_exactly, unpacked, write
from apiward.guard.answers.trimming import Limits, Trimmed
from apiward.guard.stage import Parts, StageName

MAX_ERROR_BODY: Final = 64 * 1024
"""Bytes of an answer that is an error and is looked at."""
_PARTIAL: Final = 206
_LOST: Final = frozenset(
    {b"content-encoding", b"content-md5", b"digest", b"content-digest", b"repr-digest", b"accept-ranges"}
)
"""Headers that would be wrong of a body that was changed."""
_KIND_NAMES: Final = tuple(kind.value for kind in Kind if not kind.is_secret and kind is not Kind.IDENTIFIER)


class Undeclared(StrEnum):
    """What becomes of properties that the description of an answer does not name."""

    DROP = "drop"
    NOTE = "note"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class MinimiseSettings:
    """What leaves, and who sees what."""

    undeclared: Undeclared = setting(  # noqa: RUF009 - a field, as all settings are
        Undeclared.DROP, "Properties that the description does not name: drop them, only note them, or keep them."
    )
    mask: tuple[str, ...] = setting(
        ("card-number",), "Kinds of data that are shown masked: card-number, email, phone, name, address, health, …"
    )
    see: Mapping[str, tuple[str, ...]] = setting({}, "By role, the masked kinds that its holders see in full.")
    max_items: int = setting(1_000, "Elements of one list beyond which a list counts as too long.", least=1)
    cut_lists: bool = setting(default=False, help_text="Whether lists that are too long are cut, and not only noted.")
    max_element: int = setting(MAX_ELEMENT, "Bytes of one element of an answer that streams by.", least=1_024)

    def __post_init__(self) -> None:
        """Check the names of kinds."""
        for name, kinds in (("mask", self.mask), *((f"see.{role}", kinds) for role, kinds in self.see.items())):
            wrong = [kind for kind in kinds if kind not in _KIND_NAMES]
            if wrong:
                raise ValueError(f"{name}: there is no kind {wrong[0]!r}; there are {', '.join(_KIND_NAMES)}")


class StreamedAnswer(ArrayEditor):
    """Edits a long answer piece by piece; when it has ended, `said` tells what was taken away."""

    __slots__ = ("_elements",)

    def __init__(self, elements: Elements, max_element: int) -> None:
        super().__init__(elements, max_element=max_element)
        self._elements = elements

    def said(self) -> tuple[Decision, ...]:
        """Return notes of what did not leave: it is done already, so there is nothing to apply."""
        found = self._elements.found
        if self.left_out:
            found.note("minimise.left-out", ())
        return tuple(_decision(rule, found, None) for rule in found.counts)


class Minimise:
    """Looks at JSON answers as a whole, or piece by piece where they are long."""

    name: Final = StageName.MINIMISE

    def __init__(self, settings: MinimiseSettings, parts: Parts) -> None:
        self._max_element = settings.max_element
        self._limits = Limits(
            drops_undeclared=settings.undeclared is Undeclared.DROP,
            max_items=settings.max_items,
            cuts_lists=settings.cut_lists,
        )
        self._shortest_long = 2 * settings.max_items  # bytes of a body that may hold a list that is too long
        see = {role: frozenset(Kind(kind) for kind in kinds) for role, kinds in settings.see.items()}
        mask = frozenset(Kind(kind) for kind in settings.mask)
        is_closed = settings.undeclared is not Undeclared.KEEP
        self._plans = Plans(parts.api, self._limits, mask, see, is_closed=is_closed)

    def wants_answer(self, call: Call, answer: Answer) -> bool:
        """Whether the body is JSON, or may be JSON under another name where JSON is declared."""
        status = answer.status
        if (status < 200 or 300 <= status < 400) or status in (204, 205, 206) or call.method == "HEAD":
            return False
        value = answer.head().content_type
        if value is None:
            return self._may_be_json(call, b"text/plain")
        return value.find(b"json") >= 0 or value.lower().find(b"json") >= 0 or self._may_be_json(call, value)

    def on_answer_head(self, call: Call, answer: Answer) -> Decision | None:  # noqa: ARG002 - the shape of a phase
        """Refuse a part of a JSON answer (206): what is within cannot be told from a part."""
        if answer.status == _PARTIAL and answer.head().is_json:
            return Decision("minimise.partial", place="header range", saw="a part of a JSON answer")
        return None

    def repeats_head(self, answer: Answer) -> bool:  # noqa: ARG002 - the shape of a phase
        """Return that status and type decide."""
        return True

    def on_answer_body(self, call: Call, answer: Answer) -> Decision | tuple[Decision, ...] | None:
        """Look at the whole body; say what must not leave, with the body as it may leave."""
        body = answer.body
        if not body or (answer.status >= 400 and len(body) > MAX_ERROR_BODY):
            return None
        value = answer.value
        if value is NOT_JSON:
            value = read(body)
            if value is NOT_JSON:
                return self._packed(call, answer, body)
        return self._judged(call, answer.status, body, value)

    def _packed(self, call: Call, answer: Answer, body: bytes) -> Decision | tuple[Decision, ...] | None:
        """Look into a body that is packed; say so where it cannot be read."""
        plain = unpacked(body, answer.header(b"content-encoding"))
        value = NOT_JSON if plain is None else read(plain)
        if plain is not None and not isinstance(value, NotJson):
            return self._judged(call, answer.status, plain, value)
        if answer.status >= 400 or not answer.head().is_json:
            return None
        return Decision("minimise.unread", Effect.NOTE, place="answer", saw=f"{len(body)} bytes that are no JSON")

    def _judged(self, call: Call, status: int, body: bytes, value: Json) -> Decision | tuple[Decision, ...] | None:
        plan = self._plans.plan(call, status)
        hit = plan.finds(body)
        if hit is None and plan.glance.is_quiet(value, plan.shape):
            return None if len(body) < self._shortest_long else self._length(value)
        exact = read_exactly(body)
        found = Trimmed()
        value = value if isinstance(exact, NotJson) else exact
        plan = self._plans.giving_plan(call, plan)
        shown = plan.trimmer.trimmed(value, plan.shape, found, looks_at_texts=hit is not None)
        return _decisions(found, shown) if found.counts else None

    def stream_editor(self, call: Call, answer: Answer) -> StreamEditor | None:
        """Return what edits a body that is too long to be held, or None where it may go as it is."""
        if answer.status >= 400 or not self.wants_answer(call, answer):
            return None
        plan = self._plans.giving_plan(call, self._plans.plan(call, answer.status))
        return StreamedAnswer(Elements(plan, self._limits), self._max_element)

    def _length(self, value: Json) -> Decision | None:
        """Say where a list is too long."""
        most = self._limits.max_items
        if not _is_long(value, most):
            return None
        return Decision("minimise.long-list", Effect.NOTE, place="answer", saw=f"more than {most} elements")

    def _may_be_json(self, call: Call, content_type: bytes) -> bool:
        if not call.operation_key or not content_type.lower().startswith((b"text/plain", b"text/html")):
            return False
        return self._plans.declares_json(call.operation_key)


def _decisions(found: Trimmed, shown: Json) -> tuple[Decision, ...]:
    edit = Edit(body=write(shown), value=shown, removed=_LOST) if found.is_changed else None
    return tuple(_decision(rule, found, edit) for rule in found.counts)


def _decision(rule: str, found: Trimmed, edit: Edit | None) -> Decision:
    places = ", ".join(found.places[rule])
    effect = Effect.EDIT if edit else Effect.NOTE
    return Decision(rule, effect, place=f"answer {places}"[:300], saw=f"{found.counts[rule]} found", edit=edit)


def _is_long(value: Json, most: int) -> bool:
    """Whether the answer is, or has as a member, a list of more than `most` elements."""
    if isinstance(value, dict):
        return any(isinstance(child, list) and len(child) > most for child in value.values())
    return isinstance(value, list) and len(value) > most
