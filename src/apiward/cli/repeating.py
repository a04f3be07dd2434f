"""The commands that do a scan again: ready to copy, without a secret in them."""

import shlex
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from apiward.app.in_process.sending import HOST
from apiward.app.scanning import without_query
from apiward.cli.parameters import HIDDEN
from apiward.cli.wanted import Wanted, typed_accounts
from apiward.prove.model import Commands

_NARROWING: Final = ("only", "skip", "operations")
_VALUES: Final = (
    "app",
    "config",
    "spec",
    "level",
    "rate",
    "connections",
    "budget",
    "patience",
    "listen",
    "fail_on",
    "baseline",
    "certificate",
    "certificate_key",
)
_FLAGS: Final = ("insecure", "i_have_permission", "allow", "try_defaults")


def commands_of(given: Mapping[str, object], asked: Wanted) -> Commands:
    """Return the commands for what was `given` on the command line; apiward.toml is read again by itself.

    A secret in an account, a header or the query of an address becomes `…`, which is refused with a word.
    """
    is_usual = bool(asked.app) and asked.url == HOST
    start = ["apiward", "scan", *([] if is_usual else [_address(asked.url)])]
    how = [*_options(given), *_people(given)]
    whole = _line([*start, *how, *(word for name in _NARROWING for word in _repeated(given, name))])
    retest = _line([*start, *how, *_repeated(given, "operations")])
    typed = [word for account in typed_accounts(given) if HIDDEN in account.shown for word in _account(account.shown)]
    replay = _line([*typed, *_headers(given)])
    return Commands(whole, retest, f" {replay}" if replay else "")


def shown_headers(given: Mapping[str, object]) -> tuple[str, ...]:
    """Return the headers of the command line, each with `…` instead of its value."""
    found = given.get("headers")
    return tuple(f"{name}: {HIDDEN}" for name, _ in found) if isinstance(found, tuple) else ()


def _options(given: Mapping[str, object]) -> Iterator[str]:
    for name in _VALUES:
        value = given.get(name)
        if value is not None and value != "":
            text = f"{value:g}" if isinstance(value, float) else str(value)
            yield from (f"--{name.replace('_', '-')}", _address(text) if name == "spec" else text)
    for place in given.get("also") or ():  # type: ignore[attr-defined]  # click makes it a tuple
        yield from ("--also", _address(str(place)))
    for name in given.get("leave_alone") or ():  # type: ignore[attr-defined]  # the same
        yield from ("--leave-alone", str(name))
    yield from (f"--{name.replace('_', '-')}" for name in _FLAGS if given.get(name) is True)


def _people(given: Mapping[str, object]) -> Iterator[str]:
    for typed in typed_accounts(given):
        yield from _account(typed.shown)
    yield from _headers(given)


def _account(shown: str) -> tuple[str, str]:
    return "--account", shown


def _headers(given: Mapping[str, object]) -> Iterator[str]:
    for header in shown_headers(given):
        yield from ("--header", header)


def _repeated(given: Mapping[str, object], name: str) -> Iterator[str]:
    values = given.get(name)
    option = "--operation" if name == "operations" else f"--{name}"
    for value in values if isinstance(values, tuple) else ():
        yield from (option, str(value))


def _address(text: str) -> str:
    # The query of an address may hold a key.
    is_address = urlsplit(text).scheme in ("http", "https")
    return f"{without_query(text)}?{HIDDEN}" if is_address and urlsplit(text).query else text


def _line(parts: list[str]) -> str:
    return " ".join(shlex.quote(part) for part in parts)
