"""Playbooks as CACAO 2.0 (OASIS): the workflow as a graph that other programs can follow.

Ids depend on names alone, so that a playbook keeps them from export to export. What apiward does itself is a command
with a variable for whom it holds off; what people do is manual. A question becomes a condition, with its answer as a
variable that whoever runs the playbook sets.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from apiward.catalogue.playbooks import ACTIONS, Playbook, Step
from apiward.core.jsonvalue import Json

VERSION: Final = "cacao-2.0"
_OURS: Final = uuid.UUID("6f3f1d6e-0b52-5a55-9c0f-3d6b2f5f8d11")
"""The name space of all ids: chosen once, for good."""
_AGENTS: Final[dict[str, tuple[str, str, str]]] = {
    "owner": ("individual", "Owner", "Whoever answers for the business."),
    "developer": ("individual", "Developer", "Whoever can change the API and its servers."),
    "apiward": ("security-category", "apiward", "The guard, through its command line."),
}
_CATEGORY: Final = "content-gateway"
_DUE: Final = {"now": "Due now.", "today": "Due today.", "week": "Due within the week."}

_Table = dict[str, Json]


def cacao(book: Playbook, *, at_s: float) -> _Table:
    """Return `book` as one JSON object; `at_s` is the time of writing (seconds since the epoch)."""
    at = datetime.fromtimestamp(at_s, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    start, end = _id(book, "start", "start"), _id(book, "end", "end")
    workflow = _workflow(book, end)
    workflow[start] = {"type": "start", "name": "Start", "on_completion": next(iter(workflow))}
    workflow[end] = {"type": "end", "name": book.done}
    agents: _Table = {_agent(name): _agent_table(name) for name in _AGENTS}
    return {
        "type": "playbook",
        "spec_version": VERSION,
        "id": _id(book, "playbook", book.name),
        "name": book.title,
        "description": f"{book.what} {book.worst}",
        "playbook_types": ["mitigation", "investigation", "notification"],
        "created_by": f"identity--{uuid.uuid5(_OURS, 'apiward')}",
        "created": at,
        "modified": at,
        "labels": ["apiward", book.name],
        "playbook_variables": _variables(book),
        "workflow_start": start,
        "workflow": workflow,
        "agent_definitions": agents,
    }


def _workflow(book: Playbook, end: str) -> _Table:
    """Return the steps in their order, each leading to the next one. What is to be kept comes before what can wait."""
    steps: list[Step | None] = [*book.steps]
    later = next((index for index, step in enumerate(book.steps) if step.when != "now"), len(steps))
    steps.insert(later, None)
    first = [_first(book, step) for step in steps]
    workflow: _Table = {}
    for step, own, following in zip(steps, first, [*first[1:], end], strict=True):
        if step is None:
            workflow[own] = _keeping(book, following)
        elif step.only_if:
            workflow |= _asked(book, step, own, following)
        else:
            workflow[own] = _action(step, following)
    return workflow


def _first(book: Playbook, step: Step | None) -> str:
    if step is None:
        return _id(book, "action", "keep-evidence")
    return _id(book, "if-condition" if step.only_if else "action", step.name)


def _asked(book: Playbook, step: Step, own: str, following: str) -> _Table:
    # Both branches of a condition have an end of their own; after it, the condition leads on.
    action, end = _id(book, "action", step.name), _id(book, "end", step.name)
    return {
        own: {
            "type": "if-condition",
            "name": step.only_if,
            "condition": f"{_answer(step)}:value = 'true'",
            "on_true": action,
            "on_false": end,
            "on_completion": following,
        },
        action: _action(step, end),
        end: {"type": "end", "name": "Go on"},
    }


def _action(step: Step, following: str) -> _Table:
    undo = f" To take it back: {step.undo}" if step.undo else ""
    made: _Table = {
        "type": "action",
        "name": step.name,
        "description": f"{_DUE[step.when]} About {step.minutes} minutes. {step.do}{undo}",
        "on_completion": following,
        "commands": [{"type": "manual", "command": step.do}],
        "agent": _agent(step.who),
    }
    if step.action:
        kind, command = ACTIONS[step.action]
        made["commands"] = [
            {
                "type": "bash",
                "command": command.format_map({kind: f"__{kind}__:value"}),
                "description": step.do,
                "playbook_activity": "restrict-access",
            }
        ]
        made["agent"] = _agent("apiward")
        made["in_args"] = [f"__{kind}__"]
    return made


def _keeping(book: Playbook, following: str) -> _Table:
    return {
        "type": "action",
        "name": "keep-evidence",
        "description": "Keep what shows what happened, before anything of it is lost.",
        "on_completion": following,
        "commands": [{"type": "manual", "command": text} for text in book.evidence],
        "agent": _agent("owner"),
    }


def _variables(book: Playbook) -> _Table:
    kinds = list(dict.fromkeys(ACTIONS[step.action][0] for step in book.steps if step.action))
    held: _Table = {
        f"__{kind}__": {"type": "string", "description": f"The {kind} to hold off.", "external": True} for kind in kinds
    }
    asked: _Table = {
        _answer(step): {"type": "bool", "description": step.only_if, "value": "false", "external": True}
        for step in _asking(book.steps)
    }
    return {**held, **asked}


def _asking(steps: Sequence[Step]) -> Sequence[Step]:
    return [step for step in steps if step.only_if]


def _answer(step: Step) -> str:
    return f"__{step.name.replace('-', '_')}__"


def _agent(name: str) -> str:
    return f"{_AGENTS[name][0]}--{uuid.uuid5(_OURS, f'agent {name}')}"


def _agent_table(name: str) -> _Table:
    kind, title, words = _AGENTS[name]
    made: _Table = {"type": kind, "name": title, "description": words}
    return {**made, "category": [_CATEGORY]} if kind == "security-category" else made


def _id(book: Playbook, kind: str, name: str) -> str:
    return f"{kind}--{uuid.uuid5(_OURS, f'{book.name} {kind} {name}')}"
