"""`apiward replay`: one finding again. What it does stands in `replaying`."""

import click

from apiward.cli.options import account_options, connection_options, showing_options


@click.command("replay")
@click.argument("finding", metavar="FINDING")
@connection_options
@account_options
@showing_options
@click.pass_context
def COMMAND(ctx: click.Context, /, **_: object) -> int:  # noqa: N802 - the name that the group looks for
    """Try one FINDING of an earlier scan again, and say whether it holds now.

    FINDING is its id, as `apiward scan` prints it. Give the same accounts as for the scan; settings that
    came from apiward.toml are found again. Exit code 0: it holds. 1: still broken. 3: no clear answer.
    """
    from apiward.cli.replaying import replay  # noqa: PLC0415 - help must not load the engine

    return replay(ctx.params)
