"""Tells the record what somebody did at this machine: made a key, restored a backup, erased a person."""

import hashlib
import os
import pwd
from collections.abc import Iterable
from pathlib import Path

from apiward.app.guarding.upkeep import SPOOL
from apiward.config.errors import AdvisedError
from apiward.core.event import Event
from apiward.core.lanes import AuditKind
from apiward.stores.events.rows import packed
from apiward.stores.events.spool import MIN_SEGMENT, Spool, SpoolFullError
from apiward.stores.private import give_to_owner
from apiward.stores.record.telling import told


def who() -> str:
    """Return who runs this program, as the record names people at this machine."""
    try:
        return f"owner:{pwd.getpwuid(os.getuid()).pw_name}"
    except KeyError:
        return f"owner:{os.getuid()}"


def tell(folder: Path, said: str, *, kind: AuditKind, now_s: float, by: str = "") -> bool:
    """Put an event into the spool of the guard in `folder`, which stores it, now or at its next start.

    `by` is who has done it, if not who runs this program. Return whether the spool took it.
    """
    spool = folder / SPOOL
    writer = Spool(spool, segment_size=MIN_SEGMENT)
    before = set(_segments(spool))
    try:
        writer.append(packed(told(now_s, said, kind=kind, principal=by or who())))
    except SpoolFullError:
        return False
    finally:
        writer.close()
    for path in {*_segments(spool)} - before | {spool}:
        give_to_owner(path, folder)
    return True


def must_tell(folder: Path, said: str, *, kind: AuditKind, now_s: float, by: str = "") -> None:
    """Do as `tell` does. Raises AdvisedError where the record does not take it."""
    why = "The waiting room of events is full, or the disk is."
    try:
        is_told = tell(folder, said, kind=kind, now_s=now_s, by=by)
    except OSError as error:
        is_told, why = False, f"{error}."
    if not is_told:
        raise AdvisedError(
            "It was done, but could not be put into the audit record.",
            why,
            "Make room on the disk, and see whether the guard can reach its database.",
        )


def settings_event(text: str, stamps: Iterable[object], said: str, *, now_s: float) -> Event:
    """Return the event that settings are in use: all workers that take the same files make the same one."""
    id_ = hashlib.sha256(f"{text}\x1f{list(stamps)}\x1f{said}".encode()).hexdigest()[:32]
    return told(now_s, said, kind=AuditKind.CONFIGURATION, id_=id_)


def _segments(spool: Path) -> list[Path]:
    return list(spool.glob("*.spool")) if spool.exists() else []
