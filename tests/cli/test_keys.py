import json
from pathlib import Path

import pytest

from apiward.access.keys.form import has_right_checksum
from apiward.access.keys.values import LastUse
from apiward.app.guarding.keys import key_file
from apiward.cli.exits import ExitCode
from tests.cli.conftest import Run

TOML = """
[guard]
data = "kept"
[guard.authenticate]
key_prefix = "shop"
[[guard.permit.roles]]
name = "partner"
"""


def entries(run: Run, *more: str) -> list[dict[str, object]]:
    document = json.loads(run("keys", "list", "--format", "json", *more).stdout)
    assert document["schema"] == "apiward.keys/1"
    found: list[dict[str, object]] = document["keys"]
    return found


def test_a_new_key_is_all_that_goes_to_stdout(run: Run) -> None:
    result = run("keys", "new", "partner shop", "--scope", "GET /orders/**", "--network", "192.0.2.0/24")
    assert result.exit_code == ExitCode.HOLDS
    key = result.stdout.removesuffix("\n")
    assert has_right_checksum(key.encode())
    assert key not in result.stderr
    assert "shown this once" in result.stderr
    assert "It may reach GET /orders/**." in result.stderr
    assert "It is good from 192.0.2.0/24 only." in result.stderr
    kept = entries(run)[0]
    assert (kept["id"], kept["name"], kept["state"]) == (key.split("_")[2], "partner shop", "live")
    assert (kept["scopes"], kept["networks"]) == (["GET /orders/**"], ["192.0.2.0/24"])
    assert key not in Path(".apiward/keys.json").read_text()


def test_the_settings_say_where_and_how(run: Run) -> None:
    Path("apiward.toml").write_text(TOML)
    result = run("keys", "new", "x", "--env", "test", "--role", "partnr", "--days", "0")
    assert result.stdout.startswith("shop_test_")
    assert "No setting speaks of the role 'partnr'. Did you mean \"partner\"?" in result.stderr
    assert "It never ends." in result.stderr
    assert Path("kept/keys.json").exists()
    Path("apiward.toml").rename("other.toml")
    assert entries(run) == []
    assert len(entries(run, "--config", "other.toml")) == len(entries(run, "--data", "kept")) == 1


def test_a_role_that_is_known_needs_no_hint(run: Run) -> None:
    Path("apiward.toml").write_text(TOML)
    assert "No setting" not in run("keys", "new", "x", "--role", "partner").stderr


def test_list(run: Run) -> None:
    result = run("keys", "list")
    assert (result.stdout, result.exit_code) == ("", ExitCode.HOLDS)
    assert "holds no keys" in result.stderr
    id_ = run("keys", "new", "a\u202eb", "--role", "z").stdout
    assert id_ == "", "such a name is refused"
    id_ = run("keys", "new", "shop", "--role", "z", "--role", "a").stdout.split("_")[2]
    key_file(Path(".apiward")).record_uses({id_: LastUse(1_800_000_000.0, "192.0.2.1", "GET /a", is_old_secret=True)})
    head, row = run("keys", "list").stdout.splitlines()
    assert head.split() == ["id", "name", "roles", "scopes", "expires", "last", "used", "state"]
    assert row.split()[:5] == [id_, "shop", "a,", "z", "all"]
    assert row.endswith("2027-01-15 08:00 UTC from 192.0.2.1 (old secret)  live")


def test_rotate_and_revoke(run: Run) -> None:
    old = run("keys", "new", "shop").stdout.strip()
    id_ = old.split("_")[2]
    result = run("keys", "rotate", id_)
    new = result.stdout.strip()
    assert has_right_checksum(new.encode())
    assert new != old
    assert "The old one is good until " in result.stderr
    assert entries(run)[0]["state"] == "rotating"
    assert "The old one is not good any more." in run("keys", "rotate", id_, "--overlap-days", "0").stderr
    assert entries(run)[0]["state"] == "live"
    result = run("keys", "revoke", id_)
    assert (result.stdout, result.exit_code) == ("", ExitCode.HOLDS)
    assert entries(run)[0]["state"] == "revoked"
    result = run("keys", "rotate", id_)
    assert result.exit_code == ExitCode.USAGE
    assert "was revoked" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--scope", "GTE /orders"], 'Did you mean "GET"?'),
        (["--scope", "/orders"], "write METHOD /path"),
        (["--network", "192.0.2"], "A network is written as"),
        (["--env", "Live!"], "2 to 12 small letters"),
        (["--scope", "GET /a"] * 101, "at most 100 scopes"),
        (["--days", "x"], "--days"),
    ],
)
def test_a_key_that_cannot_be_made(run: Run, arguments: list[str], said: str) -> None:
    result = run("keys", "new", "shop", *arguments)
    assert (result.exit_code, result.stdout) == (ExitCode.USAGE, "")
    assert said in result.stderr
    assert not Path(".apiward").exists()


def test_an_unknown_id(run: Run) -> None:
    id_ = run("keys", "new", "shop").stdout.split("_")[2]
    result = run("keys", "revoke", id_[1:])
    assert result.exit_code == ExitCode.USAGE
    assert f'Did you mean "{id_}"?' in result.stderr
