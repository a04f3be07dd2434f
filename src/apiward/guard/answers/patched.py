"""What patches change in answers: properties that do not leave, and answers that all say the same."""

from collections.abc import Callable
from typing import Final, TypeAlias

from apiward.core.call import Answer
from apiward.core.decision import Decision, Edit, Effect
from apiward.core.jsonvalue import Json, NotJson
from apiward.guard.answers.reading import read, read_exactly, unpacked, write
from apiward.guard.patching import Patch, PatchKind
from apiward.spec.meaning.failures import says_failure

AnswerChange: TypeAlias = Callable[[Answer], Decision | None]
"""Returns an edit, a refusal of what cannot be read, or None where the answer may go as it is."""
CHANGING: Final = frozenset({PatchKind.ANSWER_WITHOUT, PatchKind.SAME_ANSWER})
_LOST: Final = frozenset({b"etag", b"content-md5", b"digest", b"content-digest", b"content-encoding"})
_TELLING: Final = _LOST | {b"www-authenticate", b"location", b"set-cookie", b"last-modified", b"retry-after"}


def answer_change(patch: Patch) -> AnswerChange:
    """Return what a patch does with an answer that was read."""
    if patch.kind is PatchKind.SAME_ANSWER:
        value = patch.fixed_value
        edit = Edit(b"" if isinstance(value, NotJson) else write(value), value, patch.status, _TELLING, _JSON)
        return lambda answer: _same(patch, edit, answer)
    steps = tuple(step.lower() for step in patch.name.split("."))
    return lambda answer: _without(patch, steps, answer)


def is_read_whole(answer: Answer) -> bool:
    """Whether the body of the answer is there, or there can be none."""
    return answer.body is not None or answer.status in (204, 304) or answer.header(b"content-length") == b"0"


_JSON: Final = ((b"content-type", b"application/json"),)


def _same(patch: Patch, edit: Edit, answer: Answer) -> Decision | None:
    if answer.status not in patch.statuses or not (patch.every or _says_no(answer)):
        return None
    return Decision("patches.same", Effect.EDIT, place="answer", saw=f"patch {patch.id}", edit=edit)


def _says_no(answer: Answer) -> bool:
    value = _value(answer)
    return answer.status >= 400 or (not isinstance(value, NotJson) and says_failure(value))


def _without(patch: Patch, steps: tuple[str, ...], answer: Answer) -> Decision | None:
    if answer.status >= 400 or not answer.body:
        return None
    value = _value(answer)
    if isinstance(value, NotJson):
        return Decision("patches.unread-answer", place=patch.target, saw=f"patch {patch.id}")
    left, count = _left(value, steps)
    if not count:
        return None
    edit = Edit(body=write(left), value=left, removed=_LOST)
    return Decision(
        "patches.without", Effect.EDIT, place=patch.target, saw=f"patch {patch.id}: {count} taken out", edit=edit
    )


def _value(answer: Answer) -> Json | NotJson:
    body = answer.body or b""
    encoding = answer.header(b"content-encoding")
    plain = body if encoding in (None, b"identity") else unpacked(body, encoding)
    if plain is None:
        return NotJson.NOT_JSON
    exact = read_exactly(plain)
    return read(plain) if isinstance(exact, NotJson) else exact


def _left(value: Json, steps: tuple[str, ...]) -> tuple[Json, int]:
    """Return a copy without what stands at the end of `steps`, in every element of the lists on the way."""
    if isinstance(value, list):
        pairs = [_left(one, steps) for one in value]
        return [one for one, _ in pairs], sum(count for _, count in pairs)
    if not isinstance(value, dict):
        return value, 0
    kept: dict[str, Json] = {}
    taken = 0
    for name, child in value.items():
        if name.lower() != steps[0]:
            kept[name] = child
        elif len(steps) == 1:
            taken += 1
        else:
            kept[name], below = _left(child, steps[1:])
            taken += below
    return kept, taken
