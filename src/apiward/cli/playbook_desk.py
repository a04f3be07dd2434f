"""What `apiward playbook` does."""

import json
import textwrap
import time
from collections.abc import Mapping
from typing import Final

from apiward.catalogue.playbooks import ACTIONS, Playbook, Step, load_playbooks
from apiward.cli.exits import ExitCode
from apiward.cli.outputs import lines_to
from apiward.cli.speaking import width, write_out
from apiward.config.errors import AdvisedError, nearest
from apiward.watch.formats.cacao import cacao

_DUE: Final = {"now": "Now", "today": "Today", "week": "This week"}
_WHO: Final = {"owner": "you", "developer": "your developer"}


def list_playbooks() -> int:
    """List the playbooks."""
    for book in load_playbooks().values():
        write_out(f"{book.name:<16}{book.title}\n")
    return ExitCode.HOLDS


def show_playbook(given: Mapping[str, object]) -> int:
    """Show one playbook. Raises AdvisedError."""
    book = _book(given)
    wanted = given.get("who")
    write_out(f"{book.title}\n\n{_filled(book.what)}\n{_filled(book.worst)}\n")
    for when, title in _DUE.items():
        steps = [step for step in book.steps if step.when == when and wanted in (None, step.who)]
        if steps:
            write_out(f"\n{title}\n")
        for step in steps:
            _write_step(book, step)
    write_out("\nKeep\n")
    for text in book.evidence:
        write_out(_filled(text, "- ") + "\n")
    write_out(f"\nIt is over when\n{_filled(book.done)}\n\nWords to customers\n{_filled(book.customers)}\n")
    return ExitCode.HOLDS


def export_playbook(given: Mapping[str, object]) -> int:
    """Write one playbook as CACAO. Raises AdvisedError."""
    text = json.dumps(cacao(_book(given), at_s=time.time()), indent=2, ensure_ascii=False)
    lines_to(given.get("output"), [text])
    return ExitCode.HOLDS


def _book(given: Mapping[str, object]) -> Playbook:
    name, books = str(given["name"]), load_playbooks()
    if name not in books:
        raise AdvisedError(f"There is no playbook {name[:40]!a}.", "", nearest(name, tuple(books)))
    return books[name]


def _write_step(book: Playbook, step: Step) -> None:
    question = f"{step.only_if} If so: " if step.only_if else ""
    write_out(_filled(f"{question}{step.do} ({_WHO[step.who]}, {_time(step.minutes)})", "- ") + "\n")
    if step.action:
        kind, command = ACTIONS[step.action]
        write_out(f"    {command.replace('{' + kind + '}', kind.upper())}\n")
        write_out(_filled(step.undo, "    To take it back: ") + "\n")
        write_out(f'    To have it done at once: consent = ["{book.name}:{step.action}"] in [watch.automatic]\n')


def _time(minutes: int) -> str:
    if minutes < 60:
        return f"{minutes} minutes"
    hours = minutes // 60
    return f"{hours} hour{'' if hours == 1 else 's'}"


def _filled(text: str, lead: str = "") -> str:
    indent = " " * (4 if lead.startswith(" ") else len(lead))
    return textwrap.fill(text, width(), initial_indent=lead, subsequent_indent=indent, break_on_hyphens=False)
