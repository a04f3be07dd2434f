"""`apiward config check`: reads the settings and says what is wrong with them."""

import os
from pathlib import Path

import click

from apiward.cli.addresses import address_of
from apiward.cli.exits import ExitCode
from apiward.cli.speaking import write_out
from apiward.config.scanning import FILE_NAME, load_config


@click.group("config")
def COMMAND() -> None:  # noqa: N802 - the name that the group looks for
    """Check the settings in apiward.toml."""


@COMMAND.command("check")
@click.argument("file", default=FILE_NAME)
def check(file: str) -> int:
    """Read FILE (apiward.toml) and say everything that is wrong with it."""
    from apiward.cli.selection import chosen_checks  # noqa: PLC0415 - help must not load the engine
    from apiward.scan.registry import CHECKS  # noqa: PLC0415 - the same

    config = load_config(Path(file), os.environ)
    if config.url:
        address_of(config.url)
    chosen_checks(CHECKS, config.only, config.skip)
    accounts = len(config.accounts)
    write_out(f"{file} is right: {config.url or 'no url'}, {accounts} account{'' if accounts == 1 else 's'}.\n")
    return ExitCode.HOLDS
