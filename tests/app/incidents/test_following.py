import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from apiward.app.incidents.following import OUTBOX, telling
from apiward.config.errors import AdvisedError
from apiward.config.notifying import ChannelConfig, NotifyConfig
from tests.app.incidents.made import Watched, seen, watched
from tests.cli.test_notify import place


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Watched]:
    with watched(tmp_path) as made:
        yield made


def config(address: str) -> NotifyConfig:
    return NotifyConfig(channels=(ChannelConfig("hook", "ntfy", address=address, to=("alarms",)),), gather_s=0.0)


def test_people_are_told_while_watching(here: Watched, tmp_path: Path) -> None:
    with place() as server:
        with telling(here.record, config(server.address), tmp_path, tmp_path, turn_s=0.01):
            now_s = time.time()
            here.take(seen(now_s, first_s=now_s), now_s=now_s)
            ends_s = time.monotonic() + 20
            while not server.posted and time.monotonic() < ends_s:
                time.sleep(0.01)
        assert [posted.json["topic"] for posted in server.posted] == ["alarms"]


def test_what_cannot_be_used_is_told_before_it_begins(here: Watched, tmp_path: Path) -> None:
    wrong = NotifyConfig(channels=(ChannelConfig("t", "teams", address_env="NOT_SET_ANYWHERE"),))
    with (
        pytest.raises(AdvisedError, match="NOT_SET_ANYWHERE"),
        telling(here.record, wrong, tmp_path, tmp_path),
    ):
        pass
    with telling(here.record, NotifyConfig(), tmp_path / "nowhere", tmp_path):
        pass


def test_a_store_that_is_away_ends_nothing(here: Watched, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    class Away:
        def __getattr__(self, name: str) -> object:
            raise OSError("it is away")

    with telling(Away(), config("http://127.0.0.1:1"), tmp_path, tmp_path, turn_s=0.01):  # type: ignore[arg-type]
        time.sleep(0.1)
    assert capsys.readouterr().err.count("Nothing can be told now") == 1
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / OUTBOX).mkdir()
    with telling(here.record, config("http://127.0.0.1:1"), tmp_path / "b", tmp_path):
        pass
    assert "the outbox cannot be used" in capsys.readouterr().err
