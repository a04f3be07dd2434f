"""`apiward config check`: reads the settings and says what is wrong with them. How stands in `config_checking`."""

import click

from apiward.config.names import FILE_NAME


@click.group("config")
def COMMAND() -> None:  # noqa: N802 - the name that the group looks for
    """Check the settings in apiward.toml."""


@COMMAND.command("check")
@click.argument("file", default=FILE_NAME)
def check(file: str) -> int:
    """Read FILE (apiward.toml) and say everything that is wrong with it.

    The table [guard] is tried out as well: a guard is built of it, and asked nothing.
    """
    from apiward.cli.config_checking import check_file  # noqa: PLC0415 - help must not load the engine

    return check_file(file)
