"""What scans know reaches the guard of the same API, at its start or while it runs; and no other guard."""

from pathlib import Path

import pytest

from apiward.app.guarding.place import Place
from apiward.cli.handing import tell_guard, tell_running_guard
from apiward.cli.state import OBJECTS_S, State
from apiward.config.guarding import GuardConfig, UpstreamConfig
from apiward.core.objects import KnownObject

NOW_S = 1_800_000_000.0
NOTE = KnownObject("/notes", "5", ("anna",))
SHOP = GuardConfig(upstream="http://localhost:8000/api")


@pytest.fixture
def state(tmp_path: Path) -> State:
    state = State(tmp_path / "state")
    state.keep_objects("http://127.0.0.1:8000", NOW_S - 60, [NOTE])
    return state


def _told(state: State, config: GuardConfig, capsys: pytest.CaptureFixture[str], now_s: float = NOW_S) -> bool:
    tell_guard(Place.of(state.folder / "apiward.toml", config), config, state, now_s)
    return '"objects": 1' in capsys.readouterr().err


def test_a_guard_that_starts_is_told_once(state: State, capsys: pytest.CaptureFixture[str]) -> None:
    assert _told(state, SHOP, capsys)
    assert not _told(state, SHOP, capsys)


def test_a_guard_of_several_apis_is_told_of_each(state: State, capsys: pytest.CaptureFixture[str]) -> None:
    assert _told(state, GuardConfig(upstreams=(UpstreamConfig(("http://localhost:8000",)),)), capsys)


@pytest.mark.parametrize("upstream", ["", "http://localhost:8001", "https://localhost:8000", "http://shop.test:8000"])
def test_a_guard_of_another_api_is_told_nothing(
    state: State, capsys: pytest.CaptureFixture[str], upstream: str
) -> None:
    assert not _told(state, GuardConfig(upstream=upstream), capsys)


def test_what_is_a_month_old_is_not_told(state: State, capsys: pytest.CaptureFixture[str]) -> None:
    assert not _told(state, SHOP, capsys, NOW_S + OBJECTS_S)


def test_a_guard_without_a_folder_starts_all_the_same(state: State, capsys: pytest.CaptureFixture[str]) -> None:
    (state.folder / ".apiward").write_text("a file, no folder")
    tell_guard(Place.of(state.folder / "apiward.toml", SHOP), SHOP, state, NOW_S)
    assert "cannot be handed over" in capsys.readouterr().err


def test_a_guard_that_has_run_is_told_after_a_scan(state: State, capsys: pytest.CaptureFixture[str]) -> None:
    settings = state.folder / "apiward.toml"
    settings.write_text('[guard]\nupstream = "http://localhost:8000"\n')
    tell_running_guard(str(settings), state, NOW_S)
    assert capsys.readouterr().err == "", "no guard has run here"
    tell_guard(Place.of(settings, SHOP), SHOP, state, NOW_S)
    capsys.readouterr()
    state.keep_objects("http://127.0.0.1:8000", NOW_S, [KnownObject("/notes", "6", ("ben",))])
    tell_running_guard(str(settings), state, NOW_S + 1)
    assert "The guard knows now whose the 1 object" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["[guard]\nupstream = 5\n", "[guard"])
def test_settings_that_cannot_be_read_do_not_end_a_scan(
    state: State, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (state.folder / "apiward.toml").write_text(text)
    tell_running_guard(str(state.folder / "apiward.toml"), state, NOW_S)
    assert capsys.readouterr().err == ""
