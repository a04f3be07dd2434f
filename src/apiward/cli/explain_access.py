"""`apiward explain-access`: may a caller do something at the guard? What it does stands in `explain_access_asked`."""

import click


@click.command("explain-access")
@click.argument("method")
@click.argument("path")
@click.option(
    "--as", "who", metavar="USER", help="Who asks: 'anna,role=staff,scope=orders:read', or 'key:ID,role=…'. Nobody."
)
@click.option("--config", metavar="FILE", help="Settings; ./apiward.toml is used where it is there.")
@click.option("--spec", metavar="FILE|URL", help="The API's description; that of the settings if not given.")
def COMMAND(**given: object) -> int:  # noqa: N802 - the name that the group looks for
    """Say whether a caller may METHOD PATH at the guard, which rule says so, and what would allow it.

    It ends with 0 where the caller may, with 1 where not.
    """
    from apiward.cli.explain_access_asked import explain  # noqa: PLC0415 - help must not load the engine

    return explain(given)
