"""Options that several commands share."""

from collections.abc import Callable
from typing import Any, Final

import click

from apiward.cli.parameters import ACCOUNT, HEADER

FORMATS: Final = ("text", "json", "sarif", "junit", "md", "html")
_Command = Callable[..., Any]

_CONNECTION: Final = (
    click.option("--config", metavar="FILE", help="Settings; ./apiward.toml is used where it is there."),
    click.option(
        "--spec",
        metavar="FILE|URL",
        help="The API's description (OpenAPI, Swagger, GraphQL schema), or requests to it (HAR, Postman, a list of "
        "addresses or curl commands). Searched for if not given.",
    ),
    click.option("--also", multiple=True, metavar="FILE|URL", help="A further one of the same API. Repeatable."),
    click.option("--rate", type=click.FloatRange(min=0, min_open=True), help="Requests per second at most."),
    click.option("--connections", type=click.IntRange(1, 100), help="Connections at a time (10)."),
    click.option("--header", "headers", multiple=True, type=HEADER, help="Sent with every request: 'Name: value'."),
    click.option("--insecure", is_flag=True, default=None, help="Accept certificates that cannot be checked."),
    click.option(
        "--i-have-permission", is_flag=True, help="You may scan this public host. Written down with the date."
    ),
)
_ACCOUNTS: Final = (
    click.option(
        "--account",
        "accounts",
        multiple=True,
        type=ACCOUNT,
        help="'name=anna,username=…,password-env=VARIABLE,role=…', or 'header=Authorization: Bearer …'. Repeatable.",
    ),
    click.option("--budget", type=click.IntRange(min=1), help="Requests in all (5,000, and 200 for each operation)."),
    click.option("--patience", type=click.FloatRange(min=0), help="Seconds to wait for a token to end (0)."),
    click.option("--seed", type=click.IntRange(min=0), help="Makes the same choices again."),
    click.option("--leave-alone", multiple=True, metavar="'POST /x'", help="Never call this operation. Repeatable."),
    click.option(
        "--allow", is_flag=True, default=None, help="Call operations that may delete or reset everything, too."
    ),
)
_APP: Final = (
    click.option(
        "--app",
        metavar="MODULE:NAME",
        help="An app in Python (ASGI or WSGI), called in this process instead of a server: shop:app.",
    ),
)
_SHOWING: Final = (
    click.option("--quiet", "-q", is_flag=True, help="No progress on stderr."),
    click.option("--color/--no-color", "color", default=None, help="Colours; NO_COLOR is respected."),
)


def connection_options(command: _Command) -> _Command:
    """Add the options that say how to reach an API."""
    return _added(command, _CONNECTION)


def app_option(command: _Command) -> _Command:
    """Add the option that names an app instead of an address."""
    return _added(command, _APP)


def account_options(command: _Command) -> _Command:
    """Add the options that say as whom to call, and how far."""
    return _added(command, _ACCOUNTS)


def showing_options(command: _Command) -> _Command:
    """Add the options that say what is shown."""
    return _added(command, _SHOWING)


def _added(command: _Command, options: tuple[Callable[[_Command], _Command], ...]) -> _Command:
    for option in reversed(options):
        command = option(command)
    return command
