from pathlib import Path

import pytest

from apiward.config.errors import ConfigError
from apiward.config.guarding import GuardConfig, UpstreamConfig, address_of, load_guard, parse_guard
from apiward.core.decision import Mode
from apiward.guard.stage import StageName, Stance

FIVE_LINES = """
[guard]
upstream = "http://localhost:8000"
listen = "0.0.0.0:8443"
description = "openapi.json"
mode = "watch"
"""


def test_five_lines_are_enough() -> None:
    config, problems = parse_guard(FIVE_LINES)
    assert problems == ()
    assert (config.upstream, config.listen, config.mode) == ("http://localhost:8000", "0.0.0.0:8443", Mode.WATCH)
    assert parse_guard("") == (GuardConfig(), ())


def test_all_stages_can_be_set() -> None:
    text = """
[guard]
upstream = "http://localhost:8000"
[guard.modes]
inspect = "watch"
[guard.stances]
quota = "closed"
[[guard.exceptions]]
path = "/hooks/**"
modes = { shape = "off" }
reason = "The partner sends what it likes."
[[guard.upstreams]]
servers = ["http://localhost:9000", "http://localhost:9001"]
path = "/shop"
[guard.flood]
address_requests = 50
[[guard.issuers]]
issuer = "https://id.example"
audience = ["shop"]
jwks_url = "https://id.example/keys"
[[guard.quota.plans]]
name = "partners"
roles = ["partner"]
per_minute = 100
"""
    config, problems = parse_guard(text)
    assert problems == ()
    assert config.policy.modes == {StageName.INSPECT: Mode.WATCH}
    assert config.policy.stance(StageName.QUOTA) is Stance.CLOSED
    assert config.upstreams == (
        UpstreamConfig(servers=("http://localhost:9000", "http://localhost:9001"), path="/shop"),
    )
    assert (config.flood.address_requests, config.quota.plans[0].per_minute) == (50, 100)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('upsteam = "http://a"', 'guard.upsteam: unknown key. Did you mean "upstream"?'),
        ('upstream = "localhost:8000"', 'guard.upstream: "localhost:8000" is no address of a server'),
        ('upstream = "http://me:secret@host"', "guard.upstream:"),
        ('listen = "8080"', 'guard.listen: "8080" is no host with a port'),
        ('mode = "blok"', 'guard.mode: must be one of off, watch, enforce, not "blok".'),
        ("workers = 0", "guard.workers: must be from 1 to 64, not 0."),
        ('modes = { inspct = "off" }', 'guard.modes: "inspct" is no stage'),
        ('stances = { quota = "ajar" }', "guard.stances.quota: must be open or closed"),
        ("flood = { widow_s = 1 }", 'guard.flood.widow_s: unknown key. Did you mean "window_s"?'),
        ('tls = { certificate_file = "a.pem" }', "guard.tls.certificate_file: certificate_file and key_file belong"),
        ('tls = { least_version = "1.1" }', "guard.tls.least_version: must be 1.2 or 1.3"),
        ('exceptions = [{ path = "/a" }]', "guard.exceptions[1].mode: an exception needs a mode"),
    ],
)
def test_a_slip_is_told_and_nothing_of_the_file_is_used(line: str, told: str) -> None:
    config, problems = parse_guard(f"[guard]\n{line}\n")
    assert [problem.startswith(told) for problem in problems] == [True], problems
    assert config == GuardConfig()


def test_what_is_no_table_or_no_toml_is_told() -> None:
    assert parse_guard("guard = 3") == (GuardConfig(), ("guard: must be a table.",))
    assert parse_guard("[guard")[1][0].startswith("It is no TOML")


def test_a_file_is_read_or_refused_whole(tmp_path: Path) -> None:
    file = tmp_path / "apiward.toml"
    file.write_text(FIVE_LINES)
    assert load_guard(file).mode is Mode.WATCH
    file.write_text("[guard]\nmode = 3\nworkers = 'x'\n")
    with pytest.raises(ConfigError, match="cannot be used") as error:
        load_guard(file)
    assert error.value.why.count("\n") == 1
    with pytest.raises(ConfigError, match="cannot be read"):
        load_guard(tmp_path / "nothing.toml")
    file.write_bytes(b"#" * 1_048_577)
    with pytest.raises(ConfigError, match="cannot be used"):
        load_guard(file)


def test_addresses_to_listen_at() -> None:
    assert address_of("127.0.0.1:8080") == ("127.0.0.1", 8080)
    assert address_of("[::1]:443") == ("::1", 443)
    for wrong in ("localhost", ":80", "a:99999", "a:80/x"):
        with pytest.raises(ValueError, match="listen"):
            address_of(wrong)


@pytest.mark.parametrize(
    "to",
    [
        "syslog+tls://logs.example.com",
        "https://logs.example.com/x?y=1",
        "http://127.0.0.1:9/x",
        "http://collector:4318/x",
        "otlp+http://10.1.2.3:4318/v1/logs",
        "otlp+https://otel.example.com/v1/logs",
    ],
)
def test_records_go_over_tls_or_to_a_machine_near_by(to: str) -> None:
    config, problems = parse_guard(f'[[guard.forward]]\nto = "{to}"\nwhat = ["incidents"]')
    assert (problems, config.forward[0].to, config.forward[0].what) == ((), to, ("incidents",))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('to = ""', "is no address"),
        ('to = "ftp://a"', "is no address"),
        ('to = "https://:secret@a"', "is no address"),
        ('to = "syslog+tls://"', "is no address"),
        ('to = "https://a:0"', "is no address"),
        ('to = "https://a:b"', "is no address"),
        ('to = "https://me@a"', "is no address"),
        ('to = "http://logs.example.com/x"', "must be https"),
        ('to = "http://8.8.8.8/x"', "must be https"),
        ('to = "https://a/x"\nwhat = ["orders"]', "must name some of"),
        ('to = "https://a/x"\nwhat = []', "must name some of"),
        ('to = "https://a/x"\nform = "xml"', "ocsf"),
    ],
)
def test_a_receiver_that_cannot_be_used_is_told(lines: str, said: str) -> None:
    _, problems = parse_guard(f"[[guard.forward]]\n{lines}")
    assert said in " ".join(problems)


@pytest.mark.parametrize("name", ["http://logs.example.com/x", "ftp://a", "https://", "https://me@a/x"])
def test_checkpoints_are_posted_over_tls_alone(name: str) -> None:
    _, problems = parse_guard(f'[guard.record]\ncheckpoints = ["{name}"]')
    assert "is no https:// address" in " ".join(problems)
    assert parse_guard('[guard.record]\ncheckpoints = ["https://a.example/x", "far/one"]')[1] == ()
