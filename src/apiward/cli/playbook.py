"""`apiward playbook`: what to do when something has happened. What the commands do stands in `playbook_desk`."""

import click


@click.group("playbook")
def COMMAND() -> None:  # noqa: N802 - the name that the group looks for
    """Say what to do when something has happened: steps for you and your developer."""


@COMMAND.command("list")
def list_() -> int:
    """List the playbooks."""
    from apiward.cli.playbook_desk import list_playbooks  # noqa: PLC0415 - help must be fast

    return list_playbooks()


@COMMAND.command("show")
@click.argument("name")
@click.option("--for", "who", type=click.Choice(("owner", "developer")), help="Only the steps of one of you.")
def show(**given: object) -> int:
    """Show the playbook NAME: what to do now, today and this week, and what to keep."""
    from apiward.cli.playbook_desk import show_playbook  # noqa: PLC0415 - the same

    return show_playbook(given)


@COMMAND.command("export")
@click.argument("name")
@click.option("--format", "form", type=click.Choice(("cacao",)), default="cacao", help="The form (cacao).")
@click.option("-o", "--output", metavar="FILE", help="Where to; stdout.")
def export(**given: object) -> int:
    """Write the playbook NAME for other programs, as CACAO 2.0."""
    from apiward.cli.playbook_desk import export_playbook  # noqa: PLC0415 - the same

    return export_playbook(given)
