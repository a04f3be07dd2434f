"""`apiward try`: the tour. What it does stands in `touring`."""

import click


@click.command("try")
@click.option("--keep/--no-keep", default=None, help="Whether all of it runs on until Ctrl-C (at a terminal it does).")
@click.option("--weak", default="all", metavar="NAMES", help="Which weaknesses the demo has: all, none, or names.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port of the demo (0: any free one).")
@click.option("--report", metavar="FILE", help="Where the HTML report goes (./apiward-demo-report.html).")
@click.option("--all", "show_all", is_flag=True, help="Show everything: all problems, and all that was not checked.")
@click.option("--quiet", "-q", is_flag=True, help="No progress on stderr.")
@click.option("--color/--no-color", "color", default=None, help="Colours; NO_COLOR is respected.")
@click.pass_context
def COMMAND(ctx: click.Context, /, **_: object) -> int:  # noqa: N802 - the name that the group looks for
    """Take a tour of a few minutes: start a weak demo API on this computer, scan it, show what is found, hold it shut.

    It ends with your page open on the demo. Nothing leaves the computer, and the demo is removed afterwards.
    """
    from apiward.cli.touring import tour  # noqa: PLC0415 - help must not load the engine

    return tour(ctx.params)
