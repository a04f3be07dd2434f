"""`apiward block undo`: lets in again."""

import click

from apiward.cli.placing import placed


@click.command("undo")
@click.argument("who")
@placed
def COMMAND(**given: object) -> int:  # noqa: N802 - the name that the group looks for
    """Let WHO in again, at once: what `apiward block list` shows."""
    from apiward.cli.block_desk import undo_block  # noqa: PLC0415 - help must be fast

    return undo_block(given)
