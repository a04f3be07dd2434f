from pathlib import Path

import pytest

from apiward.app.page.source import list_of, table_of
from tests.prove.sample import TARGET, report
from tests.web.made import Scans, shop


def test_settings_are_read_again_where_a_file_has_changed(tmp_path: Path) -> None:
    with shop(tmp_path) as one:
        assert one.source.settings().guard.mode == "enforce"
        tmp_path.joinpath("apiward.toml").write_text('[guard]\nmode = "watch"\n')
        first = one.source.settings()
        assert first.guard.mode == "watch"
        assert one.source.settings() is first
        tmp_path.joinpath("apiward.rules.toml").write_text('[autopilot]\nstate = "on"\n')
        assert one.source.settings().guard.autopilot.enabled


def test_a_scan_of_another_api_is_not_taken_for_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with shop(tmp_path) as one:
        one.scan(report())
        assert one.source.last_scan() is not None
        monkeypatch.setattr(Scans, "last_of", lambda *_: None)
        tmp_path.joinpath("apiward.toml").write_text('[guard]\nupstream = "http://127.0.0.1:9"\n')
        assert one.source.last_scan() is None
        tmp_path.joinpath("apiward.toml").write_text(f'[scan]\nurl = "{TARGET}/"\n')
        assert one.source.last_scan() is not None


def test_what_is_no_table_or_list_is_empty() -> None:
    assert (table_of([], "a"), table_of({"a": 1}, "a"), list_of({"a": {}}, "a")) == ({}, {}, [])
    assert table_of({"a": {"b": 1}}, "a") == {"b": 1}
