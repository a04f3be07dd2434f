"""Runs the versions of the schema, in their order, with Alembic's operations on the connection that it was given.

Alembic's own command is not used: it keeps the migration that is under way in globals of the process, so that two at
once go to one another's database: two stores, or ours and that of the app in which the guard runs.
"""

from typing import Final

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, MetaData, String, Table, delete, insert

from apiward.stores.events.keeping import NewerStoreError
from apiward.stores.events.migrations.versions import (
    events_0001,
    marks_0003,
    people_0006,
    record_0002,
    rollups_0005,
    watching_0004,
)
from apiward.stores.events.schema import VERSIONS

ORDER: Final = (events_0001, record_0002, marks_0003, watching_0004, rollups_0005, people_0006)
_NOTED: Final = Table(VERSIONS, MetaData(), Column("version_num", String(32), primary_key=True))


def migrate(connection: Connection, version: str) -> None:
    """Go on from `version`, which is "" where there is no schema yet. Raises NewerStoreError."""
    known = ["", *(one.revision for one in ORDER)]
    if version not in known:
        raise NewerStoreError(f"it is of a newer version ({version[:40]}) than this apiward knows")
    op = Operations(MigrationContext.configure(connection))
    for one in ORDER[known.index(version) :]:
        one.upgrade(op)
    _NOTED.create(connection, checkfirst=True)
    connection.execute(delete(_NOTED))
    connection.execute(insert(_NOTED).values(version_num=ORDER[-1].revision))
