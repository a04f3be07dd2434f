import asyncio
import contextlib
import json
import threading
from pathlib import Path

import pytest

from apiward.app.guarding import last_good
from apiward.app.guarding.described import read_described
from apiward.app.guarding.place import Overrides, Place
from apiward.app.guarding.source import ConfigSource
from apiward.config.errors import AdvisedError, ConfigError
from apiward.config.guarding import GuardConfig
from apiward.core.decision import Mode
from tests.guard.calls import raw_call

PATHS = {"/a": {"get": {"responses": {"200": {"description": "ok"}}}}}
DOCUMENT = {"openapi": "3.1.0", "info": {"title": "shop", "version": "1"}, "paths": PATHS}
SETTINGS = '[guard]\nupstream = "http://127.0.0.1:1"\ndescription = "openapi.json"\n'


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "openapi.json").write_text(json.dumps(DOCUMENT))
    file = tmp_path / "apiward.toml"
    file.write_text(SETTINGS)
    return Place.of(file, GuardConfig())


def _rule(place: Place, change: str | None = None, overrides: Overrides = Overrides()) -> list[str]:  # noqa: B008 - frozen
    """Start, judge, write `change` into the file, renew, judge again; return the rules that refused."""

    async def run() -> list[str]:
        source = ConfigSource(place, overrides)
        gate = await source.start()
        source.settled(gate)
        rules = []
        try:
            refusal = await gate.judge_head(raw_call("GET", b"/b"))
            rules.append(refusal.rule if refusal else "passes")
            assert not source.is_changed()
            if change is not None and place.file is not None:
                place.file.write_text(change)
                assert source.is_changed()
                renewed = await source.renew()
                assert renewed is not None
                gate = renewed
                refusal = await gate.judge_head(raw_call("GET", b"/b"))
                rules.append(refusal.rule if refusal else "passes")
        finally:
            await source.stop()
        return rules

    return asyncio.run(run())


def test_the_file_and_the_description_are_judged_by(place: Place) -> None:
    assert _rule(place) == ["route.undescribed"]


def test_a_change_of_the_file_counts(place: Place) -> None:
    assert _rule(place, SETTINGS + 'mode = "watch"\n') == ["route.undescribed", "passes"]


def test_the_command_line_wins(place: Place) -> None:
    assert _rule(place, overrides=Overrides(mode=Mode.WATCH)) == ["passes"]


def test_new_settings_that_are_broken_are_refused(place: Place) -> None:
    with pytest.raises(ConfigError, match="cannot be used"):
        _rule(place, "[guard]\nmode = 'blok'\n")


def test_a_worker_that_starts_on_broken_settings_takes_the_last_good_ones(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _rule(place) == ["route.undescribed"]
    assert (place.data / last_good.SETTINGS).read_text() == SETTINGS
    assert place.file is not None
    place.file.write_text("[guard")
    assert _rule(place) == ["route.undescribed"]
    assert "The last good ones hold." in capsys.readouterr().err


def test_what_is_described_is_written_down_for_the_owners_inventory(place: Place) -> None:
    assert _rule(place) == ["route.undescribed"]
    for thread in threading.enumerate():
        if thread.name == "described":
            thread.join(30)
    known = read_described(place.data)
    assert known is not None
    assert [one.operation().key for one in known.operations] == ["GET /a"]


def test_without_good_settings_it_does_not_start(place: Place) -> None:
    assert place.file is not None
    place.file.write_text("[guard")
    with pytest.raises(ConfigError, match="cannot be used"):
        _rule(place)


def test_a_description_that_could_not_be_had_is_asked_for_again(tmp_path: Path) -> None:
    config = GuardConfig(upstream="http://127.0.0.1:1")

    async def run() -> None:
        source = ConfigSource(Place.of(None, config), Overrides(), config=config)
        source.settled(await source.start())
        try:
            assert not source.is_changed()
            source._description._asked_s -= 31
            assert source.is_changed()
            assert await source.renew() is None
            source._description._asked_s -= 31
            assert not source.is_changed()
        finally:
            await source.stop()

    with contextlib.chdir(tmp_path):
        asyncio.run(run())


def test_a_worker_that_starts_on_a_broken_description_takes_the_last_good_one(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _rule(place) == ["route.undescribed"]
    (place.base / "openapi.json").write_text('{"openapi": "3')
    assert _rule(place) == ["route.undescribed"]
    assert "The last good one holds." in capsys.readouterr().err


def test_a_description_that_was_never_good_stops_it(place: Place) -> None:
    (place.base / "openapi.json").write_text('{"openapi": "3')
    with pytest.raises(AdvisedError, match="no description of an API"):
        _rule(place)


def test_a_setting_that_holds_for_nothing_is_said(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert place.file is not None
    place.file.write_text(SETTINGS + '[guard.permit]\nprivate = ["GET /aa"]\n')
    _rule(place)
    assert 'Did you mean \\"GET /a\\"?' in capsys.readouterr().err
