"""What `apiward events export` does."""

import time
from collections.abc import Mapping

from apiward.app.recording.exporting import event_lines, record_lines
from apiward.cli.exits import ExitCode
from apiward.cli.moments import moment_of
from apiward.cli.outputs import lines_to
from apiward.cli.speaking import say
from apiward.cli.store_places import opened


def export_events(given: Mapping[str, object]) -> int:
    """Write what is stored as lines. Raises AdvisedError."""
    now_s = time.time()
    since, until = given.get("since"), given.get("until")
    since_s = moment_of(str(since), "--since", now_s) if since else None
    until_s = moment_of(str(until), "--until", now_s) if until else None
    with opened(given) as store:
        form, what = str(given.get("form")), str(given.get("what"))
        if what == "events":
            lines = event_lines(store, form, since_s=since_s, until_s=until_s)
        else:
            lines = record_lines(store, form, what, since_s=since_s, until_s=until_s)
        count = lines_to(given.get("output"), lines)
    say(f"{what.capitalize()} that were written: {count:,}.")
    return ExitCode.HOLDS
