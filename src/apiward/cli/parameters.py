"""What people type for one option, read strictly: accounts, headers, lists of checks, days."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import click

from apiward.config.account_ways import header_of
from apiward.config.errors import ConfigError, nearest
from apiward.config.scanning import account_of, place_of
from apiward.core.account import Account

HIDDEN: Final = "…"
"""Stands where a secret stood, in commands to copy."""
_SECRET: Final = frozenset(
    "password header cookie query client-secret refresh-token token-command totp-secret sign-command".split()
)
_KEYS: Final = (
    "name", "username", "password", "password-env", "header", "header-env", "cookie", "query", "role", "standing",
    "token-command", "token-url", "client-id", "client-secret", "client-secret-env", "refresh-token",
    "refresh-token-env", "scope", "tenant", "totp-secret", "totp-secret-env",
    "openid-url", "sign-command", "certificate", "certificate-key",
)  # fmt: skip
# A comma ends a value only where a known key follows, so that passwords may hold commas.
_BETWEEN: Final = re.compile(rf",\s*(?=(?:{'|'.join(_KEYS)})=)")


@dataclass(frozen=True, slots=True)
class TypedAccount:
    """An account with how it may be `shown`: as it was typed, but for its secrets."""

    account: Account
    shown: str


class _Account(click.ParamType[TypedAccount]):
    """`name=anna,username=anna@example.com,password-env=PASSWORD`."""

    name = "key=value,…"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> TypedAccount:
        """Return the account. Messages never repeat what was typed: it holds a password."""
        if isinstance(value, TypedAccount):
            return value
        try:
            return typed_account(str(value), os.environ)
        except ConfigError as error:
            self.fail(str(error), param, ctx)


class _Header(click.ParamType[tuple[str, str]]):
    """`Name: value`."""

    name = "'Name: value'"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Return name and value."""
        if HIDDEN in str(value):
            self.fail(f"Write the value of the header where {HIDDEN} stands.", param, ctx)
        try:
            return header_of(str(value))
        except ValueError:
            # What was typed may be a token: it is not shown.
            self.fail("A header is written as 'Name: value', in plain ASCII.", param, ctx)


class _Place(click.ParamType[str]):
    """`192.168.1.5:8600`."""

    name = "HOST:PORT"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the place as it was typed."""
        try:
            place_of(str(value))
        except ValueError:
            self.fail(f"{str(value)[:60]!a} is no place to listen at; write it as 192.168.1.5:8600.", param, ctx)
        return str(value)


class _Day(click.ParamType[date]):
    """`2027-01-31`."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{str(value)[:20]!a} is no day; write it as 2027-01-31.", param, ctx)


def typed_account(text: str, env: Mapping[str, str]) -> TypedAccount:
    """Return the account that `text` says; raises ConfigError, which never shows a secret."""
    fields = _fields(text)
    if any(HIDDEN in value for value in fields.values()):
        raise ConfigError(f"Write the secret where {HIDDEN} stands.", "apiward keeps no passwords and no tokens.")
    account = account_of({key.replace("-", "_"): value for key, value in fields.items()}, env)
    return TypedAccount(account, ",".join(f"{key}={_shown(key, value)}" for key, value in fields.items()))


def _fields(text: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for part in _BETWEEN.split(text):
        key, equals, value = part.partition("=")
        key = key.strip()
        if not equals:
            raise ConfigError("An account is written as key=value,key=value.", f"Keys are {', '.join(_KEYS)}.")
        if key not in _KEYS:
            raise ConfigError(f"{key[:40]!a} is no key of an account.", nearest(key, _KEYS))
        fields[key] = value
    return fields


def _shown(key: str, value: str) -> str:
    if key not in _SECRET:
        return value
    name, colon, _ = value.partition(":")
    return f"{name}: {HIDDEN}" if key == "header" and colon else HIDDEN


ACCOUNT: Final = _Account()
HEADER: Final = _Header()
DAY: Final = _Day()
PLACE: Final = _Place()
