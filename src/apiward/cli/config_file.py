"""`apiward config check`: reads the settings and says what is wrong with them."""

import os
from pathlib import Path

import click

from apiward.cli.exits import ExitCode
from apiward.cli.speaking import write_out
from apiward.config import FILE_NAME, load_config


@click.group("config")
def COMMAND() -> None:  # noqa: N802 - the name that the group looks for
    """Check the settings in apiward.toml."""


@COMMAND.command("check")
@click.argument("file", default=FILE_NAME)
def check(file: str) -> int:
    """Read FILE (apiward.toml) and say everything that is wrong with it."""
    config = load_config(Path(file), os.environ)
    accounts = len(config.accounts)
    write_out(f"{file} is right: {config.url or 'no url'}, {accounts} account{'' if accounts == 1 else 's'}.\n")
    return ExitCode.HOLDS
