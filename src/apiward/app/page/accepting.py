"""Accepts findings with a reason and a day on which that ends, in the file that scans read as their baseline."""

import contextlib
import os
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from apiward.app.guarding.telling import tell
from apiward.app.page.source import PageSource
from apiward.app.standing.accepting import accepted_file, read_accepted
from apiward.config.errors import AdvisedError
from apiward.core.kept_finding import KeptFinding
from apiward.core.lanes import AuditKind
from apiward.prove.baseline import Accepted, Baseline, dumped, merged

MOST_DAYS: Final = 365
MOST_REASON: Final = 500
_TURN: Final = threading.Lock()


def accept(source: PageSource, finding: KeptFinding, *, reason: str, days: int) -> Accepted:
    """Accept a finding for some days. Raises AdvisedError."""
    reason = " ".join(reason.split())[:MOST_REASON]
    if not reason:
        raise AdvisedError("It was not accepted.", "There is no reason.", "Write why: who reads it later must know.")
    if not 1 <= days <= MOST_DAYS:
        raise AdvisedError("It was not accepted.", f"It can be for 1 to {MOST_DAYS} days.", "Choose another day.")
    today = _today(source)
    fresh = Accepted(
        finding.id, finding.check, finding.operation, reason, today, today + timedelta(days=days), finding.target
    )
    with _TURN:
        others = tuple(one for one in read_accepted(source.place).accepted if one.id != finding.id)
        _write(source, merged(Baseline(others), Baseline((fresh,))))
    _record(source, f"Finding {finding.id} was accepted until {fresh.expires_on.isoformat()}: {reason}")
    return fresh


def count_again(source: PageSource, id_: str) -> Accepted:
    """Let an accepted finding count again. Raises AdvisedError."""
    with _TURN:
        known = read_accepted(source.place)
        found = next((one for one in known.accepted if one.id == id_), None)
        if found is None:
            raise AdvisedError("Nothing was changed.", "This finding is not accepted.", "")
        _write(source, replace(known, accepted=tuple(one for one in known.accepted if one.id != id_)))
    _record(source, f"Finding {id_} counts again.")
    return found


def _write(source: PageSource, baseline: Baseline) -> None:
    path = accepted_file(source.place)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.write_text(dumped(baseline), "utf-8")
        fresh.replace(path)
    except OSError as error:
        raise AdvisedError(
            "Nothing was changed.", f"{path.name} cannot be written: {error.strerror}.", "Make the folder writable."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)


def _record(source: PageSource, said: str) -> None:
    tell(source.place.data, said, kind=AuditKind.ADMINISTRATION, now_s=source.clock())


def _today(source: PageSource) -> date:
    return datetime.fromtimestamp(source.clock(), UTC).astimezone().date()
