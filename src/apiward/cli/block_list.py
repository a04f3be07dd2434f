"""`apiward block list`: who and what is shut out now."""

import click

from apiward.cli.placing import placed


@click.command("list")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="How (text).")
@placed
def COMMAND(**given: object) -> int:  # noqa: N802 - the name that the group looks for
    """List who and what is shut out: until when, why, by whom, and whether the guard says so."""
    from apiward.cli.block_desk import list_blocks  # noqa: PLC0415 - help must be fast

    return list_blocks(given)
