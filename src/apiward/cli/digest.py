"""`apiward digest`: the week in a few lines. What it does stands in `digest_desk`."""

import click

from apiward.cli.placing import placed


@click.command("digest")
@click.option("--send", "is_sent", is_flag=True, help="Send it on the channels in [notify], but those of last resort.")
@click.option(
    "--target", metavar="URL", help="Which API, where several were scanned; else that which was scanned last."
)
@placed
def COMMAND(**given: object) -> int:  # noqa: N802 - the name that the group looks for
    """Show the last seven days: what the guard did, what scans found, what happened, what to do next.

    With --send from a weekly timer, it comes to you by itself. Exit code 3: a channel did not take it.
    """
    from apiward.cli.digest_desk import digest  # noqa: PLC0415 - help must be fast

    return digest(given)
