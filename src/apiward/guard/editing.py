"""Carries out the edits of stages."""

from collections.abc import Sequence

from apiward.core.call import Answer, Call, RawHeaders
from apiward.core.decision import Edit
from apiward.core.jsonvalue import NotJson


def apply_to_call(call: Call, edit: Edit) -> None:
    """Change a request before it goes on; its length is told anew where the body changes."""
    added, removed = edit.added, edit.removed
    if edit.body is not None:
        call.body = edit.body
        if not isinstance(edit.value, NotJson):
            call.value = edit.value
        added = (*added, (b"content-length", str(len(edit.body)).encode()))
        removed |= {b"transfer-encoding"}
    if added or removed:
        call.headers = edited(call.headers, removed, added)
        header = {name: value for name, value in call.header.items() if name not in removed}
        header.update(added)
        call.header = header


def apply_to_answer(answer: Answer, edit: Edit) -> None:
    """Change an answer before it goes to the client. Its length is told by who sends it."""
    if edit.status is not None:
        answer.status = edit.status
    if edit.body is not None:
        answer.body = edit.body
        answer.value = edit.value
    if edit.added or edit.removed:
        answer.headers = edited(answer.headers, edit.removed, edit.added)


def apply_routine(answer: Answer, edits: Sequence[Edit]) -> None:
    """Carry out edits of headers in one go. Where two speak of the same header, the last one counts."""
    if len(edits) == 1:
        answer.headers = edited(answer.headers, edits[0].removed, edits[0].added)
        return
    gone: set[bytes] = set()
    added: dict[bytes, bytes] = {}
    for edit in edits:
        gone |= edit.removed
        added.update(edit.added)
    gone |= added.keys()
    answer.headers = [pair for pair in answer.headers if pair[0] not in gone]
    answer.headers += added.items()


def edited(headers: RawHeaders, removed: frozenset[bytes], added: tuple[tuple[bytes, bytes], ...]) -> RawHeaders:
    """Return headers without `removed`, where `added` stand in the place of those of the same names."""
    gone = removed.union(name for name, _ in added)
    kept = [pair for pair in headers if pair[0] not in gone]
    kept.extend(added)
    return kept
