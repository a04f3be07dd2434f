"""`apiward doctor`: what is set up, what is missing. What it does stands in `doctor_desk`."""

import click

from apiward.cli.placing import placed


@click.command("doctor")
@click.option("--json", "is_json", is_flag=True, help="As JSON.")
@placed
def COMMAND(**given: object) -> int:  # noqa: N802 - the name that the group looks for
    """Say what is set up here, what is missing, and the next command for each.

    Nothing is sent, but for one question to your page on this computer. It opens the store as every command does:
    that brings it up to date, and stores the events that wait beside it. Exit code 1: something cannot work as it is.
    3: something is missing.
    """
    from apiward.cli.doctor_desk import doctor  # noqa: PLC0415 - help must be fast

    return doctor(given)
