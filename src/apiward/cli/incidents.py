"""`apiward incidents`: what happened, told once, and what to do about it. What it does stands in `incidents_desk`."""

import click

from apiward.cli.placing import placed


@click.group("incidents", invoke_without_command=True)
@click.option("--all", "is_all", is_flag=True, help="Those that are closed, too.")
@click.option("--json", "is_json", is_flag=True, help="As JSON.")
@placed
@click.pass_context
def COMMAND(ctx: click.Context, /, **given: object) -> int | None:  # noqa: N802 - the name that the group looks for
    """List what is open, the worst first; or work on one of them.

    The beginning of its number is enough to name an incident.
    """
    if ctx.invoked_subcommand is not None:
        return None
    from apiward.cli.incidents_desk import list_incidents  # noqa: PLC0415 - help must be fast

    code = list_incidents(given)
    ctx.exit(code) if code else None
    return code


@COMMAND.command("show")
@click.argument("incident")
@click.option("--json", "is_json", is_flag=True, help="As JSON.")
@placed
def show(**given: object) -> int:
    """Show an incident: what to do, what it means, whom it touched, and its timeline.

    It is noted that somebody has looked at it.
    """
    from apiward.cli.incidents_desk import show_incident  # noqa: PLC0415 - the same

    return show_incident(given)


@COMMAND.command("contain")
@click.argument("incident")
@click.option("--for", "for_", default="24h", metavar="TIME", help="How long: 30m, 24h, 7d (24h).")
@click.option("--reason", default="", metavar="TEXT", help="Why. It stands in the record.")
@click.option("--operations", "with_operations", is_flag=True, help="Also shut what was reached for, for all.")
@click.option("--networks", "with_networks", is_flag=True, help="Also shut the networks that several of them use.")
@click.option("--yes", "is_sure", is_flag=True, help="Even where that hits others, who fared well there.")
@placed
def contain(**given: object) -> int:
    """Hold off who does it, end their log-ins, and ask the guard whether it is so.

    It ends by itself; `apiward incidents undo` ends it at once. Exit code 3: it is not held off.
    A network, or all of one customer, is held off only where nobody else is hit, or with --yes.
    """
    from apiward.cli.incidents_desk import contain_incident  # noqa: PLC0415 - the same

    return contain_incident(given)


@COMMAND.command("undo")
@click.argument("incident")
@placed
def undo(**given: object) -> int:
    """Let in again all that was held off for an incident."""
    from apiward.cli.incidents_desk import undo_incident  # noqa: PLC0415 - the same

    return undo_incident(given)


@COMMAND.command("note")
@click.argument("incident")
@click.argument("text")
@placed
def note(**given: object) -> int:
    """Add a note to the timeline."""
    from apiward.cli.incidents_desk import note_incident  # noqa: PLC0415 - the same

    return note_incident(given)


@COMMAND.command("close")
@click.argument("incident")
@click.option("--reason", default="", metavar="TEXT", help="Why. It stands in the timeline.")
@placed
def close(**given: object) -> int:
    """Close an incident. It opens again by itself where it comes back."""
    from apiward.cli.incidents_desk import close_incident  # noqa: PLC0415 - the same

    return close_incident(given)
