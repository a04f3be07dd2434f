"""`apiward rules`: owners' own rules. What the commands do stands in `rules_desk`."""

import click

from apiward.cli.placing import placed, spanned


@click.group("rules")
def COMMAND() -> None:  # noqa: N802 - the name that the group looks for
    """Check your own rules, and see what they would have told.

    They are written in Sigma, and watched beside apiward's own once [watch] names them: rules = ["rules/*.yml"].
    """


@COMMAND.command("test")
@click.argument("rules", nargs=-1)
@click.option("--events", metavar="FILE", help="Events to hold them against, as apiward events export writes them.")
@click.option("--store", "is_stored", is_flag=True, help="Hold them against the events that the guard has stored.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="How (text).")
@spanned
@placed
def test(**given: object) -> int:
    """Check RULES (files, folders, patterns; those of the settings), and say what they would have told.

    A rule that cannot be used is told with its file and line. Nothing of a rule is left out in silence.
    """
    from apiward.cli.rules_desk import test_rules  # noqa: PLC0415 - help must be fast

    return test_rules(given)


@COMMAND.command("list")
@click.argument("rules", nargs=-1)
@placed
def list_(**given: object) -> int:
    """List RULES (those of the settings)."""
    from apiward.cli.rules_desk import list_rules  # noqa: PLC0415 - the same

    return list_rules(given)


@COMMAND.command("fields")
def fields() -> int:
    """List the fields that a rule may ask for."""
    from apiward.cli.rules_desk import list_fields  # noqa: PLC0415 - the same

    return list_fields()
