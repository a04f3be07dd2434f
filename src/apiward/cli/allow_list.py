"""`apiward allow list`: what is let through although a rule refuses it."""

import click


@click.command("list")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="How (text).")
@click.option("--config", metavar="FILE", help="Settings; ./apiward.toml is used where it is there.")
def COMMAND(**given: object) -> int:  # noqa: N802 - the name that the group looks for
    """List what is let through: rule, place and operation, why, by whom, and until when."""
    from apiward.cli.allow_desk import list_allowed  # noqa: PLC0415 - help must be fast

    return list_allowed(given)
