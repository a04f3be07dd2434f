from pathlib import Path

from apiward.app.page.settings_shown import HIDDEN, settings_shown
from tests.web.made import shop


def test_each_setting_has_its_value_its_default_and_its_effect(tmp_path: Path) -> None:
    tmp_path.joinpath("apiward.toml").write_text(
        '[guard]\nmode = "watch"\nupstream = "http://localhost:8000"\n[guard.autopilot]\nenabled = true\n'
        '[guard.record]\nevents_days = 9\n[[watch.sources]]\nfile = "/var/log/a"\n'
        '[[notify.channels]]\nname = "me"\nkind = "mail"\nserver = "mail.example:587"\nto = ["a@b.example"]\n'
        'sender = "c@b.example"\n[notify]\nlink = "https://apiward.example/?key=1"\n'
    )
    with shop(tmp_path) as one:
        found = settings_shown(one.source)
        groups = {group.name: {line.name: line for line in group.lines} for group in found.groups}
        mode = groups["guard"]["mode"]
        assert (mode.value, mode.default, mode.is_changed) == ("watch", "enforce", True)
        assert "enforce" in mode.effect
        assert groups["guard.record"]["events_days"].value == "9"
        assert groups["watch"]["sources"].value == "1 table"
        assert groups["notify"]["link"].value == "https://apiward.example/"
        assert not groups["guard"]["workers"].is_changed
        assert (found.is_autopilot_on, found.mode) == (True, "watch")
        assert [(line.name, line.since) for line in found.channels] == [("me", "medium")]
        changed = {group.name: group.changed for group in found.groups}
        assert changed["guard.record"] == 1
        tmp_path.joinpath("apiward.toml").write_text('[guard.events]\ndatabase = "postgresql://u:p@h/d"\n')
        database = next(group for group in settings_shown(one.source).groups if group.name == "guard.events").lines[0]
        assert (database.name, database.value) == ("database", HIDDEN)
        tmp_path.joinpath("apiward.toml").write_text("[guard]\nmod = 1\n")
        broken = settings_shown(one.source)
        assert "mod" in broken.problem
        assert sum(group.changed for group in broken.groups) == 0
        tmp_path.joinpath("apiward.toml").unlink()
        assert settings_shown(one.source).problem == ""
