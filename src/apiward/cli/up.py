"""`apiward up`: guard, watch and the owner's page together. What it does stands in `starting_up`."""

import click

from apiward.cli.placing import placed


@click.command("up")
@click.argument("url", required=False)
@click.option("--page", metavar="HOST:PORT", help="Where the page is, if not where [page] says it (127.0.0.1:8181).")
@click.option("--page-only", is_flag=True, help="Only the page: guard and watch run elsewhere, or not at all.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@click.option("--no-scan", is_flag=True, help="Do not look at the API at the first start.")
@placed
def COMMAND(**given: object) -> int:  # noqa: N802 - the name that the group looks for
    """Start all of it: the guard before the API at URL, watch, and a page that says how things stand.

    What is to be started stands in apiward.toml. Where there is none, at most seven questions are asked, none of
    which must be answered, and one is written. The guard then only watches. An API on this computer is looked at
    once, by reading only. Ctrl-C or SIGTERM ends all of it.
    """
    from apiward.cli.starting_up import start_up  # noqa: PLC0415 - help must be fast

    return start_up(given)
