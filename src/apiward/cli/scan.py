"""`apiward scan`: the options. What it does stands in `scanning`, which is loaded only when it runs."""

import click

from apiward.cli.choices import OneOf
from apiward.cli.options import FORMATS, account_options, connection_options, showing_options
from apiward.cli.parameters import DAY, PLACE
from apiward.config.scanning import FAIL_ON, LEVELS


@click.command("scan")
@click.argument("url", required=False)
@connection_options
@click.option(
    "--level",
    type=OneOf(list(LEVELS)),
    help="read: changes nothing. write: creates and changes its own data. full: deletes it, and sends heavy "
    "requests. Without it: full on this computer, read everywhere else.",
)
@account_options
@click.option(
    "--listen",
    type=PLACE,
    help="Where the API can call this computer back. Not needed where both are the same computer.",
)
@click.option(
    "--use-roles",
    is_flag=True,
    help="Where an account of ours can make itself staff, read as staff what that opens (level full).",
)
@click.option("--only", multiple=True, metavar="CODE,…", help="These checks only: codes, names or families.")
@click.option("--skip", multiple=True, metavar="CODE,…", help="All but these checks.")
@click.option("--operation", "operations", multiple=True, metavar="'GET /x'", help="These operations only.")
@click.option("--format", "formats", multiple=True, type=OneOf(FORMATS), help="Repeatable; text if not given.")
@click.option("--output", metavar="FILE|DIR", help="Where the report goes instead of stdout.")
@click.option("--fail-on", type=OneOf(FAIL_ON), help="From which severity on the exit code is 1 (high).")
@click.option("--baseline", metavar="FILE", help="Findings that you accepted; they do not count.")
@click.option(
    "--write-baseline",
    metavar="FILE",
    help="Accept what is found now, with --reason and --expires; what stands in FILE stays.",
)
@click.option("--reason", help="Why it is accepted.")
@click.option("--expires", type=DAY, help="On which day it counts again.")
@click.option(
    "--store",
    metavar="DIR|URL",
    help="Where findings are kept with their history: a folder, or the address of a database. "
    "Without it: where the guard here keeps its events, if there is one.",
)
@click.option("--all", "show_all", is_flag=True, help="Show everything: all problems, and all that was not checked.")
@showing_options
@click.pass_context
def COMMAND(ctx: click.Context, /, **_: object) -> int:  # noqa: N802 - the name that the group looks for
    """Find out what is wrong with the API at URL, each finding with its proof.

    URL is the address of the API, or of its OpenAPI description. From level write on, throw-away
    accounts are signed up where the API allows it: a few, at level full more than ten. What is made is
    removed again as far as the API lets us; the report lists what could not be. Give your own accounts
    with --account.
    """
    from apiward.cli.scanning import scan  # noqa: PLC0415 - help must not load the engine

    return scan(ctx.params)
