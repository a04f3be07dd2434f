"""`apiward allow remove`: takes an exclusion back."""

import click


@click.command("remove")
@click.argument("exclusion", metavar="ID")
@click.option("--config", metavar="FILE", help="Settings; ./apiward.toml is used where it is there.")
def COMMAND(**given: object) -> int:  # noqa: N802 - the name that the group looks for
    """Take the exclusion ID back. The rule refuses there again within a second."""
    from apiward.cli.allow_desk import remove_allowed  # noqa: PLC0415 - help must be fast

    return remove_allowed(given)
