"""`apiward describe`: what apiward understands of an API. See `describing` and `describing_learned`."""

import click

from apiward.cli.options import app_option, connection_options


@click.command("describe")
@click.argument("url", required=False)
@app_option
@connection_options
@click.option("--learned", is_flag=True, help="Write what the guard has learned, as OpenAPI 3.1.")
@click.option("--from", "recording", metavar="FILE", help="For --learned: a HAR file, JSON lines or an access log.")
@click.option("--output", "-o", metavar="FILE", help="Write it as OpenAPI 3.1 to a file that ends in .yaml or .json.")
@click.pass_context
def COMMAND(ctx: click.Context, /, **_: object) -> int:  # noqa: N802 - the name that the group looks for
    """Show what apiward understands of the API at URL. Nothing is checked.

    Only the description is read. Where there is none, the operations are looked for: in pages and
    programs, in what answers link to, and under usual names, with requests that only read. On a
    public host without proof that it is yours, only the very address that you give is read. With
    --learned nothing is read from the API at all.
    """
    if ctx.params.get("learned") or ctx.params.get("recording"):
        from apiward.cli.describing_learned import describe_learned  # noqa: PLC0415 - the same

        return describe_learned(ctx.params)
    from apiward.cli.describing import describe  # noqa: PLC0415 - help must not load the engine

    return describe(ctx.params)
