"""What a guard does beside its work: it signs the audit record, removes what is old, and watches the disk."""

import os
import time
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from apiward.app.guarding.building import kept_secret
from apiward.app.guarding.figures import Figures
from apiward.config.guarding import GuardConfig
from apiward.core.ports import CheckpointPlace
from apiward.net.forwarding.anchoring import CheckpointPost
from apiward.net.metrics import GuardMetrics
from apiward.stores.events.database import sqlite_url
from apiward.stores.events.keeping import Upkeep
from apiward.stores.record.checkpoints import CheckpointFile
from apiward.stores.record.signing import Signer
from apiward.stores.upkeep.anchoring import Anchoring
from apiward.stores.upkeep.retention import Keep, Retention
from apiward.stores.upkeep.room import Room

SPOOL: Final = "spool"
DATABASE: Final = "events.sqlite"
AUDIT_KEY: Final = "audit.key"
CHECKPOINTS: Final = "audit.checkpoints"
DAY_S: Final = 86_400.0


def store_url(folder: Path, config: GuardConfig) -> str:
    """Return the address of the database of the guard whose data is in `folder`."""
    return config.events.database or sqlite_url(folder / DATABASE)


def checkpoint_files(folder: Path, base: Path, config: GuardConfig) -> tuple[Path, ...]:
    """Return the files that get the checkpoints; relative names begin where the settings are."""
    named = config.record.checkpoints
    return tuple(base / name for name in named if "://" not in name) if named else (folder / CHECKPOINTS,)


def signer_of(folder: Path) -> Signer:
    """Return what signs the audit record; its key is made when it is first asked for. Raises OSError, ValueError."""
    return Signer(kept_secret(folder, AUDIT_KEY))


def upkeep_of(engine: Engine, folder: Path, base: Path, config: GuardConfig) -> tuple[Upkeep, ...]:
    """Return what is done beside the storing of events."""
    record = config.record
    keep = Keep(
        events_s=record.events_days * DAY_S,
        counts_s=record.counts_days * DAY_S,
        audit_s=record.audit_days * DAY_S,
        incidents_s=record.incidents_days * DAY_S,
        findings_s=record.findings_days * DAY_S,
    )
    places: list[CheckpointPlace] = [CheckpointFile(path) for path in checkpoint_files(folder, base, config)]
    places += [CheckpointPost(name, time.time) for name in config.record.checkpoints if "://" in name]
    return (
        Anchoring(engine, signer_of(folder), places),
        Retention(engine, keep, os.urandom, _passed_s),
    )


def watch_of(engine: Engine, folder: Path, config: GuardConfig, metrics: GuardMetrics) -> tuple[Upkeep, ...]:
    """Return what is done while the store is away as well: the disk is looked at, and figures are shown."""
    return (room_of(folder, config), Figures(engine, folder, metrics))


def room_of(folder: Path, config: GuardConfig) -> Room:
    """Return what looks at the disk."""
    return Room(folder, config.record.low_space_mb * 1_000_000)


def _passed_s() -> float:
    # Counts on while the machine sleeps: a laptop that was shut for a night has no clock that leaps.
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
