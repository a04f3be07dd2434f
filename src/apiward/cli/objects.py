"""`apiward objects`: whose things the guard protects. What the commands do stands in `objects_desk`."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _placed(command: _Command) -> _Command:
    """Add the options that say which guard is meant."""
    data = click.option(
        "--data", metavar="DIR", help="The guard's data folder, where it is not the one of the settings."
    )
    config = click.option("--config", metavar="FILE", help="Settings; ./apiward.toml is used where it is there.")
    return config(data(command))


@click.group("objects", invoke_without_command=True)
@click.option("--days", type=click.IntRange(1, 60), default=7, help="Days of would-be refusals that are listed (7).")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="How (text).")
@_placed
@click.pass_context
def COMMAND(ctx: click.Context, /, **given: object) -> int:  # noqa: N802 - the name that the group looks for
    """See which kinds of things your API has, whose they are, and who reached for other people's.

    A guard that runs takes every change within seconds.
    """
    if ctx.invoked_subcommand is not None:
        return 0
    from apiward.cli.objects_desk import list_objects  # noqa: PLC0415 - help must be fast

    return list_objects(given)


@COMMAND.command("enforce")
@click.argument("kind")
@click.option("--anyway", is_flag=True, help="Also where it has not been quiet for long enough.")
@click.option("--reason", default="", metavar="TEXT", help="Why; it stands in the rules.")
@_placed
def enforce(**given: object) -> int:
    """From now on, refuse access to other people's objects of that KIND."""
    from apiward.cli.objects_desk import set_mode  # noqa: PLC0415 - the same

    return set_mode("enforce", given)


@COMMAND.command("shadow")
@click.argument("kind")
@click.option("--reason", default="", metavar="TEXT", help="Why; it stands in the rules.")
@_placed
def shadow(**given: object) -> int:
    """From now on, only note access to other people's objects of that KIND."""
    from apiward.cli.objects_desk import set_mode  # noqa: PLC0415 - the same

    return set_mode("shadow", given)


@COMMAND.command("observe")
@click.argument("kind")
@click.option("--reason", default="", metavar="TEXT", help="Why; it stands in the rules.")
@_placed
def observe(**given: object) -> int:
    """From now on, say nothing of objects of that KIND, and go on learning."""
    from apiward.cli.objects_desk import set_mode  # noqa: PLC0415 - the same

    return set_mode("observe", given)


@COMMAND.command("share")
@click.argument("first")
@click.argument("second")
@click.option("--kind", default="", metavar="KIND", help="Only objects of this kind (all).")
@click.option("--object", "thing", default="", metavar="ID", help="Only this one object; needs --kind.")
@click.option("--reason", default="", metavar="TEXT", help="Why; it stands in the rules.")
@_placed
def share(**given: object) -> int:
    """Say that FIRST and SECOND are colleagues: each may reach what is the other's.

    They are written as in the list of would-be refusals: user:anna, or a sign such as #3fa2b1.
    """
    from apiward.cli.objects_desk import share as work  # noqa: PLC0415 - the same

    return work(given)


@COMMAND.command("undo")
@_placed
def undo(**given: object) -> int:
    """Take back what one of these commands wrote last."""
    from apiward.cli.objects_desk import undo as work  # noqa: PLC0415 - the same

    return work(given)
