from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.config.errors import ConfigError, nearest
from apiward.config.scanning import ScanConfig, account_of, load_config, parse_config
from apiward.core.account import Standing
from apiward.core.api import Place
from apiward.scan.level import Level

GOOD = """
[scan]
url = "http://localhost:8000"
spec = "openapi.yaml"
level = "write"
rate = 20
connections = 4
budget = 5000
only = ["objects"]
skip = ["OBJ04"]
operations = ["GET /x"]
allow = true
insecure = false
fail_on = "medium"
headers = { "X-Tenant" = "shop" }
baseline = "known.json"

[[scan.accounts]]
name = "anna"
username = "anna@example.com"
password_env = "ANNA"

[[scan.accounts]]
header = "Authorization: Bearer abc.def.ghi"
role = "admin"
"""


def test_everything_that_can_be_said() -> None:
    config, problems = parse_config(GOOD, {"ANNA": "s3cret"})
    assert problems == ()
    assert (config.url, config.level, config.rate, config.budget) == ("http://localhost:8000", Level.WRITE, 20.0, 5000)
    assert (config.only, config.skip, config.allow, config.fail_on) == (("objects",), ("OBJ04",), True, "medium")
    assert config.headers == (("X-Tenant", "shop"),)
    anna, admin = config.accounts
    assert (anna.name, anna.password, anna.standing) == ("anna", "s3cret", Standing.NORMAL)
    assert (admin.name, admin.standing) == ("given account 2", Standing.PRIVILEGED)
    assert admin.credential is not None
    assert (admin.credential.prefix, admin.credential.value) == ("Bearer ", "abc.def.ghi")


@pytest.mark.parametrize("place", ["192.168.1.5:8600", "scan.example:80", "[fd00::1]:8600"])
def test_a_place_to_listen_at(place: str) -> None:
    assert parse_config(f'[scan]\nlisten = "{place}"', {}) == (ScanConfig(listen=place), ())


@pytest.mark.parametrize("place", ["", "8600", "host", "host:0", "host:70000", "http://host:1", "a b:1"])
def test_what_is_no_place_to_listen_at(place: str) -> None:
    assert parse_config(f'[scan]\nlisten = "{place}"', {})[1]


def test_no_patience_at_all_can_be_said() -> None:
    assert parse_config("[scan]\npatience = 0", {}) == (ScanConfig(patience=0.0), ())
    for text in ("-1", "true", '"0"', "nan"):
        assert parse_config(f"[scan]\npatience = {text}", {})[1]


def test_an_empty_file_says_nothing() -> None:
    assert parse_config("", {}) == (ScanConfig(), ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[scna]", 'scna: unknown key. Did you mean "scan"?'),
        ("[scan]\nlevle = 1", 'scan.levle: unknown key. Did you mean "level"?'),
        ("[scan]\nqqq = 1", "scan.qqq: unknown key. Allowed are url, spec"),
        ('[scan]\nlevel = "red"', 'scan.level: must be one of read, write, full, not "red". Did you mean "read"?'),
        ('[scan]\nlevel = "x"', 'scan.level: must be one of read, write, full, not "x".'),
        ("[scan]\nlevel = 3", "scan.level: must be one of read, write, full, not 3."),
        ("[scan]\nrate = 0", "scan.rate: must be a number above 0 (requests per second), not 0."),
        ("[scan]\nbudget = true", "scan.budget: must be a whole number above 0 (requests in all), not True."),
        ("[scan]\nconnections = 1000", "scan.connections: must be a whole number from 1 to 100, not 1000."),
        ('[scan]\nonly = "OBJ01"', 'scan.only: must be a list of texts, not "OBJ01".'),
        ('[scan]\nallow = "yes"', 'scan.allow: must be true or false, not "yes".'),
        ("scan = 1", "scan: must be a table, not 1."),
        ("[scan]\naccounts = 1", "scan.accounts: must be tables"),
        ('[[scan.accounts]]\nname = "a"', "scan.accounts[1]: An account needs a way to log in."),
        ('[[scan.accounts]]\nusername = "a"\npassword_env = "NONE"', 'variable "NONE" is not set'),
        ("[scan", "It is no TOML"),
        ("a = " + "[" * 5000, "nested too deeply"),
    ],
)
def test_each_slip_is_told_with_its_place(text: str, said: str) -> None:
    _, problems = parse_config(text, {})
    assert len(problems) == 1
    assert said in problems[0]


def test_all_slips_are_told_at_once() -> None:
    _, problems = parse_config('[scan]\na1 = 1\nrate = "x"\n[[scan.accounts]]\n', {})
    assert len(problems) == 3


def test_secrets_are_not_repeated() -> None:
    rows = ("password = 12345678", 'header = "hunter2"', 'cookie = "hunter2"', "header = 12345678")
    for row in rows:
        _, problems = parse_config(f'[[scan.accounts]]\nusername = "a"\n{row}\n', {})
        assert problems
        assert not any("hunter2" in problem or "12345678" in problem for problem in problems)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_KEYS = st.sampled_from([*ScanConfig.__dataclass_fields__, "password", "header", "name", "username", "odd"])


@given(st.text())
def test_arbitrary_text_is_never_a_traceback(text: str) -> None:
    parse_config(text, {})
    parse_config("[scan]\n" + text, {})


@given(_KEYS, st.sampled_from(["", "[scan]\n", "[[scan.accounts]]\n"]), st.text())
def test_arbitrary_values_are_never_a_traceback(key: str, table: str, value: str) -> None:
    parse_config(f"{table}{key} = {value}\n", {})
    quoted = value.encode("unicode_escape").decode().replace('"', "").replace("\\", "\\\\")
    parse_config(f'{table}{key} = "{quoted}"\n', {})


@given(st.dictionaries(_KEYS, _VALUES))
def test_an_account_is_made_or_refused(fields: dict[str, object]) -> None:
    try:
        account = account_of(fields, {})
    except ConfigError:
        return
    assert account.credential is not None or account.password


def test_credentials_in_each_place() -> None:
    cookie = account_of({"cookie": "sid=abc"}, {}).credential
    query = account_of({"query": "api_key=abc"}, {}).credential
    token = account_of({"header_env": "TOKEN"}, {"TOKEN": "X-Key: abc"}).credential
    assert cookie is not None
    assert query is not None
    assert token is not None
    assert [c.place for c in (cookie, query, token)] == [Place.COOKIE, Place.QUERY, Place.HEADER]
    assert {c.value for c in (cookie, query, token)} == {"abc"}


def test_standing_can_be_said_outright() -> None:
    fields = {"cookie": "a=b", "role": "admin", "standing": "normal"}
    assert account_of(fields, {}).standing is Standing.NORMAL
    assert account_of({"cookie": "a=b", "role": "customer"}, {}).standing is Standing.NORMAL


def test_nearest_falls_back_to_what_is_allowed() -> None:
    assert nearest("zzz", ("one", "two")) == "Allowed are one, two."


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    folder = tmp_path
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(folder / "none.toml")
    (folder / "odd.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="is no text"):
        load_config(folder / "odd.toml")
    (folder / "bad.toml").write_text("[scan]\nx = 1\n")
    with pytest.raises(ConfigError, match="apiward config check"):
        load_config(folder / "bad.toml")
