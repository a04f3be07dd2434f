import asyncio
from pathlib import Path

import pytest

from apiward.app.guarding import last_good
from apiward.app.guarding.describing import ASK_AGAIN_S, MOST_ASK_AGAIN_S, DescriptionKeeper, known_outside
from apiward.app.guarding.description import Known
from apiward.app.guarding.place import Place
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig
from apiward.core.api import Api

API = Api("shop", "1", ())
AWAY = Known(None, "It did not answer.")
ADDRESS = GuardConfig(upstream="http://127.0.0.1:1")


def _keeper(tmp_path: Path, *answers: Known) -> DescriptionKeeper:
    waiting = list(answers)

    async def find(config: GuardConfig, base: Path) -> Known:
        return waiting.pop(0)

    return DescriptionKeeper(Place(None, tmp_path, tmp_path), find)


def test_what_could_not_be_had_is_asked_for_again_and_each_time_later(tmp_path: Path) -> None:
    keeper = _keeper(tmp_path, AWAY)
    asyncio.run(keeper.read(ADDRESS))
    now_s = keeper._asked_s
    assert not keeper.is_due(ADDRESS, now_s + ASK_AGAIN_S)
    assert keeper.is_due(ADDRESS, now_s + ASK_AGAIN_S + 1)
    keeper.wait_longer()
    assert not keeper.is_due(ADDRESS, now_s + ASK_AGAIN_S + 1)
    assert keeper.is_due(ADDRESS, now_s + 2 * ASK_AGAIN_S + 1)
    for _ in range(20):
        keeper.wait_longer()
    assert keeper.is_due(ADDRESS, now_s + MOST_ASK_AGAIN_S + 1)


def test_what_is_still_missing_is_said_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keeper = _keeper(tmp_path, AWAY, AWAY, Known(None, "It is none."), Known(API), Known(API))
    for _ in range(5):
        asyncio.run(keeper.read(ADDRESS))
    said = capsys.readouterr().err
    assert said.count("There is no description.") == 2
    assert said.count("The description is in use.") == 2


def test_nobody_is_asked_where_nothing_is_named_or_all_is_known(tmp_path: Path) -> None:
    assert not _keeper(tmp_path).is_due(GuardConfig(), 10**9)
    keeper = _keeper(tmp_path, Known(API))
    asyncio.run(keeper.read(ADDRESS))
    assert not keeper.is_due(ADDRESS, 10**9)


def test_one_that_is_known_is_never_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keeper = _keeper(tmp_path, Known(API), AWAY)
    asyncio.run(keeper.read(ADDRESS))
    asyncio.run(keeper.read(ADDRESS))
    assert keeper.known.api is API
    assert "The last one stays." in capsys.readouterr().err


def test_what_stands_in_a_file_is_kept_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_bytes(b"{}")
    keeper = _keeper(tmp_path, Known(API), Known(API), Known(API))
    for description, written in (("openapi.json", b"{}"), ("gone.json", b""), ("http://127.0.0.1:1/a.json", b"")):
        asyncio.run(keeper.read(GuardConfig(description=description)))
        assert keeper.written == written


@pytest.mark.parametrize("is_first", [True, False])
def test_only_one_that_begins_takes_the_last_good_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *, is_first: bool
) -> None:
    (tmp_path / "openapi.json").write_text("{")
    good = b'{"openapi": "3.1.0", "info": {"title": "a", "version": "1"}, "paths": {"/a": {"get": {"responses": {}}}}}'
    last_good.keep(tmp_path, last_good.DESCRIPTION, good)
    keeper = DescriptionKeeper(Place(None, tmp_path, tmp_path), known_outside)
    config = GuardConfig(description="openapi.json")
    if not is_first:
        with pytest.raises(AdvisedError):
            asyncio.run(keeper.read(config))
        return
    asyncio.run(keeper.read(config, is_first=True))
    assert keeper.known.api is not None
    assert "The last good one holds." in capsys.readouterr().err
