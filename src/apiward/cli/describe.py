"""`apiward describe`: what apiward understands of an API. What it does stands in `describing`."""

import click

from apiward.cli.options import connection_options


@click.command("describe")
@click.argument("url", required=False)
@connection_options
@click.pass_context
def COMMAND(ctx: click.Context, /, **_: object) -> int:  # noqa: N802 - the name that the group looks for
    """Show what apiward understands of the API at URL. Nothing is checked.

    Only the description is read. On a public host without proof that it is yours, only the very
    address that you give is read.
    """
    from apiward.cli.describing import describe  # noqa: PLC0415 - help must not load the engine

    return describe(ctx.params)
