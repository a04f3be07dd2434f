"""What `apiward events forward` does."""

from collections.abc import Mapping
from pathlib import Path

from apiward.app.recording.exporting import RECORD_KINDS, forward
from apiward.cli.exits import ExitCode
from apiward.cli.speaking import say
from apiward.cli.store_places import opened, texts
from apiward.config.errors import AdvisedError
from apiward.config.guarding import ForwardConfig
from apiward.core.outgoing import LineForm
from apiward.prove.neutral import one_line


def forward_events(given: Mapping[str, object]) -> int:
    """Send what was not sent yet; returns the exit code. Raises AdvisedError."""
    with opened(given) as store:
        configs = (_named(given),) if given.get("to") else store.config.forward
        if not configs:
            why = "Neither --to nor [[guard.forward]] in the settings names a receiver."
            raise AdvisedError("There is nowhere to send to.", why, "Write: apiward events forward --to URL")
        sent = forward(store, configs, follow=given.get("follow") is True, tell=say)
    say(f"Records that were sent: {sum(one.records for one in sent):,}.")
    problems = [one.problem for one in sent if one.problem]
    for problem in problems:
        say(f"The rest could not be sent: {one_line(problem)}. It waits in the store for the next time.")
    return ExitCode.NOT_ENOUGH if problems else ExitCode.HOLDS


def _named(given: Mapping[str, object]) -> ForwardConfig:
    ca = given.get("ca")
    try:
        return ForwardConfig(
            to=str(given["to"]),
            form=LineForm(str(given.get("form") or LineForm.OCSF)),
            what=texts(given, "what") or RECORD_KINDS,
            sends_old=given.get("is_new") is not True,
            ca_file=str(Path(str(ca)).absolute()) if ca else "",
            secret_env=str(given.get("secret_env") or ""),
        )
    except ValueError as error:
        raise AdvisedError("The receiver cannot be used.", f"{error}.", "See: apiward events forward --help") from None
