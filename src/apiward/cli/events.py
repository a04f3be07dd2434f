"""`apiward events`: what the guard has seen. What the commands do stands in `events_export` and `events_forward`."""

import click

from apiward.cli.placing import placed, spanned

FORMS = ("ocsf", "jsonl", "cef")
KINDS = ("events", "findings", "detections", "incidents")


@click.group("events")
def COMMAND() -> None:  # noqa: N802 - the name that the group looks for
    """Send what is stored to where you keep the records of other systems."""


@COMMAND.command("export")
@click.option("--format", "form", type=click.Choice(FORMS), default="jsonl", help="The form of a line (jsonl).")
@click.option("--what", type=click.Choice(KINDS), default="events", help="What is written (events).")
@click.option("-o", "--output", metavar="FILE", help="Where to; stdout.")
@spanned
@placed
def export(**given: object) -> int:
    """Write what is stored, one record a line.

    ocsf is the form of the Open Cybersecurity Schema Framework, cef that of many older systems, jsonl our own.
    """
    from apiward.cli.events_export import export_events  # noqa: PLC0415 - help must be fast

    return export_events(given)


@COMMAND.command("forward")
@click.option(
    "--to",
    metavar="URL",
    help="Where to: syslog+tls://host:6514, https://host/path, or otlp+https://host:4318/v1/logs. "
    "Without it: as [[guard.forward]] in the settings says.",
)
@click.option("--format", "form", type=click.Choice(FORMS), help="The form of a line (ocsf).")
@click.option("--what", multiple=True, type=click.Choice(KINDS), help="What is sent; repeatable (all).")
@click.option("--ca", metavar="FILE", help="Authorities for the syslog server's certificate (PEM).")
@click.option(
    "--secret-env", metavar="NAME", help="The environment variable with the secret that signs what is posted."
)
@click.option("--new", "is_new", is_flag=True, help="The first time, leave out what is stored already.")
@click.option("--follow", is_flag=True, help="Go on as more comes, until Ctrl-C.")
@placed
def forward(**given: object) -> int:
    """Send what is stored to another system, each record once.

    How far it came is kept in the store: the next time it goes on there. After a crash the last records may be sent
    again, with the same ids.
    """
    from apiward.cli.events_forward import forward_events  # noqa: PLC0415 - the same

    return forward_events(given)
