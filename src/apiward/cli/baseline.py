"""`apiward baseline`: tidies a file of accepted findings. What it does stands in `pruning`."""

import click


@click.group("baseline")
def COMMAND() -> None:  # noqa: N802 - the name that the group looks for
    """Tidy a file of accepted findings."""


@COMMAND.command("prune")
@click.argument("file")
@click.option("--url", metavar="URL", help="The API that FILE belongs to, where the file does not say.")
def prune(file: str, url: str | None) -> int:
    """Take out of FILE what the last scan of the same API saw fixed.

    What that scan could not tell stays. Run a scan first.
    """
    from apiward.cli.pruning import prune_file  # noqa: PLC0415 - help must be fast

    return prune_file(file, url or "")
