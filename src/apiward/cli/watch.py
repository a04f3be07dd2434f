"""`apiward watch`: logs that exist already, and what the guard saw, become incidents. What it does: `watching`."""

import click

from apiward.cli.choices import OneOf
from apiward.cli.placing import placed


@click.command("watch")
@click.argument("logs", nargs=-1, metavar="[LOG]...")
@click.option("--follow", is_flag=True, help="Go on reading while the logs grow, also when they are exchanged.")
@click.option("--once", is_flag=True, help="Of the settings: read what is new, then end.")
@click.option("--fresh", is_flag=True, help="Keep nothing: only look.")
@click.option("--format", "form", metavar="FORM", help="combined, caddy, alb, … or a log_format; it is found out.")
@click.option("--principal", metavar="FIELD", help="The field that says who calls, such as http_x_user_id.")
@click.option("--token", metavar="FIELD", help="A field with a session or token; only a hash of it is kept.")
@click.option("--forwarded", metavar="FIELD", help="The field with the addresses before proxies.")
@click.option("--trusted-proxy", "proxies", multiple=True, metavar="NET", help="A proxy that is believed. Repeatable.")
@click.option("--time-zone", "zone", metavar="ZONE", help="Of times that name none, such as Europe/Berlin (UTC).")
@click.option("--spec", metavar="FILE|URL", help="The API's description; without it, paths are learned.")
@click.option(
    "--fail-on", type=OneOf(("note", "low", "medium", "high", "critical", "never")), default="high",
    help="End with 1 where an incident is as severe (high).",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Write JSON; with --follow, a line for each change.")
@click.option("--quiet", "-q", is_flag=True, help="No progress on stderr.")
@placed
@click.pass_context
def COMMAND(ctx: click.Context, /, **_: object) -> int:  # noqa: N802 - the name that the group looks for
    """Read LOGs of a web server, a load balancer or a cloud, and say what happened: a few incidents in plain words.

    A LOG may be compressed; - is the standard input. Without one, the logs in [[watch.sources]] and the guard's
    own events are watched until Ctrl-C. Each line is read once, also over restarts.
    """
    from apiward.cli.watching import watch  # noqa: PLC0415 - help must not load the engine

    return watch(ctx.params)
