"""`apiward exit-codes`: what the exit codes say."""

import textwrap

import click

from apiward.cli.exits import ExitCode
from apiward.cli.speaking import width, write_out


@click.command("exit-codes")
def COMMAND() -> None:  # noqa: N802 - the name that the group looks for
    """Say what the exit codes of apiward mean."""
    lines = [
        line
        for code in ExitCode
        for line in textwrap.wrap(
            code.meaning,
            width(),
            initial_indent=f"{code.value:>4}  ",
            subsequent_indent=" " * 6,
            break_on_hyphens=False,
        )
    ]
    write_out("\n".join(lines) + "\n")
