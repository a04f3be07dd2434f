"""`apiward audit-log`: the audit record. What the commands do stands in `audit_log_desk`."""

import click

from apiward.cli.placing import placed, spanned

_KINDS = ("authentication", "access", "administration", "configuration", "block", "incident", "record")


@click.group("audit-log")
def COMMAND() -> None:  # noqa: N802 - the name that the group looks for
    """Look at the audit record, check that nobody changed it, and erase people from it.

    It holds who logged in, who was refused, and who changed what. Nothing is left out of it.
    """


@COMMAND.command("verify")
@click.option(
    "--checkpoints",
    multiple=True,
    metavar="FILE",
    help="Checkpoints that were kept elsewhere. Repeatable; those of the settings.",
)
@click.option("--key", metavar="KEY", help="The public key, as apiward audit-log key printed it; the one at hand.")
@click.option("--proof", metavar="FILE", help="Hold two checkpoints against this proof; no store is needed for that.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="How (text).")
@placed
def verify(**given: object) -> int:
    """Check that nobody changed the record.

    Says which entries were changed, taken out, moved, cut off or written anew. Exit code 1 if any were; 3 if no
    checkpoint could be compared, as then the whole record may have been written anew.
    """
    from apiward.cli.audit_log_desk import verify_record  # noqa: PLC0415 - help must be fast

    return verify_record(given)


@COMMAND.command("show")
@click.option("--kind", type=click.Choice(_KINDS), help="Only entries of this kind.")
@click.option("--principal", metavar="WHO", help="Only entries of this caller, such as user:42.")
@click.option("--last", type=click.IntRange(1, 100_000), default=50, help="How many, the newest (50).")
@spanned
@placed
def show(**given: object) -> int:
    """Show the newest entries, the last one at the end."""
    from apiward.cli.audit_log_desk import show_record  # noqa: PLC0415 - the same

    return show_record(given)


@COMMAND.command("export")
@click.option("-o", "--output", metavar="FILE", help="Where to; stdout.")
@click.option("--kind", type=click.Choice(_KINDS), help="Only entries of this kind.")
@click.option("--principal", metavar="WHO", help="Only entries of this caller, such as user:42.")
@spanned
@placed
def export(**given: object) -> int:
    """Write entries as JSON lines, as they stand in the tree: who has them can check their hashes."""
    from apiward.cli.audit_log_desk import export_record  # noqa: PLC0415 - the same

    return export_record(given)


@COMMAND.command("erase")
@click.argument("principal")
@click.option("--yes", is_flag=True, help="Do not ask.")
@placed
def erase(**given: object) -> int:
    """Erase PRINCIPAL (user:42, or address:192.0.2.7) from the record, the events and the counts.

    What happened stays, who it was goes for good. The record still verifies.
    """
    from apiward.cli.audit_log_desk import erase_caller  # noqa: PLC0415 - the same

    return erase_caller(given)


@COMMAND.command("prove")
@click.option("--from", "old", type=click.IntRange(1), required=True, metavar="SIZE", help="Of the earlier checkpoint.")
@click.option("--to", "new", type=click.IntRange(1), metavar="SIZE", help="Of the later one; all entries.")
@placed
def prove(**given: object) -> int:
    """Write the proof that the record goes on from what it was when it had SIZE entries.

    Who has both checkpoints can check it with verify --proof, and sees no entry.
    """
    from apiward.cli.audit_log_desk import print_proof  # noqa: PLC0415 - the same

    return print_proof(given)


@COMMAND.command("key")
@placed
def key(**given: object) -> int:
    """Print the public key that checks the record. Keep it elsewhere, with the checkpoints."""
    from apiward.cli.audit_log_desk import print_key  # noqa: PLC0415 - the same

    return print_key(given)
