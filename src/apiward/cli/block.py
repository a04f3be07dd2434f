"""`apiward block`: shuts callers, networks or an operation out at the guard. What it does stands in `block_desk`."""

import click

from apiward.cli.either import Either
from apiward.cli.further import BLOCK
from apiward.cli.placing import placed


class _Block(Either):
    places = BLOCK


@click.command("block", cls=_Block)
@click.argument("who")
@click.option("--for", "for_", default="24h", metavar="TIME", help="How long: 30m, 24h, 7d (24h).")
@click.option("--reason", default="", metavar="TEXT", help="Why. It stands in the record.")
@click.option("--end-log-ins", is_flag=True, help="Of a user: also end the log-ins that are known.")
@click.option("--yes", "is_sure", is_flag=True, help="Of a network or tenant: even where that hits others.")
@placed
def COMMAND(**given: object) -> int:  # noqa: N802 - the name that the group looks for
    """Shut out WHO: user:42, key:ID, device:ID, token:ID, address:192.0.2.7 or operation:'GET /orders/{id}'.

    Also many at once: network:203.0.113.0/24, or all of one customer as in tenant:acme. Where others fared well
    there in the last week, it says how many, and does it only with --yes.

    It ends by itself, one command undoes it, and your own addresses are never shut out.
    The guard is asked whether it is so: the command ends with 3 where it is not.
    """
    from apiward.cli.block_desk import block  # noqa: PLC0415 - help must be fast

    return block(given)
