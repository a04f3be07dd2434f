"""`apiward drill`: an exercise, from the attack to the block. What it does stands in `drill_desk`."""

from typing import Final

import click

from apiward.cli.choices import OneOf
from apiward.cli.placing import placed

KINDS: Final = (
    *("stuffing", "spraying", "cracking", "takeover", "token-theft", "key-theft", "stolen-object", "foreign-write"),
    *(
        "enumeration-fast",
        "enumeration-slow",
        "scraping",
        "export",
        "probing",
        "carding",
        "coupons",
        "codes",
        "scalping",
    ),
    *("injection", "inward", "overload"),
)
"""Those that show after three days of ordinary use; others need a longer habit to be seen against."""


@click.command("drill")
@click.argument("kind", type=OneOf(KINDS), default="stuffing")
@click.option("--seed", type=click.IntRange(1), default=1, help="Another one plays another attack (1).")
@click.option("--tell/--no-tell", default=True, help="Whether the channels in [notify] are told (they are).")
@click.option("--json", "is_json", is_flag=True, help="As JSON.")
@placed
def COMMAND(**given: object) -> int:  # noqa: N802 - the name that the group looks for
    """Play an attack of this KIND, and measure how long it takes to notice it, to tell you, and to hold it off.

    Nothing is attacked: the requests are made up, reach no API, and count nowhere. Messages say that it is an exercise.
    Exit code 1: it was not noticed, or a channel took nothing. 3: no guard runs, or there is no channel.
    """
    from apiward.cli.drill_desk import drill  # noqa: PLC0415 - help must be fast

    return drill(given)
