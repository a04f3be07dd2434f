"""The APIs that were scanned, each with its numbers: one question to the database, however many scans there were."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine, func, select

from apiward.core.kept_finding import FindingState
from apiward.stores.record.watch_tables import APIS, FINDINGS, OPERATIONS
from apiward.stores.watching.reaching import Reach

MOST: Final = 50


@dataclass(frozen=True, slots=True)
class ScannedApi:
    """One API: its operations that scans knew, those that ever gave a good answer, and findings that are not fixed."""

    target: str
    title: str
    source: str
    first_s: float
    last_s: float
    operations: int
    answered: int
    findings: int


class ApiReader:
    """Raises StoreError, which is an OSError."""

    def __init__(self, engine: Engine) -> None:
        self._reach = Reach(engine)

    def listed(self) -> tuple[ScannedApi, ...]:
        """Return the APIs, the last scanned first."""
        api, is_ours = APIS.c, OPERATIONS.c.api == APIS.c.id
        is_open = (FINDINGS.c.api == api.id, FINDINGS.c.state == FindingState.OPEN.value)
        numbers = (
            select(func.count()).select_from(OPERATIONS).where(is_ours).scalar_subquery(),
            select(func.count(OPERATIONS.c.answered_s)).where(is_ours).scalar_subquery(),
            select(func.count()).select_from(FINDINGS).where(*is_open).scalar_subquery(),
        )
        query = select(api.target, api.title, api.source, api.first_s, api.last_s, *numbers)
        with self._reach.reading() as connection:
            rows = connection.execute(query.order_by(api.last_s.desc(), api.seq.desc()).limit(MOST)).all()
        return tuple(ScannedApi(*row) for row in rows)
