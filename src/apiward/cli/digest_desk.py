"""What `apiward digest` does: shows the week, or sends it."""

import time
from collections.abc import Mapping

from apiward.app.recording.opening import Store
from apiward.app.reporting.digest import send_notice, weekly_notice
from apiward.cli.exits import ExitCode
from apiward.cli.speaking import say, write_out
from apiward.cli.store_places import place_of
from apiward.config.notifying import load_notify
from apiward.prove.neutral import one_line


def digest(given: Mapping[str, object]) -> int:
    """Show the week or send it; return 3 where a channel did not take it. Raises AdvisedError."""
    place, config = place_of(given)
    notify = load_notify(place.file)
    with Store.opened(place, config) as store:
        notice = weekly_notice(store, place, time.time(), target=str(given.get("target") or ""), link=notify.link)
    if given.get("is_sent") is not True:
        write_out("\n".join((one_line(notice.title), "", *notice.lines)) + "\n")
        return ExitCode.HOLDS
    sent = send_notice(notice, notify, place.base)
    for name in sent.taken:
        say(f"The channel {name} took it.")
    for name, why in sent.refused.items():
        say(f"The channel {name} did not take it. {why}")
    return ExitCode.NOT_ENOUGH if sent.refused else ExitCode.HOLDS
