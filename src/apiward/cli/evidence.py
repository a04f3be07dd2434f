"""`apiward evidence`: frozen evidence. What the command does stands in `evidence_desk`."""

import click

from apiward.cli.placing import placed


@click.group("evidence")
def COMMAND() -> None:  # noqa: N802 - the name that the group looks for
    """Check that frozen evidence is what was frozen."""


@COMMAND.command("verify")
@click.argument("file")
@click.option("--key", metavar="KEY", help="The public key, as apiward audit-log key printed it; the one at hand.")
@click.option("--seal", metavar="HEX", help="The seal that apiward breach start printed.")
@placed
def verify(**given: object) -> int:
    """Check the bundle FILE. No network and no store is needed.

    Exit code 1 if anything was changed, taken out or added; 3 if neither key nor seal from elsewhere was there, as then
    the whole bundle may have been made anew.
    """
    from apiward.cli.evidence_desk import verify_bundle  # noqa: PLC0415 - help must be fast

    return verify_bundle(given)
