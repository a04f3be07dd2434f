"""What `apiward guard autopilot` does: writes down the consent, with who gave it and when."""

import getpass
import time
from collections.abc import Mapping

from apiward.app.guarding.evidence import read_notes
from apiward.app.guarding.place import Place
from apiward.app.guarding.standing import moment
from apiward.cli.exits import ExitCode
from apiward.cli.guarding import settings
from apiward.cli.speaking import say
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig
from apiward.config.rules_file import load_rules_file, remove_rules, set_table
from apiward.core.decision import Mode
from apiward.guard.readiness import SWITCHED, counted
from apiward.guard.switching import AUTOPILOT


def autopilot(given: Mapping[str, object]) -> int:
    """Write down the consent, or that it has ended. Raises AdvisedError."""
    file, config = settings(given)
    place = Place.of(file, config)
    state = str(given["state"])
    if given.get("back") and state == "on":
        raise AdvisedError("--back belongs to off.", "", "Write: apiward guard autopilot off --back")
    set_table(place.base, "autopilot", {"state": state, "since": moment(time.time()), "by": _name()})
    held = load_rules_file(place.base).applied(config)
    if state == "on":
        _say_on(held, is_learned=bool(read_notes(place.data).learned))
    else:
        _say_off(place, is_back=bool(given.get("back")))
    return ExitCode.HOLDS


def _say_on(config: GuardConfig, *, is_learned: bool) -> None:
    needs = config.autopilot
    say(f"The autopilot is on, for {', '.join(SWITCHED)}. A guard that runs knows it within a second.")
    say(
        f"A stage enforces on an operation after {counted(needs.requests, 'request')} that went well, "
        f"of {counted(needs.callers, 'caller')} on {counted(needs.days, 'day')}, with none that it would have refused."
    )
    say("It steps back by itself where known callers are refused. See: apiward guard status")
    if config.mode is Mode.ENFORCE and is_learned:
        say("What was learned of the API only watches so far: that is what it switches. All else enforces already.")
    elif config.mode is Mode.ENFORCE:
        say('There is little for it to do: the guard enforces as a whole. To begin with watching: mode = "watch"')


def _say_off(place: Place, *, is_back: bool) -> None:
    if is_back:
        removed = remove_rules(place.base, "mode", lambda rule: rule.get("by") == AUTOPILOT)
        say(f"The autopilot is off, and what it had switched only watches again ({removed}).")
        return
    kept = sum(1 for rule in load_rules_file(place.base).mode if rule.by == AUTOPILOT and rule.mode == Mode.ENFORCE)
    say("The autopilot is off. It switches nothing any more, and takes nothing back.")
    if kept:
        say(f"What it switched stays ({kept}). To let it only watch again: apiward guard autopilot off --back")


def _name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name, as in some containers
        return ""
