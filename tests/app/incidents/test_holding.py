import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from apiward.app.guarding.shut_keys import Own
from apiward.app.guarding.shutting import ShutDesk
from apiward.app.incidents.following import OUTBOX
from apiward.app.incidents.holding import holding
from apiward.config.automatic import AutomaticConfig
from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.record.telling import OURSELVES
from tests.app.incidents.made import Watched, seen, watched

ALLOWED = AutomaticConfig(("stuffing:block-address",))


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Watched]:
    with watched(tmp_path) as made:
        yield made


@pytest.fixture
def engine(here: Watched, tmp_path: Path) -> Iterator[Engine]:
    made = open_database(sqlite_url(tmp_path / "events.sqlite"))
    yield made
    made.dispose()


def desk(folder: Path) -> ShutDesk:
    return ShutDesk(folder, Own(), by=OURSELVES, environment={}, pause=lambda _: None)


def test_what_is_allowed_is_done_before_the_end_and_the_rest_is_not(
    here: Watched, engine: Engine, tmp_path: Path
) -> None:
    shut, now_s = desk(tmp_path), time.time()
    here.take(seen(now_s, first_s=now_s), now_s=now_s)
    with holding(engine, AutomaticConfig(), shut, tmp_path):
        pass
    assert shut.listed() == ()
    with holding(engine, ALLOWED, shut, tmp_path):
        pass
    assert [(one.key, one.by) for one in shut.listed()] == [("address:192.0.2.7", OURSELVES)]


def test_an_outbox_that_cannot_be_opened_is_told(
    engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "other"
    (folder / OUTBOX).mkdir(parents=True)
    with holding(engine, ALLOWED, desk(folder), folder):
        pass
    assert "Nothing is held off: the outbox cannot be used" in capsys.readouterr().err


def test_a_guard_without_its_folder_is_told_once(
    here: Watched, engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now_s = time.time()
    here.take(seen(now_s, first_s=now_s), now_s=now_s)
    said = ""
    with holding(engine, ALLOWED, desk(tmp_path / "nowhere"), tmp_path, turn_s=0.001):
        ends_s = time.monotonic() + 20
        while not said and time.monotonic() < ends_s:
            said = capsys.readouterr().err
            time.sleep(0.01)
    assert (said + capsys.readouterr().err).count("Nothing can be held off now") == 1
