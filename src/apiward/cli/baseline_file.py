"""The file of accepted findings: read, and written from what a scan found."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from apiward.cli.writing import write_file
from apiward.config import AdvisedError
from apiward.core.finding import Finding
from apiward.prove.baseline import Baseline, BaselineError, accept, dumped, parse_baseline


def read_baseline(place: str) -> Baseline:
    """Return the accepted findings in the file `place`; none for an empty name. Raises AdvisedError."""
    if not place:
        return Baseline()
    try:
        return parse_baseline(Path(place).read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        advice = "Check the name, or write one: apiward scan URL --write-baseline FILE --reason … --expires …"
        raise AdvisedError(f"The baseline {place} cannot be read.", f"{why}.", advice) from None
    except BaselineError as error:
        raise AdvisedError(f"{place}: {error}") from None


def written_baseline(
    place: str, old: Baseline, findings: Iterable[Finding], *, reason: str, today: date, expires: date
) -> Baseline:
    """Return `old` with all findings accepted until `expires`, and write it to `place`."""
    fresh = {f.id: accept(f, reason=reason, accepted_on=today, expires_on=expires) for f in findings}
    still = {entry.id for entry in old.accepted if entry.expires_on >= today}
    kept = tuple(entry for entry in old.accepted if entry.id in still or entry.id not in fresh)
    added = tuple(entry for id_, entry in fresh.items() if id_ not in still)
    baseline = Baseline((*kept, *added))
    write_file(Path(place), dumped(baseline))
    return baseline
