"""Events that no request made: what was done to the guard, its settings, its keys, and to the record itself."""

import uuid
from typing import Final

from apiward.core.event import Event
from apiward.core.lanes import AuditKind

OURSELVES: Final = "apiward:watch"
"""Who has done it, where apiward took a step by itself."""


def told(now_s: float, said: str, *, kind: AuditKind, principal: str = "", id_: str = "") -> Event:
    """Return the event that `principal` did what `said` says. With an id of its own it is kept once, whoever tells."""
    return Event(
        id=id_ or uuid.uuid4().hex,
        at_s=now_s,
        method="",
        operation="",
        path="",
        status=0,
        outcome="passed",
        client="",
        principal=principal,
        kind=kind.value,
        said=said,
    )
