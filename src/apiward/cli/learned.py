"""`apiward learned`: what the guard has learned of an API. What it does stands in `learned_shown`."""

import click


@click.command("learned")
@click.option("--config", metavar="FILE", help="Settings; ./apiward.toml is used where it is there.")
@click.option("--from", "recording", metavar="FILE", help="Learn from a HAR file, JSON lines or an access log instead.")
@click.option("--drift", is_flag=True, help="Show where traffic and the given description part.")
@click.option(
    "--spec", metavar="FILE|URL", help="For --drift: the given description; that of the settings if not given."
)
@click.option(
    "--fail-on",
    type=click.Choice(("note", "low", "medium", "high", "never")),
    default="medium",
    show_default=True,
    help="For --drift: end with 1 where a difference is as severe as this.",
)
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True, help="How.")
@click.pass_context
def COMMAND(ctx: click.Context, /, **_: object) -> int:  # noqa: N802 - the name that the group looks for
    """Show what the guard has learned of an API, operation by operation, and how sure it is.

    Nothing is sent or changed. A guard that runs saves what it learns every few seconds.
    """
    from apiward.cli.learned_shown import show  # noqa: PLC0415 - help must not load the engine

    return show(ctx.params)
