"""The table [scan] of apiward.toml, read strictly: every slip is told with its key, what was found, what is allowed."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from apiward.config.account_ways import (
    credential_of,
    from_env,
    header_of,
    means_of,
    one_time_secret_of,
    standing_of,
)
from apiward.config.errors import ConfigError, meant, nearest, shown
from apiward.config.tables import read_file
from apiward.core.account import Account, Standing
from apiward.core.finding import Severity
from apiward.scan.level import Level

TABLES: Final = ("scan", "guard", "watch", "notify", "business", "page")
LEVELS: Final[Mapping[str, Level]] = {level.word: level for level in Level}
FAIL_ON: Final = (*(severity.word for severity in sorted(Severity, reverse=True)), "never")
MAX_CONNECTIONS: Final = 100
_PLACE: Final = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253}):(?P<port>[0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class ScanConfig:
    """The table `[scan]`. Empty texts, empty tuples and None mean: not said."""

    url: str = ""
    spec: str = ""
    also: tuple[str, ...] = ()
    app: str = ""
    level: Level | None = None
    rate: float | None = None
    connections: int | None = None
    budget: int | None = None
    patience: float | None = None
    listen: str = ""
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    leave_alone: tuple[str, ...] = ()
    allow: bool = False
    try_defaults: bool = False
    insecure: bool = False
    fail_on: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    baseline: str = ""
    certificate: str = ""
    certificate_key: str = ""
    accounts: tuple[Account, ...] = ()


@dataclass(frozen=True, slots=True)
class _Form:
    """What a value must be, as people say it, and how it is read (ValueError or TypeError where it is not)."""

    says: str
    read: Callable[[object], object]
    words: tuple[str, ...] = ()


def load_config(path: Path, env: Mapping[str, str] | None = None) -> ScanConfig:
    """Return the settings in the file at `path`; raises ConfigError with all that is wrong with it."""
    config, problems = parse_config(read_text(path), os.environ if env is None else env)
    if problems:
        why = "\n".join(f"- {problem}" for problem in problems)
        raise ConfigError(f"{path} cannot be used.", why, f"Put it right, then try: apiward config check {path}")
    return config


def read_text(path: Path) -> str:
    """Return what stands in a file of settings; raises ConfigError where it cannot be read, or is no text."""
    try:
        return read_file(path).decode("utf-8")
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is no text.", "Some bytes are no UTF-8.", "Save it as UTF-8.") from None


def parse_config(text: str, env: Mapping[str, str]) -> tuple[ScanConfig, tuple[str, ...]]:
    """Return the settings in `text`, and what is wrong with it, a sentence each. Never raises."""
    try:
        document = tomllib.loads(text)
    except RecursionError:
        return ScanConfig(), ("It is nested too deeply.",)
    except ValueError as error:
        return ScanConfig(), (f"It is no TOML: {error}.",)
    problems = [_stranger(key, TABLES, "") for key in document if key not in TABLES]
    table = document.get("scan", {})
    if not isinstance(table, dict):
        return ScanConfig(), (*problems, f"scan: must be a table, not {shown(table)}.")
    values = _values(table, _SCAN, "scan.", problems)
    config = replace(ScanConfig(), **values)
    return replace(config, accounts=_accounts(table.get("accounts", []), env, problems)), tuple(problems)


def account_of(fields: Mapping[str, object], env: Mapping[str, str], *, number: int = 1) -> Account:
    """Return the account that `fields` describe; raises ConfigError, which never shows a secret."""
    problems: list[str] = []
    texts = {key: str(value) for key, value in _values(fields, _ACCOUNT, "", problems).items()}
    if problems:
        raise ConfigError(" ".join(problems))
    password = texts.get("password", "") or from_env(texts, "password_env", env)
    credential, means = credential_of(texts, env), means_of(texts, env)
    username = texts.get("username", "")
    if credential is None and means is None and not (username and password):
        raise ConfigError(
            "An account needs a way to log in.",
            advice="Give username with password (or password_env), one of header, cookie, query, token_command, "
            "token_url, openid_url, sign_command, or a certificate.",
        )
    return Account(
        name=texts.get("name") or username or f"given account {number}",
        username=username,
        password=password,
        standing=standing_of(texts),
        role=texts.get("role", ""),
        tenant=texts.get("tenant", ""),
        one_time_secret=one_time_secret_of(texts, env),
        credential=credential,
        means=means,
    )


def place_of(text: str) -> tuple[str, int]:
    """Return host and port of a place to listen at, written as `host:port`; raises ValueError."""
    found = _PLACE.fullmatch(text)
    if not found or not 0 < int(found["port"]) < 65_536:
        raise ValueError("no place")
    return found["host"].strip("[]"), int(found["port"])


def _values(table: Mapping[str, object], forms: Mapping[str, _Form], where: str, problems: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in table.items():
        form = forms.get(key)
        if form is None:
            problems.append(_stranger(key, tuple(forms), where))
            continue
        try:
            found[key] = form.read(value)
        except (ValueError, TypeError):
            said = "what stands there" if key in _SECRET_KEYS else shown(value)
            problems.append(f"{where}{key}: must be {form.says}, not {said}.{meant(value, form.words)}")
    return found


def _accounts(value: object, env: Mapping[str, str], problems: list[str]) -> tuple[Account, ...]:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        problems.append("scan.accounts: must be tables, each begun with [[scan.accounts]].")
        return ()
    found = []
    for number, row in enumerate(value, 1):
        try:
            found.append(account_of(row, env, number=number))
        except ConfigError as error:
            problems.append(f"scan.accounts[{number}]: {error}")
    return tuple(found)


def _stranger(key: str, known: tuple[str, ...], where: str) -> str:
    return f"{where}{ascii(key[:60])[1:-1]}: unknown key. {nearest(key, known)}"


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError
    return value.strip()


def _secret(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 10**9:
        raise TypeError
    return value


def _connections(value: object) -> int:
    if _count(value) > MAX_CONNECTIONS:
        raise ValueError
    return _count(value)


def _rate(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 10**6:
        raise TypeError
    return float(value)


def _patience(value: object) -> float:
    return 0.0 if value == 0 and not isinstance(value, bool) else _rate(value)


def _place(value: object) -> str:
    place_of(_text(value))
    return _text(value)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(_text(entry) for entry in value)


def _headers(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        raise TypeError
    return tuple(header_of(f"{name}: {_text(text)}") for name, text in value.items())


def _one_of(words: Mapping[str, object]) -> _Form:
    def read(value: object) -> object:
        if not isinstance(value, str) or value not in words:
            raise TypeError
        return words[value]

    return _Form(f"one of {', '.join(words)}", read, tuple(words))


_A_TEXT: Final = _Form("a text that is not empty", _text)
_A_SECRET: Final = _Form("a text that is not empty", _secret)
_TRUE_FALSE: Final = _Form("true or false", _flag)
_TEXTS: Final = _Form("a list of texts", _texts)
_STANDINGS: Final = {standing.value: standing.value for standing in Standing}
_SECRET_KEYS: Final = frozenset(
    {
        "password",
        "header",
        "cookie",
        "query",
        "headers",
        "token_command",
        "client_secret",
        "refresh_token",
        "totp_secret",
        "sign_command",
    }
)
_SCAN: Final[Mapping[str, _Form]] = {
    "url": _A_TEXT,
    "spec": _A_TEXT,
    "also": _TEXTS,
    "app": _A_TEXT,
    "level": _one_of(LEVELS),
    "rate": _Form("a number above 0 (requests per second)", _rate),
    "connections": _Form(f"a whole number from 1 to {MAX_CONNECTIONS}", _connections),
    "budget": _Form("a whole number above 0 (requests in all)", _count),
    "patience": _Form("a number, 0 or above (seconds)", _patience),
    "listen": _Form("an address with a port, such as 192.168.1.5:8600", _place),
    "only": _TEXTS,
    "skip": _TEXTS,
    "operations": _TEXTS,
    "leave_alone": _TEXTS,
    "allow": _TRUE_FALSE,
    "try_defaults": _TRUE_FALSE,
    "insecure": _TRUE_FALSE,
    "fail_on": _one_of({word: word for word in FAIL_ON}),
    "headers": _Form('a table such as { "X-Tenant" = "shop" }', _headers),
    "baseline": _A_TEXT,
    "certificate": _A_TEXT,
    "certificate_key": _A_TEXT,
    "accounts": _Form("tables", lambda _: ()),
}
_ACCOUNT: Final[Mapping[str, _Form]] = {
    "name": _A_TEXT,
    "username": _A_TEXT,
    "password": _A_SECRET,
    "password_env": _A_TEXT,
    "header": _A_SECRET,
    "header_env": _A_TEXT,
    "cookie": _A_SECRET,
    "query": _A_SECRET,
    "token_command": _A_SECRET,
    "token_url": _A_TEXT,
    "openid_url": _A_TEXT,
    "client_id": _A_TEXT,
    "client_secret": _A_SECRET,
    "client_secret_env": _A_TEXT,
    "refresh_token": _A_SECRET,
    "refresh_token_env": _A_TEXT,
    "scope": _A_TEXT,
    "sign_command": _A_SECRET,
    "certificate": _A_TEXT,
    "certificate_key": _A_TEXT,
    "role": _A_TEXT,
    "tenant": _A_TEXT,
    "totp_secret": _A_SECRET,
    "totp_secret_env": _A_TEXT,
    "standing": _one_of(_STANDINGS),
}
