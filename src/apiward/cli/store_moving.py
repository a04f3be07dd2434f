"""What `apiward store` does."""

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from apiward.app.recording.moving import Health, health, move, restore, save
from apiward.app.recording.opening import Store
from apiward.cli.exits import ExitCode
from apiward.cli.speaking import say, write_out
from apiward.cli.store_places import opened, place_of
from apiward.config.errors import AdvisedError
from apiward.prove.neutral import one_line


def write_backup(given: Mapping[str, object]) -> int:
    """Write a backup. Raises AdvisedError."""
    path = Path(str(given["file"]))
    with opened(given) as store:
        found = save(store, path, Steps())
    say(f"{path} holds {_amounts(found)}.")
    say("The keys of the guard are not in it. Keep a copy of keys.json and audit.key as well.")
    return ExitCode.HOLDS


def restore_backup(given: Mapping[str, object]) -> int:
    """Put a backup back. Raises AdvisedError."""
    path = Path(str(given["file"]))
    if not path.exists():
        raise AdvisedError(f"{path} does not exist.", "", "Name a file that apiward store backup has written.")
    place, config = place_of(given)
    with Store.opened(place, config, is_new=True) as store:
        if not given.get("yes"):
            click.confirm(f"Put {path} in the place of {one_line(store.name)}?", abort=True, err=True)
        found, kept = restore(store, path)
    say(f"The store holds {_amounts(found)} again.")
    if kept is not None:
        say(f"What was there before is kept in {kept}. Remove it when you do not need it any more.")
    say("Checkpoints of later entries will say that these were cut off: they are in the old file alone.")
    return ExitCode.HOLDS


def verify_store(given: Mapping[str, object]) -> int:
    """Check the store; returns the exit code. Raises AdvisedError."""
    with opened(given) as store:
        found = health(store)
        name = one_line(store.name)
    if found.problem:
        write_out(f"{name} is not whole: {found.problem}.\n  What to do: apiward store restore FILE\n")
        return ExitCode.BROKEN
    write_out(f"{name} is whole. It holds {_amounts(found)}.\n")
    if found.waiting_bytes:
        write_out("More events may wait in the spool until a guard stores them.\n")
    if found.verified.flaws:
        write_out("But its audit record was changed. See: apiward audit-log verify\n")
        return ExitCode.BROKEN
    return ExitCode.HOLDS


def move_store(given: Mapping[str, object]) -> int:
    """Copy the store to another database. Raises AdvisedError."""
    url = str(given["url"])
    with opened(given) as store:
        copied, found = move(store, url, Steps())
    written = sum(one.written for one in copied)
    say(f"Everything is there: {_amounts(found)}. {written} rows were written now, and every row was compared.")
    say("Name the new database to the guard, then start it:")
    say("  [guard.events]")
    say('  database = "..."  # the address that you gave with --to')
    say("What waits in the spool goes there by itself. The old store is untouched; remove it later.")
    return ExitCode.HOLDS


def _amounts(found: Health) -> str:
    rows = found.rows
    said = f"{rows['events']:,} events, {rows['rollups']:,} counts, {rows['audit']:,} entries of the audit record"
    more = [f"{rows[name]:,} {name}" for name in ("findings", "incidents", "detections", "evidence") if rows.get(name)]
    return ", ".join([said, *more])


class Steps:
    """Says how far a copy is: a moving line on a terminal, a line for each table elsewhere."""

    def __init__(self) -> None:
        self._is_moving = sys.stderr.isatty()

    def __call__(self, table: str, done: int, total: int) -> None:
        """Say it."""
        if self._is_moving:
            click.echo(f"\r{table}: {done:,} of {total:,}" + "\n" * (done >= total), err=True, nl=False)
        elif done >= total:
            say(f"{table}: {done:,} of {total:,}")
