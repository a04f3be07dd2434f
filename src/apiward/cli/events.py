"""`apiward events`: what the guard has seen. What the command does stands in `events_export`."""

import click

from apiward.cli.placing import placed, spanned


@click.group("events")
def COMMAND() -> None:  # noqa: N802 - the name that the group looks for
    """Send stored events to where you keep the events of other systems."""


@COMMAND.command("export")
@click.option(
    "--format", "form", type=click.Choice(("ocsf", "jsonl", "cef")), default="jsonl", help="The form of a line (jsonl)."
)
@click.option("-o", "--output", metavar="FILE", help="Where to; stdout.")
@spanned
@placed
def export(**given: object) -> int:
    """Write stored events, one a line.

    ocsf is the form of the Open Cybersecurity Schema Framework, cef that of many older systems, jsonl our own.
    """
    from apiward.cli.events_export import export_events  # noqa: PLC0415 - help must be fast

    return export_events(given)
