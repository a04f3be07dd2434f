"""`apiward guard status`: what the guard does, and what it is ready to do. What it does stands in `status_desk`."""

import click


@click.command("status")
@click.option("--config", metavar="FILE", help="Settings; ./apiward.toml is used where it is there.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="How (text).")
@click.option("--all", "is_all", is_flag=True, help="Every operation, not only those with the most traffic.")
def COMMAND(**given: object) -> int:  # noqa: N802 - the name that the group looks for
    """Say what runs, what the events of the last days show, what is ready to enforce, and what is not, and why.

    It only reads: the settings, the rules beside them, and the stored events.
    """
    from apiward.cli.status_desk import status  # noqa: PLC0415 - help must be fast

    return status(given)
