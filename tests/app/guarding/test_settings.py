import os
from pathlib import Path

import pytest

from apiward.app.guarding import last_good
from apiward.app.guarding.place import Overrides, Place
from apiward.app.guarding.settings import SettingsReader
from apiward.config.errors import ConfigError
from apiward.config.guarding import GuardConfig
from apiward.core.decision import Mode

SETTINGS = '[guard]\nupstream = "http://127.0.0.1:1"\ndescription = "openapi.json"\n'


@pytest.fixture
def place(tmp_path: Path) -> Place:
    file = tmp_path / "apiward.toml"
    file.write_text(SETTINGS)
    (tmp_path / ".apiward").mkdir()
    return Place.of(file, GuardConfig())


def _reader(place: Place, overrides: Overrides = Overrides()) -> SettingsReader:  # noqa: B008 - frozen
    made = SettingsReader(place, overrides, GuardConfig())
    made.read(is_first=True)
    made.note()
    return made


def _touch(file: Path, text: str) -> None:
    file.write_text(text)
    stamp = file.stat().st_mtime_ns + 1_000_000  # two writes may come within one tick of the clock
    os.utime(file, ns=(stamp, stamp))


@pytest.mark.parametrize("name", ["apiward.toml", "openapi.json"])
def test_a_change_is_seen_until_it_is_noted(place: Place, name: str) -> None:
    reader = _reader(place)
    assert not reader.is_changed()
    _touch(place.base / name, SETTINGS)
    assert reader.is_changed()
    reader.note()
    assert not reader.is_changed()


def test_what_is_no_part_of_the_settings_is_no_change(place: Place) -> None:
    reader = _reader(place)
    _touch(place.base / "other.json", "{}")
    assert not reader.is_changed()


def test_a_change_of_the_keys_of_an_issuer_is_seen(place: Place) -> None:
    issuer = '[[guard.issuers]]\nissuer = "https://a.example"\naudience = ["shop"]\njwks_file = "keys.json"\n'
    _touch(place.base / "apiward.toml", SETTINGS + issuer)
    reader = _reader(place)
    _touch(place.base / "keys.json", "{}")
    assert reader.is_changed()
    assert str(place.base / "keys.json") in dict(reader.stamps())


def test_broken_settings_are_refused_by_one_that_runs(place: Place) -> None:
    reader = _reader(place)
    last_good.keep(place.data, last_good.SETTINGS, SETTINGS.encode())
    _touch(place.base / "apiward.toml", "[guard")
    with pytest.raises(ConfigError, match="cannot be used"):
        reader.read(is_first=False)
    assert reader.config.upstream == "http://127.0.0.1:1"


def test_one_that_begins_takes_the_last_good_ones(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    last_good.keep(place.data, last_good.SETTINGS, SETTINGS.encode())
    _touch(place.base / "apiward.toml", "[guard")
    assert _reader(place).config.upstream == "http://127.0.0.1:1"
    assert "The last good ones hold." in capsys.readouterr().err


def test_a_file_that_is_no_text_is_said(place: Place) -> None:
    (place.base / "apiward.toml").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="cannot be read"):
        _reader(place)


def test_where_the_command_line_names_a_mode_nothing_that_was_switched_counts(place: Place) -> None:
    switched = '[[guard.switched]]\noperation = "GET /a"\nstage = "shape"\nmode = "enforce"\nsince = "2026-11-01"\n'
    _touch(place.base / "apiward.toml", SETTINGS + switched)
    assert len(_reader(place).config.switched) == 1
    assert _reader(place, Overrides(mode=Mode.WATCH)).config.switched == ()
