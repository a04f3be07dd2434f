"""The command `apiward`. Importing this loads no network, web or drawing package: help must be fast."""

import sys
from collections.abc import Sequence
from typing import Any, Final, NoReturn

import click

from apiward import __version__
from apiward.cli.exits import ExitCode
from apiward.cli.lazy import LazyGroup

NAME: Final = "apiward"
PLACES: Final = {
    "try": ("apiward.cli.try_out", "a tour on a built-in weak demo API, offline"),
    "up": ("apiward.cli.up", "start guard, watch and your page together, with a few questions"),
    "open": ("apiward.cli.open_page", "print a link into your page; it works once"),
    "people": ("apiward.cli.people", "say who may log in at your page from elsewhere, and as what"),
    "scan": ("apiward.cli.scan", "find out what is wrong with an API, each finding proved"),
    "findings": ("apiward.cli.findings", "what scans found, since when; accept one for a time"),
    "guard": ("apiward.cli.guard", "put a gate before an API that holds its holes shut"),
    "watch": ("apiward.cli.watch", "read logs that exist already, and say what happened"),
    "patch": ("apiward.cli.patch", "hold what a scan has found shut at the guard, and prove it"),
    "allow": ("apiward.cli.allow", "let through what the guard refused wrongly, and nothing else"),
    "incidents": ("apiward.cli.incidents", "what happened, told once: look at it, hold it off, close it"),
    "block": ("apiward.cli.block", "shut a caller, an address or an operation out for a time, and undo it"),
    "notify": ("apiward.cli.notify", "try the ways in which you are told of incidents"),
    "drill": ("apiward.cli.drill", "an exercise: how long to notice an attack, to tell you, to hold it off"),
    "objects": ("apiward.cli.objects", "whose things are whose, and who reached for other people's"),
    "keys": ("apiward.cli.keys", "make and take back the API keys that the guard knows"),
    "audit-log": (
        "apiward.cli.audit_log",
        "look at the audit record and check that nobody changed it",
    ),
    "store": ("apiward.cli.store", "back up, restore, check or move what the guard has stored"),
    "events": ("apiward.cli.events", "send stored events elsewhere: OCSF, CEF or JSON lines"),
    "rules": ("apiward.cli.rules", "check your own rules, in Sigma, and see what they would have told"),
    "breach": ("apiward.cli.breach", "something happened: time limits, frozen evidence, letters"),
    "evidence": ("apiward.cli.evidence", "check that frozen evidence is what was frozen"),
    "playbook": ("apiward.cli.playbook", "what to do when something has happened, step by step"),
    "explain-access": ("apiward.cli.explain_access", "say whether a caller may do something at the guard, and why"),
    "learned": ("apiward.cli.learned", "show what the guard has learned of an API, and how sure it is"),
    "describe": ("apiward.cli.describe", "show what apiward understands of an API; checks nothing"),
    "accounts": ("apiward.cli.accounts", "try the accounts of a scan, and say what would make it see more"),
    "explain": ("apiward.cli.explain", "what a check, a risk or a finding means and how to fix it"),
    "report": ("apiward.cli.report", "how your API stands: grade, next steps, a page to show others"),
    "doctor": ("apiward.cli.doctor", "what is set up, what is missing, and the next command"),
    "digest": ("apiward.cli.digest", "the week in a few lines, shown or sent to your channels"),
    "replay": ("apiward.cli.replay", "send one finding again: does it hold now?"),
    "checks": ("apiward.cli.checks", "list all checks with level and severity"),
    "baseline": ("apiward.cli.baseline", "tidy a file of accepted findings"),
    "config": ("apiward.cli.config_file", "check the settings in apiward.toml"),
    "exit-codes": ("apiward.cli.exit_codes", "what the exit codes say"),
    "completion": ("apiward.cli.completion", "print the completion script of bash, zsh or fish"),
}


class Apiward(LazyGroup):
    """The whole command line: every error becomes words and an exit code here, and nowhere else."""

    places = PLACES

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,  # noqa: ARG002 - the same name however it was started
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: ARG002, FBT001, FBT002 - click's signature
        **extra: Any,  # noqa: ANN401 - the same
    ) -> NoReturn:
        """Run the command and exit."""
        arguments = list(sys.argv[1:] if args is None else args)
        try:
            code = super().main(arguments, NAME, complete_var, standalone_mode=False, **extra)
        except Exception as error:  # noqa: BLE001 - the one place that turns every error into words
            from apiward.cli.failing import failed  # noqa: PLC0415 - not needed where all goes well

            code = failed(error, arguments)
        sys.exit(code if isinstance(code, int) else ExitCode.HOLDS)


@click.group(
    cls=Apiward,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    no_args_is_help=False,
    invoke_without_command=True,
    epilog="Start with: apiward try. Then your own: apiward scan http://localhost:8000",
)
@click.version_option(__version__, prog_name=NAME, message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show the details when apiward itself fails.")
@click.pass_context
def cli(ctx: click.Context, *, debug: bool) -> None:
    """Find out what is wrong with your API, in plain words and with proof.

    Nothing leaves this computer but the requests to the API that you name.
    """
    del debug  # read by `failing` from the arguments, because an error may come before click has parsed them
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main() -> NoReturn:
    """Run the command line with the arguments of this process."""
    cli.main()
