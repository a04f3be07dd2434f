"""`apiward guard`: a gate before an API in any language. What it does stands in `guarding`."""

import click

from apiward.cli.choices import OneOf
from apiward.cli.either import Either
from apiward.cli.further import GUARD


class _Guard(Either):
    places = GUARD


@click.command("guard", cls=_Guard)
@click.argument("url", required=False)
@click.option("--config", metavar="FILE", help="Settings; ./apiward.toml is used where it is there.")
@click.option("--listen", metavar="HOST:PORT", help="Where the guard listens (127.0.0.1:8080).")
@click.option("--spec", metavar="FILE|URL", help="The API's description; the API is asked if not given.")
@click.option("--watch", is_flag=True, help="Only say what would be refused; what `apiward patch` wrote still holds.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that serve (1).")
@click.option("--data", metavar="DIR", help="The folder for events and counters (.apiward beside the settings).")
@click.option("--rehearsal", is_flag=True, hidden=True, help="A scan is to judge this guard: without quotas.")
@click.option("--verify", is_flag=True, help="Pass nothing on: answer at /verify whether another proxy may.")
@click.option("--replay", metavar="FILE", help="Judge recorded requests (HAR); no API is needed.")
@click.option("--test", "tests", metavar="FILE", help="Judge requests as JSON lines; no API is needed.")
@click.option("--format", "form", type=OneOf(("text", "json", "jsonl")), help="For these two: how (text).")
@click.pass_context
def COMMAND(ctx: click.Context, /, **_: object) -> int:  # noqa: N802 - the name that the group looks for
    """Guard the API at URL: take requests in its place, and pass on what is in order.

    It runs until Ctrl-C or SIGTERM, and then ends what is under way. SIGHUP, or a change of the
    settings, makes it read them again.

    With --replay or --test it serves nothing: it says what would be decided, and ends with 1 where
    that is not what the file expects.
    """
    from apiward.cli.guarding import guard  # noqa: PLC0415 - help must not load the engine

    return guard(ctx.params)
