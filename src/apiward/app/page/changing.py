"""Changes settings from the page: whether the guard refuses, the autopilot; and tries channels.

Each change is refused where the file is not as the page showed it, stands in the audit record, and can be undone as
long as nobody has changed the file since.
"""

import contextlib
import json
from typing import Final

from apiward.app.guarding.standing import moment
from apiward.app.guarding.telling import must_tell
from apiward.app.incidents.following import note_tested, try_channel
from apiward.app.page.source import PageSource
from apiward.app.page.works import Works
from apiward.config.errors import AdvisedError
from apiward.config.guarding import parse_guard
from apiward.config.rules_file import set_table
from apiward.config.settings_file import digest_of, put_back, set_value, settings_text
from apiward.core.decision import Mode
from apiward.core.jsonvalue import parse_json
from apiward.core.lanes import AuditKind

MODES: Final = (Mode.WATCH, Mode.ENFORCE)
_UNDO: Final = "settings-before"
_MOST_UNDO: Final = 8_000_000


def seen(source: PageSource) -> str:
    """Return what tells later whether the settings file was changed; empty where there is none that can be read."""
    file = source.place.file
    if file is None or not file.exists():
        return ""
    with contextlib.suppress(AdvisedError):
        return digest_of(settings_text(file))
    return ""


def set_mode(source: PageSource, mode: str, digest: str) -> None:
    """Let the guard refuse, or only watch. Raises AdvisedError."""
    if mode not in frozenset(MODES):
        raise AdvisedError("Nothing was written.", "There is no such mode.", "")
    file = source.place.file
    if file is None or not file.exists():
        raise AdvisedError("Nothing was written.", "There is no settings file.", "Make one: apiward up")
    before, after = set_value(file, "guard", "mode", mode, seen=digest, problems=_problems)
    _keep(source, before, after)
    _tell(source, f"The setting guard.mode is {mode} now.")


def undo(source: PageSource, digest: str) -> None:
    """Put the settings file back to what it said before the last change. Raises AdvisedError."""
    file, text = source.place.file, before_last_change(source)
    if file is None or text is None:
        raise AdvisedError("Nothing was undone.", "The file was changed since, or was not changed from here.", "")
    put_back(file, text, seen=digest, problems=_problems)
    _tell(source, "The last change of the settings was undone.")


def before_last_change(source: PageSource) -> str | None:
    """Return what the settings file said before the page changed it last; None where it was changed since."""
    found = parse_json(Works(source.place.data).text(_UNDO, most=_MOST_UNDO))
    now = seen(source)
    if isinstance(found, dict) and now and found.get("after") == now:
        return str(found.get("before"))
    return None


def set_autopilot(source: PageSource, state: str) -> None:
    """Say that the autopilot may switch, or may not, as `apiward guard autopilot` does. Raises AdvisedError."""
    if state not in {"on", "off"}:
        raise AdvisedError("Nothing was written.", "It is on or off.", "")
    set_table(source.place.base, "autopilot", {"state": state, "since": moment(source.clock()), "by": source.by})
    _tell(source, f"The autopilot is {state} now.")


def try_out(source: PageSource, name: str) -> None:
    """Send a test message on a channel. Raises AdvisedError where it did not take it."""
    settings = source.settings()
    if settings.problem:
        raise AdvisedError("Nothing was sent.", "The settings file cannot be used.", "Put it right first.")
    try_channel(name, settings.notify, source.place.base, now_s=source.clock())
    with contextlib.suppress(OSError):  # doctor then says that it was not tried
        note_tested(source.place.data, name, source.clock())
    _tell(source, f"The channel {name} took a test message.")


def _problems(text: str) -> tuple[str, ...]:
    return parse_guard(text)[1]


def _keep(source: PageSource, before: str, after: str) -> None:
    """Keep what the file said, for an undo; without it, the change can still be undone by hand."""
    with contextlib.suppress(OSError), Works(source.place.data).opened(_UNDO) as descriptor:
        text = json.dumps({"after": digest_of(after), "before": before})
        with open(descriptor, "w", encoding="utf-8", closefd=False) as file:
            file.write(text)


def _tell(source: PageSource, said: str) -> None:
    must_tell(source.place.data, said, kind=AuditKind.CONFIGURATION, now_s=source.clock(), by=source.by)
