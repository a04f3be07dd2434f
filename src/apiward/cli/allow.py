"""`apiward allow`: lets through what the guard refused wrongly. What it does stands in `allow_desk`."""

import click

from apiward.cli.either import Either
from apiward.cli.further import ALLOW


class _Allow(Either):
    places = ALLOW


@click.command("allow", cls=_Allow)
@click.argument("incident")
@click.option("--reason", default="", metavar="TEXT", help="Why it is right to let it through.")
@click.option("--owner", metavar="NAME", help="Who answers for it (who you are on this computer).")
@click.option("--days", type=click.IntRange(1, 365), default=30, help="Days until it ends (30).")
@click.option("--dry-run", is_flag=True, help="Only say what it would do.")
@click.option("--yes", is_flag=True, help="Do not ask before it is written.")
@click.option("--anyway", is_flag=True, help="Write it even where attacks would have passed.")
@click.option("--config", metavar="FILE", help="Settings; ./apiward.toml is used where it is there.")
def COMMAND(**given: object) -> int:  # noqa: N802 - the name that the group looks for
    """Let through what was refused as INCIDENT, the number that the refused caller was told.

    For the newest refusal, write "last".
    Only that rule is lifted, at that place of that operation, until a day. All else is judged as before.
    First it is held against the last week: it ends with 1 where attacks would have passed, too.
    """
    from apiward.cli.allow_desk import allow  # noqa: PLC0415 - help must be fast

    return allow(given)
