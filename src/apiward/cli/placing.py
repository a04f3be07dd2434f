"""Options that say which guard's data a command works on."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])


def placed(command: _Command) -> _Command:
    """Add the options that say which guard is meant."""
    data = click.option(
        "--data", metavar="DIR", help="The guard's data folder, where it is not the one of the settings."
    )
    config = click.option("--config", metavar="FILE", help="Settings; ./apiward.toml is used where it is there.")
    return config(data(command))


def spanned(command: _Command) -> _Command:
    """Add the options that say of which time something is asked for."""
    until = click.option("--until", metavar="TIME", help="Only what happened before.")
    since = click.option(
        "--since", metavar="TIME", help="Only what happened from then on: 2026-11-30, 2026-11-30T08:00, 7d, 24h, 30m."
    )
    return since(until(command))
