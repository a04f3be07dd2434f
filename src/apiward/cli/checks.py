"""`apiward checks`: every check with its level and severity."""

import textwrap

import click

from apiward.cli.speaking import width, write_out


@click.command("checks")
def COMMAND() -> None:  # noqa: N802 - the name that the group looks for
    """List all checks: code, severity, and the level that each needs."""
    from apiward.catalogue.loading import load_catalogue  # noqa: PLC0415 - help must not load the engine
    from apiward.scan.registry import CHECKS  # noqa: PLC0415 - the same

    entries = load_catalogue().checks
    lines = [f"{'code':<7}{'severity':<10}{'level':<7}weakness"]
    for check in sorted(CHECKS, key=lambda check: list(entries).index(check.code)):
        entry = entries[check.code]
        lead = f"{entry.code:<7}{entry.severity.word:<10}{check.level.word:<7}"
        lines += textwrap.wrap(entry.title, width(), initial_indent=lead, subsequent_indent=" " * len(lead))
    lines += ["", f"{len(CHECKS)} checks. More on one: apiward explain {CHECKS[0].code}"]
    write_out("\n".join(lines) + "\n")
