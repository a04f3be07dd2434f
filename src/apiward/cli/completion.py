"""`apiward completion`: the script that lets a shell complete commands and options."""

import click
from click.shell_completion import get_completion_class

from apiward.cli.choices import OneOf
from apiward.cli.speaking import write_out

_HOW = {
    "bash": '# Put this into ~/.bashrc:  eval "$(apiward completion bash)"',
    "zsh": '# Put this into ~/.zshrc:  eval "$(apiward completion zsh)"',
    "fish": "# Run once:  apiward completion fish > ~/.config/fish/completions/apiward.fish",
}


@click.command("completion")
@click.argument("shell", type=OneOf(list(_HOW)))
@click.pass_context
def COMMAND(ctx: click.Context, shell: str) -> None:  # noqa: N802 - the name that the group looks for
    """Print the completion script of SHELL."""
    maker = get_completion_class(shell)
    if maker is None:
        raise click.UsageError(f"click has no completion for {shell}.")
    # `source_vars` and the template, not `source()`: that one starts the shell to see its version.
    completer = maker(ctx.find_root().command, {}, "apiward", "_APIWARD_COMPLETE")
    script = completer.source_template % completer.source_vars()
    write_out(f"{_HOW[shell]}\n{script.strip()}\n")
