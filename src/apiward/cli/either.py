"""A command with an argument that also has commands of its own: `apiward guard URL` and `apiward guard status`."""

import difflib
from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar

import click

from apiward.config.errors import AdvisedError


class Either(click.Command):
    """A first word that is one of `places` (name: module and one line of help) is a command, all else an argument."""

    places: ClassVar[Mapping[str, tuple[str, str]]] = {}

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - click's signature
    ) -> click.Context:
        """Return the context of what the first word says."""
        if args and args[0] in self.places:
            name = f"{info_name} {args[0]}"
            return self.command(args[0]).make_context(name, args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)

    def command(self, name: str) -> click.Command:
        """Import and return one of its commands."""
        command = import_module(self.places[name][0]).COMMAND
        if not isinstance(command, click.Command):
            raise TypeError(f"{name} is no command")
        return command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write its options, then its commands."""
        super().format_options(ctx, formatter)
        with formatter.section("Commands"):
            formatter.write_dl([(f"{ctx.info_name} {name}", words) for name, (_, words) in self.places.items()])


def misplaced(word: str, command: str, places: Mapping[str, tuple[str, str]]) -> AdvisedError | None:
    """Return what to say where an argument looks like one of the commands, or None."""
    if word in places:
        return AdvisedError(f'"{word}" must come first.', "Options go behind it.", f"Write: {command} {word} ...")
    near = difflib.get_close_matches(word.lower(), places, n=1, cutoff=0.75)
    if not near:
        return None
    return AdvisedError(f"{word[:40]!a} is unknown here.", f"Did you mean {near[0]}?", f"Try: {command} {near[0]}")
