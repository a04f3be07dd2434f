"""`apiward notify`: tries the ways in which you are told. What it does stands in `notify_desk`."""

import click

from apiward.cli.placing import placed


@click.group("notify")
def COMMAND() -> None:  # noqa: N802 - the name that the group looks for
    """Try the ways in which you are told of incidents, as set in [notify].

    A watcher that runs tells by itself: apiward watch --follow.
    """


@COMMAND.command("test")
@click.argument("channel")
@placed
def test(**given: object) -> int:
    """Send a message to CHANNEL that says it is a test. Exit code 3: it was not taken."""
    from apiward.cli.notify_desk import test_channel  # noqa: PLC0415 - help must be fast

    return test_channel(given)


@COMMAND.command("send")
@placed
def send(**given: object) -> int:
    """Tell now what is due, as from a cron job where no watcher runs."""
    from apiward.cli.notify_desk import send_due  # noqa: PLC0415 - the same

    return send_due(given)
