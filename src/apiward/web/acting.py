"""What forms of the page do. Each is what a command does, too, and stands in the audit record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from apiward.app.page.accepting import accept, count_again
from apiward.app.page.changing import set_autopilot, set_mode, try_out, undo
from apiward.app.page.holding import begin, end, take_out
from apiward.app.page.risks import finding_of
from apiward.app.page.source import PageSource
from apiward.app.page.traffic import allow, disallow, let_in
from apiward.app.page.works import WorkKind
from apiward.app.recording.accepting import MOST_REASON
from apiward.config.errors import AdvisedError
from apiward.core.incident import IncidentState
from apiward.prove.neutral import one_line
from apiward.web.forms import number

HOUR_S: Final = 3_600.0
_SPANS: Final = {"1h": HOUR_S, "24h": 24 * HOUR_S, "7d": 168 * HOUR_S}

Fields = Mapping[str, str]
Act = Callable[[PageSource, str, Fields], str]
"""Does it to the thing of that id, and returns what is said of it (`frame.done-…`). Raises AdvisedError, OSError."""


@dataclass(frozen=True, slots=True)
class Action:
    """One form: where it is sent to, what it does, and which page is shown then."""

    path: str
    act: Act
    back: str
    is_owners: bool = False
    """Whether only an owner may: it can take the protection away from all of the API."""


def _accept(source: PageSource, id_: str, fields: Fields) -> str:
    accept(source, finding_of(source, id_), reason=fields.get("reason", ""), days=number(fields, "days"))
    return "accepted"


def _count_again(source: PageSource, id_: str, _: Fields) -> str:
    count_again(source, finding_of(source, id_))
    return "counted"


def _begun(kind: WorkKind) -> Act:
    def begun(source: PageSource, id_: str, _: Fields) -> str:
        begin(source, kind, id_)
        return ""

    return begun


def _end(source: PageSource, id_: str, _: Fields) -> str:
    end(source, id_)
    return "ending"


def _take_out(source: PageSource, id_: str, fields: Fields) -> str:
    take_out(source, id_, fields.get("rule", ""))
    return "taken-out"


def _contain(source: PageSource, id_: str, fields: Fields) -> str:
    for_s = _SPANS.get(fields.get("for", ""))
    if for_s is None:
        raise AdvisedError("Nobody was held off.", "There is no such time.", "Choose one of those that are named.")
    held = source.incident_desk().contain(
        id_, for_s=for_s, reason=f"Incident {id_}", with_operations=fields.get("operations") == "yes"
    )
    return "not-contained" if held.why_not else "contained"


def _undo(source: PageSource, id_: str, _: Fields) -> str:
    return "not-undone" if source.incident_desk().undo(id_).why_not else "undone"


def _close(source: PageSource, id_: str, fields: Fields) -> str:
    closed = source.incident_desk().close(id_, _text(fields, "reason"))
    return "closed" if closed.state is IncidentState.CLOSED else ""


def _note(source: PageSource, id_: str, fields: Fields) -> str:
    text = _text(fields, "text")
    if not text:
        raise AdvisedError("Nothing was noted.", "A note needs words.", "")
    source.incident_desk().note(id_, text)
    return "noted"


def _allow(source: PageSource, id_: str, fields: Fields) -> str:
    is_anyway = fields.get("anyway") == "yes"
    allow(source, id_, reason=_text(fields, "reason"), days=number(fields, "days"), is_anyway=is_anyway)
    return "allowed"


def _disallow(source: PageSource, id_: str, _: Fields) -> str:
    disallow(source, id_)
    return "disallowed"


def _let_in(source: PageSource, id_: str, _: Fields) -> str:
    return "let-in" if let_in(source, id_).is_so else "not-let-in"


def _mode(source: PageSource, _: str, fields: Fields) -> str:
    set_mode(source, fields.get("mode", ""), fields.get("seen", ""))
    return "mode"


def _autopilot(source: PageSource, _: str, fields: Fields) -> str:
    set_autopilot(source, fields.get("state", ""))
    return "autopilot"


def _undo_settings(source: PageSource, _: str, fields: Fields) -> str:
    undo(source, fields.get("seen", ""))
    return "settings-undone"


def _try_channel(source: PageSource, id_: str, _: Fields) -> str:
    try_out(source, id_)
    return "channel-tried"


def _text(fields: Fields, name: str) -> str:
    return one_line(fields.get(name, ""))[:MOST_REASON].strip()


ACTIONS: Final = (
    Action("/risks/{id}/accept", _accept, "/risks/{id}"),
    Action("/risks/{id}/count-again", _count_again, "/risks/{id}"),
    Action("/risks/{id}/plan", _begun(WorkKind.PLAN), "/risks/{id}/work"),
    Action("/risks/{id}/hold", _begun(WorkKind.HOLD), "/risks/{id}/work"),
    Action("/risks/{id}/replay", _begun(WorkKind.REPLAY), "/risks/{id}/work"),
    Action("/risks/{id}/work/end", _end, "/risks/{id}/work"),
    Action("/risks/{id}/take-out", _take_out, "/risks/{id}"),
    Action("/incidents/{id}/contain", _contain, "/incidents/{id}"),
    Action("/incidents/{id}/undo", _undo, "/incidents/{id}"),
    Action("/incidents/{id}/close", _close, "/incidents/{id}"),
    Action("/incidents/{id}/note", _note, "/incidents/{id}"),
    Action("/traffic/refusals/{id}/allow", _allow, "/traffic/refusals/{id}"),
    Action("/traffic/allowed/{id}/remove", _disallow, "/traffic"),
    Action("/traffic/blocks/{id}/undo", _let_in, "/traffic"),
    Action("/settings/mode", _mode, "/settings", is_owners=True),
    Action("/settings/autopilot", _autopilot, "/settings", is_owners=True),
    Action("/settings/undo", _undo_settings, "/settings", is_owners=True),
    Action("/settings/channels/{id}/test", _try_channel, "/settings"),
)
