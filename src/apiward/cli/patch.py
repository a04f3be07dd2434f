"""`apiward patch`: rules that hold findings shut. What it does stands in `patching` and `patch_desk`."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from apiward.cli.options import account_options, connection_options, showing_options

_Command = TypeVar("_Command", bound=Callable[..., Any])


class _Patch(click.Group):
    """Takes ids of findings where a command could stand: `apiward patch --all` is `apiward patch hold --all`."""

    usual = "hold"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `hold` before anything that is no command, but for a wish for help."""
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = [self.usual, *args]
        return super().parse_args(ctx, args)


def _placed(command: _Command) -> _Command:
    data = click.option("--data", metavar="DIR", help="The guard's data folder, where the settings name another.")
    config = click.option("--config", metavar="FILE", help="Settings; ./apiward.toml is used where it is there.")
    return config(data(command))


@click.group("patch", cls=_Patch)
def COMMAND() -> None:  # noqa: N802 - the name that the group looks for
    """Hold what a scan has found shut at the guard until it is fixed, and prove it.

    apiward patch FINDING… and apiward patch --all are short for: apiward patch hold.
    """


@COMMAND.command("hold")
@click.argument("findings", nargs=-1, metavar="[FINDING]…")
@click.option("--all", "every", is_flag=True, help="All findings of the last scan.")
@click.option("--guard", metavar="URL", help="The guard that runs. Without it, one is started for the test.")
@click.option("--staff", multiple=True, metavar="NAME", help="Who may do what only staff may: user:anna. Repeatable.")
@click.option("--days", type=click.IntRange(1, 3650), default=90, help="Days until the rules end (90).")
@click.option("--owner", metavar="NAME", help="Who answers for the rules (the user of this computer).")
@click.option("--dry-run", is_flag=True, help="Print the rules and write nothing.")
@connection_options
@account_options
@showing_options
@click.pass_context
def hold(ctx: click.Context, /, **_: object) -> int:
    """Write rules for each FINDING of the last scan, have the guard take them, and scan again through it.

    The rules stand in apiward.rules.toml, beside apiward.toml. A rule that does not hold, or that refuses what
    is rightful, is taken back. Exit code 0: all is held. 1: some is not. 3: some could not be shown.
    """
    from apiward.cli.patching import patch  # noqa: PLC0415 - help must not load the engine

    return patch(ctx.params)


@COMMAND.command("list")
@click.option("--check", is_flag=True, help="Scan behind the guard: which rules are not needed any more?")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="How (text).")
@_placed
@account_options
@showing_options
@click.pass_context
def listed(ctx: click.Context, /, **_: object) -> int:
    """List the rules: what each holds, until when, and whether it was ever needed."""
    from apiward.cli.patch_desk import list_patches  # noqa: PLC0415 - the same

    return list_patches(ctx.params)


@COMMAND.command("expire")
@click.argument("rule", metavar="ID")
@_placed
def expire(**given: object) -> int:
    """Let the rule of that ID end now; it stays in the file and can be read."""
    from apiward.cli.patch_desk import expire_patch  # noqa: PLC0415 - the same

    return expire_patch(given)


@COMMAND.command("remove")
@click.argument("rules", nargs=-1, required=True, metavar="ID…")
@_placed
def remove(**given: object) -> int:
    """Take rules out of the file; the guard follows within a second."""
    from apiward.cli.patch_desk import remove_patches  # noqa: PLC0415 - the same

    return remove_patches(given)
