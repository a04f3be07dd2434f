"""A command that fails as a bug would."""

import click


@click.command("crash")
def COMMAND() -> None:  # noqa: N802
    raise ZeroDivisionError("oh")
