"""`apiward accounts`: the options. What it does stands in `accounts_desk`, which is loaded only when it runs."""

import click

from apiward.cli.choices import OneOf
from apiward.cli.options import account_options, app_option, connection_options, showing_options
from apiward.config.scanning import LEVELS


@click.command("accounts")
@click.argument("url", required=False)
@app_option
@connection_options
@account_options
@click.option(
    "--level",
    type=OneOf(list(LEVELS)),
    help="read: tries the accounts that you give. write: signs up two test accounts as well, and makes records with "
    "them. Without it: read.",
)
@showing_options
@click.pass_context
def COMMAND(ctx: click.Context, /, **_: object) -> int:  # noqa: N802 - the name that the group looks for
    """Try the accounts for the API at URL, and say what would make a scan see more. Nothing is checked.

    Each account logs in, and reads what a scan reads before its checks. It ends with 0 where two accounts of
    customers are logged in, else with 3.
    """
    from apiward.cli.accounts_desk import try_accounts  # noqa: PLC0415 - help must not load the engine

    return try_accounts(ctx.params)
