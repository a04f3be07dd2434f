"""`apiward people`: who may log in at the owner's page. What the commands do stands in `people_desk`."""

import click

from apiward.cli.choices import OneOf
from apiward.cli.placing import placed

_ROLES = ("owner", "developer", "viewer")


@click.group("people")
def COMMAND() -> None:  # noqa: N802 - the name that the group looks for
    """Say who may log in at your page from elsewhere, and as what.

    An owner may do all. A developer may accept, hold off and let through. A viewer only looks.
    On this computer, apiward open lets you in without a log-in.
    """


@COMMAND.command("add")
@click.argument("name")
@click.option("--role", type=OneOf(_ROLES), default="owner", help="What NAME may do (owner).")
@placed
def add(**given: object) -> int:
    """Let NAME in, and print a link with which NAME chooses a password. It works once, for a day.

    Nothing but the link goes to stdout. Give it to nobody else.
    """
    from apiward.cli.people_desk import add_person  # noqa: PLC0415 - help must be fast

    return add_person(given)


@COMMAND.command("list")
@click.option("--format", "form", type=OneOf(("text", "json")), default="text", help="How (text).")
@placed
def listed(**given: object) -> int:
    """List who may log in: the role, the second step, and how many sessions are open."""
    from apiward.cli.people_desk import list_people  # noqa: PLC0415 - the same

    return list_people(given)


@COMMAND.command("reset")
@click.argument("name")
@click.option("--second-step", is_flag=True, help="Also take the second step back: the phone is lost, and all codes.")
@placed
def reset(**given: object) -> int:
    """Take the password of NAME back, end all sessions, and print a link for a new one."""
    from apiward.cli.people_desk import reset_person  # noqa: PLC0415 - the same

    return reset_person(given)


@COMMAND.command("role")
@click.argument("name")
@click.argument("role", type=OneOf(_ROLES))
@placed
def role(**given: object) -> int:
    """Give NAME another role. It counts at once."""
    from apiward.cli.people_desk import change_role  # noqa: PLC0415 - the same

    return change_role(given)


@COMMAND.command("remove")
@click.argument("name")
@placed
def remove(**given: object) -> int:
    """Let NAME in no more, and end all sessions at once."""
    from apiward.cli.people_desk import remove_person  # noqa: PLC0415 - the same

    return remove_person(given)
