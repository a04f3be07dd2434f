"""What Alembic runs: the versions, on the connection that it was given."""

from typing import Final

from alembic import context

from apiward.stores.events.schema import VERSIONS
from apiward.stores.record.schema import METADATA

_CONNECTION: Final = context.config.attributes["connection"]

context.configure(connection=_CONNECTION, target_metadata=METADATA, version_table=VERSIONS)
context.run_migrations()
