from pathlib import Path

from tests.web.made import shop


def test_settings_are_read_again_where_a_file_has_changed(tmp_path: Path) -> None:
    with shop(tmp_path) as one:
        assert one.source.settings().guard.mode == "enforce"
        tmp_path.joinpath("apiward.toml").write_text('[guard]\nmode = "watch"\n')
        first = one.source.settings()
        assert first.guard.mode == "watch"
        assert one.source.settings() is first
        tmp_path.joinpath("apiward.rules.toml").write_text('[autopilot]\nstate = "on"\n')
        assert one.source.settings().guard.autopilot.enabled


def test_broken_rules_are_a_problem_that_is_told_also_without_a_settings_file(tmp_path: Path) -> None:
    with shop(tmp_path) as one:
        tmp_path.joinpath("apiward.rules.toml").write_text("[autopilot\n")
        assert "apiward.rules.toml" in one.source.settings().problem
        tmp_path.joinpath("apiward.toml").write_text('[guard]\nmode = "watch"\n')
        assert "apiward.rules.toml" in one.source.settings().problem
