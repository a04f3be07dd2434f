"""`apiward store`: the database of the guard. What the commands do stands in `store_moving`."""

import click

from apiward.cli.placing import placed


@click.group("store")
def COMMAND() -> None:  # noqa: N802 - the name that the group looks for
    """Back up, restore, check or move what the guard has stored: events, counts and the audit record."""


@COMMAND.command("backup")
@click.argument("file")
@placed
def backup(**given: object) -> int:
    """Write everything into the new file FILE. A guard may go on running.

    The keys of the guard are not in it: copy the data folder for those.
    """
    from apiward.cli.store_moving import write_backup  # noqa: PLC0415 - help must be fast

    return write_backup(given)


@COMMAND.command("restore")
@click.argument("file")
@click.option("--yes", is_flag=True, help="Do not ask.")
@placed
def restore(**given: object) -> int:
    """Put the backup FILE in the place of the store. The old one is kept beside it. Stop the guard before."""
    from apiward.cli.store_moving import restore_backup  # noqa: PLC0415 - the same

    return restore_backup(given)


@COMMAND.command("verify")
@placed
def verify(**given: object) -> int:
    """Check that the store is whole, and say how much is in it. Exit code 1 if it is damaged."""
    from apiward.cli.store_moving import verify_store  # noqa: PLC0415 - the same

    return verify_store(given)


@COMMAND.command("move")
@click.option("--to", "url", required=True, metavar="URL", help="Where to: postgresql+psycopg://user@host/name.")
@placed
def move(**given: object) -> int:
    """Copy everything to another database, and compare every row. Stop the guard before.

    If it is interrupted, start it again: it goes on where it was.
    """
    from apiward.cli.store_moving import move_store  # noqa: PLC0415 - the same

    return move_store(given)
