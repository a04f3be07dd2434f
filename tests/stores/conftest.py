"""A store of each kind."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from apiward.stores.events.database import bring_up_to_date, open_database
from tests.conftest import Server

KINDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def made_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file with all tables and no rows, to be copied: to make them takes longer than most tests."""
    path = tmp_path_factory.mktemp("made") / "events.sqlite"
    engine = open_database(f"sqlite:///{path}")
    bring_up_to_date(engine)
    engine.dispose()
    return path


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Give a store of each kind with all tables and no rows."""
    if request.param == "sqlite":
        path = tmp_path / "events.sqlite"
        shutil.copyfile(request.getfixturevalue("made_sqlite"), path)
        made = open_database(f"sqlite:///{path}")
    else:
        made = open_database(_copied(request.getfixturevalue("made_postgresql")))
    yield made
    made.dispose()


@pytest.fixture(params=KINDS)
def bare_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Give a database of each kind in which there is nothing, not even a table."""
    if request.param == "sqlite":
        made = open_database(f"sqlite:///{tmp_path}/events.sqlite")
    else:
        made = open_database(request.getfixturevalue("empty_postgresql"))
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def made_postgresql(postgresql: Server) -> Server:
    """Give a PostgreSQL with a database `made` that has all tables and no rows, to be copied."""
    _command(postgresql, "CREATE DATABASE made")
    engine = open_database(postgresql.address("made"))
    bring_up_to_date(engine)
    engine.dispose()
    return postgresql


def _copied(server: Server) -> str:
    _command(server, "DROP DATABASE IF EXISTS work WITH (FORCE)")
    _command(server, "CREATE DATABASE work TEMPLATE made")
    return server.address("work")


def _command(server: Server, statement: str) -> None:
    engine = open_database(server.url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    engine.dispose()
