"""`apiward open`: a link into the owner's page. What it does stands in `opening`."""

import click

from apiward.cli.placing import placed


@click.command("open")
@placed
def COMMAND(**given: object) -> int:  # noqa: N802 - the name that the group looks for
    """Print a link into the page that `apiward up` serves. It works once, for ten minutes, on this computer."""
    from apiward.cli.opening import open_page  # noqa: PLC0415 - help must be fast

    return open_page(given)
