"""`apiward guard autopilot`: the owner's consent, given and taken back. What it does stands in `autopilot_desk`."""

import click


@click.command("autopilot")
@click.argument("state", type=click.Choice(("on", "off")))
@click.option("--back", is_flag=True, help="With off: what it has switched only watches again.")
@click.option("--config", metavar="FILE", help="Settings; ./apiward.toml is used where it is there.")
def COMMAND(**given: object) -> int:  # noqa: N802 - the name that the group looks for
    """Let the guard switch by itself from watching to enforcing what is ready, step by step; or stop that.

    It takes a step back by itself where callers who fared well before are refused, and says why.
    """
    from apiward.cli.autopilot_desk import autopilot  # noqa: PLC0415 - help must be fast

    return autopilot(given)
