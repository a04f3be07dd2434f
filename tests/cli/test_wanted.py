from pathlib import Path

from apiward.app.guarding.place import Place
from apiward.app.standing.accepting import accepted_file
from apiward.cli.wanted import wanted
from apiward.config.guarding import GuardConfig

URL = "http://localhost:1"


def test_the_accepted_findings_stand_beside_the_settings_that_name_them(tmp_path: Path) -> None:
    settings = tmp_path / "shop" / "apiward.toml"
    settings.parent.mkdir()
    settings.write_text('[scan]\nbaseline = "known.json"')
    given = {"config": str(settings)}
    assert wanted(given, URL, env={}).baseline == str(accepted_file(Place.of(settings, GuardConfig())))
    assert wanted({**given, "baseline": "typed.json"}, URL, env={}).baseline == "typed.json"
    settings.write_text("[scan]\nlevel = 'read'")
    assert wanted(given, URL, env={}).baseline == ""


def test_a_role_is_used_only_where_this_command_says_so(tmp_path: Path) -> None:
    assert wanted({"use_roles": True}, URL, env={}).uses_roles
    assert not wanted({"use_roles": False}, URL, env={}).uses_roles
    settings = tmp_path / "apiward.toml"
    settings.write_text("[scan]\nallow = true")
    assert not wanted({"config": str(settings)}, URL, env={}).uses_roles
