"""`apiward exit-codes`: what the exit codes say."""

import click

from apiward.cli.exits import ExitCode
from apiward.cli.speaking import write_out


@click.command("exit-codes")
def COMMAND() -> None:  # noqa: N802 - the name that the group looks for
    """Say what the exit codes of apiward mean."""
    write_out("".join(f"{code.value:>4}  {code.meaning}\n" for code in ExitCode))
