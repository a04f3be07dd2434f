"""The file of accepted findings: read, and written from what a scan found."""

import contextlib
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

from apiward.app.standing.accepting import accepted_in
from apiward.config.errors import AdvisedError
from apiward.core.finding import Finding
from apiward.prove.baseline import Baseline, accept, dumped, merged

_ELSEWHERE: Final = "Name another place with --write-baseline."


def read_baseline(place: str) -> Baseline:
    """Return the accepted findings in the file `place`; none for an empty name. Raises AdvisedError."""
    if not place:
        return Baseline()
    found = accepted_in(Path(place))
    if found is None:
        advice = "Check the name, or write one: apiward scan URL --write-baseline FILE --reason … --expires …"
        raise AdvisedError(f"The baseline {place} cannot be read.", "There is no such file.", advice)
    return found


def standing_baseline(place: str) -> Baseline:
    """Return what `place` holds already, nothing where there is no such file yet.

    Raises AdvisedError, so that nothing is scanned in vain, where it cannot be read or made.
    """
    path = Path(place)
    if not place or path.exists():
        return read_baseline(place)
    near = next(parent for parent in path.absolute().parents if parent.exists())
    if not near.is_dir() or not os.access(near, os.W_OK):
        raise AdvisedError(f"The baseline {place} cannot be written.", f"{near} cannot hold it.", _ELSEWHERE)
    return Baseline()


def accepted_now(
    old: Baseline, findings: Iterable[Finding], *, reason: str, today: date, expires: date, target: str
) -> Baseline:
    """Return `old` with all findings accepted until `expires`. What is accepted already stays as it is."""
    fresh = Baseline(
        tuple(accept(f, reason=reason, accepted_on=today, expires_on=expires, target=target) for f in findings)
    )
    anew = {entry.id for entry in fresh.accepted}
    kept = tuple(entry for entry in old.accepted if entry.expires_on >= today or entry.id not in anew)
    return merged(Baseline(kept), fresh)


def save_baseline(place: str, baseline: Baseline) -> None:
    """Write the file; it is whole at every moment. Raises AdvisedError."""
    path = Path(place).resolve()
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(dumped(baseline), "utf-8")
        fresh.replace(path)
    except OSError as error:
        raise AdvisedError(f"The baseline {place} cannot be written.", f"{error.strerror}.", _ELSEWHERE) from None
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
