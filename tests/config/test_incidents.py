from pathlib import Path

import pytest

from apiward.config.errors import ConfigError
from apiward.config.incidents import WatchingConfig, load_watching, parse_watching


def test_without_a_file_everything_is_as_usual() -> None:
    assert load_watching(None) == parse_watching("")[0] == WatchingConfig()


def test_both_tables_are_read(tmp_path: Path) -> None:
    file = tmp_path / "apiward.toml"
    file.write_text('[incidents]\nown = ["user:1"]\n[incidents.grouping]\nquiet_h = 2\n[notify]\ndigest = "08:00"\n')
    config = load_watching(file)
    assert config.incidents.own == ("user:1",)
    assert config.incidents.grouping.quiet_h == 2.0
    assert config.notify.digest == "08:00"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[incidents", "It is no TOML"),
        ("incidents = 1", "incidents: must be a table"),
        ("[incidents]\nowm = []", 'incidents.owm: unknown key. Did you mean "own"?'),
        ("[incidents.grouping]\nquiet_h = 0", "incidents.grouping.quiet_h: must be from 1 to 720"),
        ("[notify]\nquiet_hours = 'night'", "notify.quiet_hours: write them as"),
    ],
)
def test_slips_are_told_with_their_place(tmp_path: Path, text: str, words: str) -> None:
    config, problems = parse_watching(text)
    assert config == WatchingConfig()
    assert any(words in problem for problem in problems)
    file = tmp_path / "apiward.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match="cannot be used"):
        load_watching(file)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_watching(tmp_path / "none.toml")
