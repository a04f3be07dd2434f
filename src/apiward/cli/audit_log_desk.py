"""What `apiward audit-log` does."""

import json
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from apiward.app.recording.audit import ADDRESS, AuditEntry, Wanted, entry_lines, erase_person, read_entries
from apiward.app.recording.checking import Check, Flaw, check_audit, own_key
from apiward.app.recording.proving import check_proof, make_proof
from apiward.catalogue.tampering import load_tampering
from apiward.cli.exits import ExitCode
from apiward.cli.moments import moment_of, shown
from apiward.cli.outputs import lines_to
from apiward.cli.speaking import say, write_out
from apiward.cli.store_places import opened, place_of, texts
from apiward.config.errors import AdvisedError
from apiward.prove.neutral import one_line, shortened

SCHEMA: Final = "apiward.audit-check/1"
_STEP: Final = 100_000
_LONGEST_CELL: Final = 60


def verify_record(given: Mapping[str, object]) -> int:
    """Check the record; returns the exit code. Raises AdvisedError."""
    files = [Path(name) for name in texts(given, "checkpoints")]
    if given.get("proof"):
        return _verify_proof(given, files)
    with opened(given) as store:
        check = check_audit(store, files, str(given.get("key") or ""), Progress())
    if given.get("form") == "json":
        write_out(json.dumps(_document(check), indent=2) + "\n")
    else:
        _say_check(check)
    if check.verified.flaws:
        return ExitCode.BROKEN
    return ExitCode.HOLDS if check.verified.held or not check.verified.size else ExitCode.NOT_ENOUGH


def show_record(given: Mapping[str, object]) -> int:
    """Show the newest entries. Raises AdvisedError."""
    last = given.get("last")
    newest: deque[AuditEntry] = deque(maxlen=last if isinstance(last, int) else 50)
    with opened(given) as store:
        newest.extend(read_entries(store, _wanted(given)))
    write_out("".join(f"{_row(entry)}\n" for entry in newest))
    if not newest:
        say("No entry fits.")
    return ExitCode.HOLDS


def export_record(given: Mapping[str, object]) -> int:
    """Write entries as JSON lines. Raises AdvisedError."""
    wanted = _wanted(given)
    with opened(given) as store:
        count = lines_to(given.get("output"), entry_lines(store, wanted))
    say(f"Entries that were written: {count:,}.")
    return ExitCode.HOLDS


def erase_caller(given: Mapping[str, object]) -> int:
    """Erase a person. Raises AdvisedError."""
    subject = str(given["principal"])
    if not subject.partition(":")[2]:
        raise AdvisedError(
            f"{subject[:40]!a} is no caller.",
            "A caller is written with its kind before it, as in user:42, key:partner, device:… or address:192.0.2.7.",
            "See: apiward audit-log show",
        )
    with opened(given) as store:
        if not given.get("yes"):
            click.confirm(f"Erase {one_line(subject)} for good? This cannot be undone", abort=True, err=True)
        erased = erase_person(store, subject)
    say(f"Erased from {erased.entries} entries of the audit record, {erased.events} events, {erased.counts} counts.")
    if erased.watched:
        say(f"Erased from {erased.watched} entries of incidents.")
    if erased.evidence:
        say(f"{erased.evidence} records of evidence still name them: evidence that was changed would prove nothing.")
    if not subject.startswith(ADDRESS):
        say("Addresses that this caller shared with others are still in the entries of those.")
    say("Backups, exports and logs elsewhere are not touched. A guard that is running stores new events as before.")
    return ExitCode.HOLDS


def print_key(given: Mapping[str, object]) -> int:
    """Print the public key. Raises AdvisedError."""
    write_out(f"{own_key(place_of(given)[0].data).text}\n")
    return ExitCode.HOLDS


def print_proof(given: Mapping[str, object]) -> int:
    """Print a proof. Raises AdvisedError."""
    old, new = given.get("old"), given.get("new")
    with opened(given) as store:
        made = make_proof(store, old if isinstance(old, int) else 0, new if isinstance(new, int) else None)
    write_out(f"{made}\n")
    return ExitCode.HOLDS


