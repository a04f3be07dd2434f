"""Holds holes shut until they are mended: rules for one operation each, with an owner and an end."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from apiward.core.api import Api, Operation
from apiward.core.call import Answer, Call
from apiward.core.decision import Decision, Effect
from apiward.core.settings import setting
from apiward.guard.answers.patched import CHANGING, AnswerChange, answer_change, is_read_whole
from apiward.guard.conditions import Condition, condition
from apiward.guard.patching import Patch, PatchKind, is_described, operation_key
from apiward.guard.selecting import Cover, Selector, selector
from apiward.guard.stage import Parts, StageName

_UNHEARD: Final = frozenset({PatchKind.STAGES_ON, PatchKind.ENDS_SESSIONS})
"""Kinds that refuse and change nothing here."""


@dataclass(frozen=True, slots=True)
class PatchesSettings:
    """The patches that are in force."""

    patch: tuple[Patch, ...] = setting((), "Rules that hold a hole shut; `apiward patch` writes them.")


@dataclass(slots=True)
class _Active:
    patch: Patch
    ends_s: float
    test: Condition
    change: AnswerChange | None = None
    path: Selector | None = None
    is_told: bool = False

    def covers(self, call: Call) -> bool:
        """Whether it speaks of this request, where its operation alone does not say so."""
        return self.path is None or self.path.fits(call.method, call.path.lower().rstrip("/") or "/")


class Patches:
    """Compiled by operation; what looks at no body is judged before the body is read."""

    name: Final = StageName.PATCHES

    def __init__(self, settings: PatchesSettings, parts: Parts) -> None:
        self._authenticator = parts.authenticator
        self._heads: dict[str, list[_Active]] = {}
        self._bodies: dict[str, list[_Active]] = {}
        self._answers: dict[str, list[_Active]] = {}
        self._ends: dict[str, list[_Active]] = {}
        for patch in settings.patch:
            of = self._table(patch)
            for key, path in _covered(patch, parts.api):
                of.setdefault(key, []).append(_active(patch, path, parts.api))

    def _table(self, patch: Patch) -> dict[str, list[_Active]]:
        if patch.kind in CHANGING:
            return self._answers
        if patch.kind in _UNHEARD:
            return self._ends
        return self._bodies if patch.place == "body" or patch.kind is PatchKind.PROPERTIES_ONLY else self._heads

    def silent_phases(self, operation: Operation | None) -> frozenset[str]:
        """Say nothing where no patch is."""
        key = operation.key if operation is not None else ""
        body = frozenset() if key in self._bodies else frozenset({"on_body", "wants_body"})
        head = frozenset() if key in self._heads else frozenset({"on_head"})
        answer = frozenset() if key in self._answers else frozenset({"wants_answer", "on_answer_body"})
        ends = key in self._answers or key in self._ends
        return body | head | answer | (frozenset() if ends else frozenset({"on_answer_head"}))

    def on_head(self, call: Call) -> Decision | None:
        """Judge who calls, with which parameters."""
        active = self._heads.get(call.operation_key)
        return _judged(active, call) if active else None

    def wants_body(self, call: Call) -> bool:
        """Whether a patch looks at the body."""
        return call.operation_key in self._bodies

    def on_body(self, call: Call) -> Decision | None:
        """Judge what stands in the body."""
        active = self._bodies.get(call.operation_key)
        return _judged(active, call) if active else None

    def wants_answer(self, call: Call, answer: Answer) -> bool:  # noqa: ARG002 - the shape of a phase
        """Whether a patch changes the answer."""
        return call.operation_key in self._answers

    def on_answer_body(self, call: Call, answer: Answer) -> tuple[Decision, ...] | None:
        """Change what must not leave as it is. An answer that cannot be read does not leave at all."""
        said: list[Decision] = []
        for active in self._answers.get(call.operation_key, ()):
            if active.change is None or call.started_s >= active.ends_s:
                continue
            decision = active.change(_edited(answer, said))
            said += (decision,) if decision is not None else ()
            if decision is not None and decision.effect is Effect.DENY:
                break
        return tuple(said) or None

    def on_answer_head(self, call: Call, answer: Answer) -> Decision | None:
        """Refuse an answer that is too long to be changed, and end sessions after a change of password."""
        for active in self._answers.get(call.operation_key, ()):
            is_due = call.started_s < active.ends_s and (answer.status < 400 or active.patch.kind is _ALIKE)
            if is_due and call.method != "HEAD" and not is_read_whole(answer):
                return Decision("patches.unread-answer", place="answer", saw=f"patch {active.patch.id}: too long")
        if answer.status < 400:
            for active in self._ends.get(call.operation_key, ()):
                if active.patch.kind is PatchKind.ENDS_SESSIONS and call.started_s < active.ends_s:
                    self._authenticator.end_others(call)
        return None


_ALIKE: Final = PatchKind.SAME_ANSWER


def _active(patch: Patch, path: Selector | None, api: Api | None) -> _Active:
    ends_s = math.inf if patch.expires_s is None else patch.expires_s
    test = condition(patch, api)
    return _Active(patch, ends_s, test, answer_change(patch) if patch.kind in CHANGING else None, path)


def _covered(patch: Patch, api: Api | None) -> Iterator[tuple[str, Selector | None]]:
    """Yield the keys of the operations that a patch speaks of; with a selector where the path asked for decides.

    The empty key stands for what nobody described.
    """
    if not patch.is_wide and (patch.kind is not PatchKind.METHOD_OFF or is_described(patch, api)):
        yield operation_key(patch, api), None
        return
    method, _, path = patch.operation.partition(" ")
    asked = selector(f"{method} {path.lower().rstrip('/') or '/'}")
    chosen = selector(patch.operation)
    for operation in api.operations if api else ():
        cover = chosen.cover(operation)
        if cover is not Cover.NEVER:
            yield operation.key, asked if cover is Cover.SOMETIMES else None
    yield "", asked


def _judged(actives: list[_Active], call: Call) -> Decision | None:
    ended: Decision | None = None
    for active in actives:
        if not active.covers(call):
            continue
        if call.started_s >= active.ends_s:
            if not active.is_told:
                active.is_told = True
                ended = Decision("patches.ended", Effect.NOTE, place=active.patch.operation, saw=active.patch.id)
            continue
        decision = active.test(call)
        if decision is not None:
            return decision
    return ended


def _edited(answer: Answer, said: list[Decision]) -> Answer:
    """Return the answer as the edits so far leave it."""
    edit = said[-1].edit if said else None
    if edit is None:
        return answer
    status = answer.status if edit.status is None else edit.status
    left = [(name, value) for name, value in answer.headers if name not in edit.removed]
    return Answer(status, left, edit.body, edit.value)
