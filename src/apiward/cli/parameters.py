"""What people type for one option, read strictly: accounts, headers, lists of checks, days."""

import os
import re
from datetime import date
from typing import Final

import click

from apiward.config import ConfigError, account_of, header_of, nearest
from apiward.core.account import Account

_KEYS: Final = (
    "name", "username", "password", "password-env", "header", "header-env", "cookie", "query", "role", "standing",
)  # fmt: skip
# A comma ends a value only where a known key follows, so that passwords may hold commas.
_BETWEEN: Final = re.compile(rf",\s*(?=(?:{'|'.join(_KEYS)})=)")


class _Account(click.ParamType[Account]):
    """`name=anna,username=anna@example.com,password-env=PASSWORD`."""

    name = "key=value,…"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Account:
        """Return the account. Messages never repeat what was typed: it holds a password."""
        if isinstance(value, Account):
            return value
        try:
            return account_of(self._fields(str(value)), os.environ)
        except ConfigError as error:
            self.fail(str(error), param, ctx)

    def _fields(self, text: str) -> dict[str, object]:
        fields: dict[str, object] = {}
        for part in _BETWEEN.split(text):
            key, equals, value = part.partition("=")
            key = key.strip()
            if not equals:
                raise ConfigError("An account is written as key=value,key=value.", f"Keys are {', '.join(_KEYS)}.")
            if key not in _KEYS:
                raise ConfigError(f"{key[:40]!a} is no key of an account.", nearest(key, _KEYS))
            fields[key.replace("-", "_")] = value
        return fields


class _Header(click.ParamType[tuple[str, str]]):
    """`Name: value`."""

    name = "'Name: value'"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Return name and value."""
        try:
            return header_of(str(value))
        except ValueError:
            # What was typed may be a token: it is not shown.
            self.fail("A header is written as 'Name: value', in plain ASCII.", param, ctx)


class _Day(click.ParamType[date]):
    """`2027-01-31`."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{str(value)[:20]!a} is no day; write it as 2027-01-31.", param, ctx)


ACCOUNT: Final = _Account()
HEADER: Final = _Header()
DAY: Final = _Day()
