"""A store of each kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from apiward.stores.events.database import open_database


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Give an empty database of each kind."""
    if request.param == "sqlite":
        made = open_database(f"sqlite:///{tmp_path}/events.sqlite")
    else:
        made = open_database(request.getfixturevalue("empty_postgresql"))
    yield made
    made.dispose()
