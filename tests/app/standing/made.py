"""A store with scans, incidents and an exercise, made by hand in a folder."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from apiward.app.guarding.place import Place
from apiward.app.guarding.upkeep import DATABASE
from apiward.app.recording.opening import Store
from apiward.config.guarding import GuardConfig
from apiward.core.finding import Finding
from apiward.core.scan_report import ScanReport
from apiward.core.verdict import Outcome
from apiward.stores.events.database import bring_up_to_date, open_database, sqlite_url
from apiward.stores.watching.scans import ScanStore
from tests.prove.sample import TARGET, finding, item, report

DAY_S: Final = 86_400.0
NOW_S: Final = datetime(2026, 11, 30, 12, tzinfo=UTC).timestamp()


def scan(*found: Finding, days: float = 1.0, holds: tuple[str, ...] = (), target: str = TARGET) -> ScanReport:
    """Return a scan of so many days ago."""
    items = [item(check, "GET /notes/{id}", Outcome.HOLDS) for check in holds]
    items += [item(one.check, one.operation, Outcome.BROKEN, one.saw) for one in found]
    made = report(found, items=items)
    return replace(made, started_at=datetime.fromtimestamp(NOW_S - days * DAY_S, UTC), target=target)


@cache
def _empty() -> bytes:
    """Return a store with all tables and no rows: to make them takes longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / DATABASE
        engine = open_database(sqlite_url(path))
        bring_up_to_date(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        return path.read_bytes()


@contextmanager
def store_in(folder: Path, *scans: ScanReport, config: GuardConfig | None = None) -> Iterator[tuple[Store, Place]]:
    """Give a store in which these scans are kept, in their order."""
    config = config or GuardConfig()
    data = folder / ".apiward"
    data.mkdir(exist_ok=True)
    place = Place(None, folder, data)
    if not (data / DATABASE).exists():
        (data / DATABASE).write_bytes(_empty())
    with Store.opened(place, config, is_new=True) as store:
        for one in scans:
            ScanStore(store.engine).note(one)
        yield store, place


__all__ = ["DAY_S", "NOW_S", "TARGET", "finding", "scan", "store_in"]