def _verify_proof(given: Mapping[str, object], files: list[Path]) -> int:
    key = given.get("key") or own_key(place_of(given)[0].data).text
    old, new, is_good = check_proof(Path(str(given["proof"])), files, str(key))
    if is_good:
        write_out(f"The record of {new} entries goes on from that of {old}: nothing before was changed.\n")
        return ExitCode.HOLDS
    entry = load_tampering()["forked"]
    write_out(
        f"The record of {new} entries does not go on from that of {old}. {entry.what}\n  What to do: {entry.do}\n"
    )
    return ExitCode.BROKEN


def _say_check(check: Check) -> None:
    found = check.verified
    words = load_tampering()
    for flaw in found.flaws:
        entry = words[flaw.kind.value]
        write_out(f"{_span(flaw)}: {entry.title.lower()}. {entry.what}\n")
        write_out(f"  It shows in this: {flaw.why}.\n  What to do: {entry.do}\n")
    for text in check.unused:
        say(one_line(text))
    if found.flaws:
        return
    write_out(f"The audit record holds: {found.size - found.first} entries, and nobody changed them.\n")
    if found.first:
        write_out(f"{found.first} earlier ones were removed, as they were older than the record is kept.\n")
    if found.erased:
        write_out(f"In {found.erased} of them, who it was has been erased.\n")
    if found.held:
        write_out(f"Checkpoints that agree with it: {found.held}. They cover the first {found.covered} entries.\n")
    elif found.size:
        say("No checkpoint could be compared. Who can write the store could have written the whole record anew.")
        say("Keep checkpoints on another machine: checkpoints in [guard.record]. Check with --checkpoints FILE.")


def _span(flaw: Flaw) -> str:
    if flaw.first == flaw.last:
        return f"Entry {flaw.first}"
    return f"Entries {flaw.first} to {flaw.last}"


def _document(check: Check) -> dict[str, object]:
    found = check.verified
    return {
        "schema": SCHEMA,
        "holds": not found.flaws,
        "size": found.size,
        "first": found.first,
        "root": found.root.hex(),
        "erased": found.erased,
        "covered": found.covered,
        "checkpoints": {"read": check.checkpoints, "held": found.held, "too_old": found.before},
        "flaws": [
            {"kind": one.kind.value, "first": one.first, "last": one.last, "why": one.why} for one in found.flaws
        ],
        "unused": list(check.unused),
    }


def _row(entry: AuditEntry) -> str:
    leaf, private = entry.leaf, entry.private
    who_it_was = "(erased)" if entry.is_erased else str(private.get("principal") or private.get("client") or "-")
    rules = leaf.get("rules")
    ruled = [str(rule[0]) for rule in rules if isinstance(rule, list) and rule] if isinstance(rules, list) else []
    what = private.get("said") or leaf.get("operation") or f"{leaf.get('method', '')} {private.get('path', '')}"
    cells = (entry.kind, who_it_was, str(what), str(leaf.get("status") or ""), ", ".join(ruled))
    told_cells = "  ".join(shortened(one_line(cell), _LONGEST_CELL) for cell in cells if cell.strip())
    return f"{entry.seq:>6}  {shown(entry.at_s)}  {told_cells}"


def _wanted(given: Mapping[str, object]) -> Wanted:
    now_s = time.time()
    since, until = given.get("since"), given.get("until")
    return Wanted(
        since_s=moment_of(str(since), "--since", now_s) if since else None,
        until_s=moment_of(str(until), "--until", now_s) if until else None,
        kind=str(given.get("kind") or ""),
        principal=str(given.get("principal") or ""),
    )


class Progress:
    """Says now and then how many entries were read, so that a long check does not look dead."""

    def __init__(self) -> None:
        self._next = _STEP

    def __call__(self, number: int) -> None:
        """Take note."""
        if number >= self._next:
            say(f"{number:,} entries were read ...")
            self._next = number + _STEP
