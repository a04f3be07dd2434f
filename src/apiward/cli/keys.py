"""`apiward keys`: the API keys that the guard gives out. What the commands do stands in `keys_desk`."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from apiward.cli.choices import OneOf

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _placed(command: _Command) -> _Command:
    """Add the options that say which guard is meant."""
    data = click.option(
        "--data", metavar="DIR", help="The guard's data folder, where it is not the one of the settings."
    )
    config = click.option("--config", metavar="FILE", help="Settings; ./apiward.toml is used where it is there.")
    return config(data(command))


@click.group("keys")
def COMMAND() -> None:  # noqa: N802 - the name that the group looks for
    """Make, list, exchange and take back the API keys of your guard.

    A guard that runs takes every change within seconds.
    """


@COMMAND.command("new")
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, metavar="'GET /orders/**'", help="What it may reach. Repeatable; all."
)
@click.option("--role", "roles", multiple=True, metavar="ROLE", help="A role that it has. Repeatable.")
@click.option(
    "--network", "networks", multiple=True, metavar="CIDR", help="From where it is good. Repeatable; anywhere."
)
@click.option("--days", type=click.IntRange(0, 3650), default=90, help="Days until it ends (90); 0: it never ends.")
@click.option("--env", default="live", metavar="WORD", help="Stands in the key, to tell test keys apart (live).")
@_placed
def new(**given: object) -> int:
    """Make a key for NAME and print it, once: only its hash is kept.

    Nothing but the key goes to stdout, so that it can be piped to where it is needed.
    """
    from apiward.cli.keys_desk import new_key  # noqa: PLC0415 - help must be fast

    return new_key(given)


@COMMAND.command("list")
@click.option("--format", "form", type=OneOf(("text", "json")), default="text", help="How (text).")
@_placed
def listed(**given: object) -> int:
    """List all keys: what they may do, until when, and when they were last used."""
    from apiward.cli.keys_desk import list_keys  # noqa: PLC0415 - the same

    return list_keys(given)


@COMMAND.command("rotate")
@click.argument("key_id", metavar="ID")
@click.option("--overlap-days", type=click.IntRange(0, 90), default=7, help="Days for which the old one is good (7).")
@click.option("--days", type=click.IntRange(1, 3650), help="Days until the new one ends (as many as the old one had).")
@_placed
def rotate(**given: object) -> int:
    """Give the key ID a new secret and print it, once. The old one is good for a while."""
    from apiward.cli.keys_desk import rotate_key  # noqa: PLC0415 - the same

    return rotate_key(given)


@COMMAND.command("revoke")
@click.argument("key_id", metavar="ID")
@_placed
def revoke(**given: object) -> int:
    """Take the key ID back, at once and for good."""
    from apiward.cli.keys_desk import revoke_key  # noqa: PLC0415 - the same

    return revoke_key(given)
