from pathlib import Path

import pytest

from apiward.config.errors import ConfigError
from apiward.config.watching import CallerKind, WatchConfig, load_watch, parse_watch

GOOD = """
[watch]
keep_events = false
[watch.seeing]
own_addresses = ["192.0.2.0/24"]
[[watch.sources]]
file = "/var/log/nginx/access.log"
format = "combined"
kind = "key"
time_zone = "Europe/Berlin"
[[watch.sources]]
journal = "caddy.service"
[watch.sources.mapping]
client = "remote.ip"
"""


def test_logs_and_how_they_are_understood() -> None:
    config, problems = parse_watch(GOOD)
    assert problems == ()
    assert [source.file for source in config.sources] == ["/var/log/nginx/access.log", ""]
    assert config.sources[0].kind is CallerKind.KEY
    assert dict(config.sources[1].mapping) == {"client": "remote.ip"}
    assert not config.keep_events
    assert config.seeing.own_addresses == ("192.0.2.0/24",)
    assert parse_watch("") == (WatchConfig(), ())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x", "It is no TOML"),
        ("x = " + "[" * 5_000, "nested too deeply"),
        ("watch = 1", "watch: must be a table."),
        ("[[watch.sources]]", "watch.sources[1].file: a log needs file or journal."),
        ("[[watch.sources]]\nfile = 'a'\njournal = 'b'", "not both"),
        ("[[watch.sources]]\nfile = 'a'\ntime_zone = 'Mars'", '"Mars" is no zone'),
        ("[[watch.sources]]\nfile = 'a'\nkind = 'usr'", 'Did you mean "user"?'),
    ],
)
def test_what_is_wrong_is_said(text: str, problem: str) -> None:
    config, problems = parse_watch(text)
    assert config == WatchConfig()
    assert problem in problems[0]


def test_a_file_that_cannot_be_used(tmp_path: Path) -> None:
    path = tmp_path / "apiward.toml"
    with pytest.raises(ConfigError, match="cannot be read"):
        load_watch(path)
    path.write_text(GOOD)
    assert len(load_watch(path).sources) == 2
    path.write_text("watch = 1")
    with pytest.raises(ConfigError, match="must be a table"):
        load_watch(path)
    path.write_bytes(b"#" * 1_048_577)
    with pytest.raises(ConfigError, match="larger than 1 MB"):
        load_watch(path)
