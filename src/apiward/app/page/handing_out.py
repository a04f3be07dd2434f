"""Puts into the audit record what leaves the page as a file: who has taken which list or report."""

from apiward.app.guarding.telling import tell
from apiward.app.page.source import PageSource
from apiward.config.errors import AdvisedError
from apiward.core.lanes import AuditKind


def note_handed_out(source: PageSource, said: str) -> None:
    """Note it. Raises AdvisedError where the record does not take it: then nothing is handed out."""
    try:
        is_told = tell(source.place.data, said, kind=AuditKind.ADMINISTRATION, now_s=source.clock(), by=source.by)
    except OSError:
        is_told = False
    if not is_told:
        why = "The audit record does not take it, and who takes a file must stand there."
        raise AdvisedError("Nothing was handed out.", why, "Make room on the disk.")
