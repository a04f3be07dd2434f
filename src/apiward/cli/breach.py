"""`apiward breach`: something happened. What the commands do stands in `breach_desk`."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from apiward.cli.placing import placed

_Command = TypeVar("_Command", bound=Callable[..., Any])

_RISKS = ("none", "some", "high")
_MANY = "several with commas between"


def _facts(command: _Command) -> _Command:
    """Add the options that say what is known."""
    options = (
        click.option("--what", metavar="TEXT", help="What happened, in a sentence or two."),
        click.option("--business-in", metavar="PLACES", help=f"Countries of the business, {_MANY}: DE,IN."),
        click.option(
            "--people-in", metavar="PLACES", help=f"Where the people live whose data it is, {_MANY}: DE,US-CA."
        ),
        click.option("--data-touched", "kinds", metavar="KINDS", help="personal, health, card, financial, or none."),
        click.option(
            "--role", "roles", metavar="ROLES", help="health, health-app, financial, processor, nis2, or none."
        ),
        click.option("--people", type=click.IntRange(0), help="How many people are concerned, as far as you know."),
        click.option("--risk", type=click.Choice(_RISKS), help="How badly it may harm them."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group("breach")
def COMMAND() -> None:  # noqa: N802 - the name that the group looks for
    """Something happened: begin the time limits of the law, freeze the evidence, draft the letters.

    It is no legal advice. Each limit names its law, its source, and the day on which it was looked up.
    """


@COMMAND.command("start")
@click.option("--incident", metavar="ID", help="The incident that it is about: its figures go into the letters.")
@click.option("--noticed", metavar="TIME", help="When you noticed it: 2026-11-30T08:00, or 3h for how long ago (now).")
@_facts
@placed
def start(**given: object) -> int:
    """Begin. What you do not know yet you leave out: then the limit stays open, with the question that decides."""
    from apiward.cli.breach_desk import start_breach  # noqa: PLC0415 - help must be fast

    return start_breach(given)


@COMMAND.command("update")
@click.argument("id", default="")
@click.option("--judged", metavar="TIME", help="When you judged that it must be told.")
@click.option("--told", metavar="TIME", help="When you told the people, or sent the first notice.")
@_facts
@placed
def update(**given: object) -> int:
    """Add what you have learned of the breach ID (the newest) since. The frozen evidence stays as it is."""
    from apiward.cli.breach_desk import update_breach  # noqa: PLC0415 - the same

    return update_breach(given)


@COMMAND.command("show")
@click.argument("id", default="")
@placed
def show(**given: object) -> int:
    """Show the time limits of the breach ID (the newest), and what is not known."""
    from apiward.cli.breach_desk import show_breach  # noqa: PLC0415 - the same

    return show_breach(given)


@COMMAND.command("draft")
@click.argument("letter")
@click.option("--id", "id", default="", metavar="ID", help="Which breach (the newest).")
@click.option("-o", "--output", metavar="FILE", help="Where to; stdout.")
@placed
def draft(**given: object) -> int:
    """Draft a LETTER: authority, people, company, card, or the name of a time limit, such as gdpr-authority.

    Every number in it was counted. What is not known stays open, with a mark.
    """
    from apiward.cli.breach_desk import draft_letter  # noqa: PLC0415 - the same

    return draft_letter(given)


@COMMAND.command("calendar")
@click.argument("id", default="")
@click.option("-o", "--output", metavar="FILE", help="Where to, such as limits.ics; stdout.")
@placed
def calendar(**given: object) -> int:
    """Write the time limits of the breach ID (the newest) for your calendar, which reminds you in time.

    A file that is written later, when you know more, changes the same entries.
    """
    from apiward.cli.breach_desk import write_calendar  # noqa: PLC0415 - the same

    return write_calendar(given)
