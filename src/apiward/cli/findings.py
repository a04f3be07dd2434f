"""`apiward findings`: what scans found, in the store. What the commands do stands in `findings_desk`."""

import click

from apiward.cli.placing import placed


@click.group("findings", invoke_without_command=True)
@click.option("--all", "is_all", is_flag=True, help="Those that are fixed or accepted, too.")
@click.option("--url", metavar="URL", help="Only of the API there.")
@click.option("--json", "is_json", is_flag=True, help="As JSON.")
@placed
@click.pass_context
def COMMAND(ctx: click.Context, /, **given: object) -> int | None:  # noqa: N802 - the name that the group looks for
    """List what is open, the worst first; or work on one of them.

    A scan beside a guard keeps what it finds here, and so does apiward scan --store. The beginning of a number is
    enough to name a finding.
    """
    if ctx.invoked_subcommand is not None:
        return None
    from apiward.cli.findings_desk import list_findings  # noqa: PLC0415 - help must be fast

    return list_findings(given)


@COMMAND.command("show")
@click.argument("finding")
@click.option("--url", metavar="URL", help="Of the API there, where several were scanned.")
@placed
def show(**given: object) -> int:
    """Show a finding: what was seen, since when, and what was decided about it."""
    from apiward.cli.findings_desk import show_finding  # noqa: PLC0415 - the same

    return show_finding(given)


@COMMAND.command("accept")
@click.argument("finding")
@click.option("--reason", metavar="TEXT", required=True, help="Why you live with it. It stands in the record.")
@click.option("--until", metavar="DAY", required=True, help="The last day: 2027-01-31, or 90d. A year at most.")
@click.option("--url", metavar="URL", help="Of the API there, where several were scanned.")
@placed
def accept(**given: object) -> int:
    """Live with a finding for a time: scans show it, and do not count it. It counts again by itself."""
    from apiward.cli.findings_desk import accept_finding  # noqa: PLC0415 - the same

    return accept_finding(given)


@COMMAND.command("unaccept")
@click.argument("finding")
@click.option("--url", metavar="URL", help="Of the API there, where several were scanned.")
@placed
def unaccept(**given: object) -> int:
    """Let a finding that was accepted count again."""
    from apiward.cli.findings_desk import unaccept_finding  # noqa: PLC0415 - the same

    return unaccept_finding(given)


@COMMAND.command("history")
@click.option("--url", metavar="URL", help="Only of the API there.")
@click.option("--json", "is_json", is_flag=True, help="As JSON.")
@placed
def history(**given: object) -> int:
    """List what has changed from scan to scan, and what was accepted, the newest first."""
    from apiward.cli.findings_desk import list_history  # noqa: PLC0415 - the same

    return list_history(given)
