"""One event as all detections see it: looked at once, whoever asks."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from apiward.core.event import Event

NO_MARKS: Final[Mapping[str, str]] = MappingProxyType({})


class Sight:
    """Filled in anew for each event by the correlator; nobody may keep it.

    `who` is the caller: the principal where one is known, else the address. `place` is the address (of IPv6 the first
    64 bits). `slots` is what each detection remembers of this caller: only the detection itself knows what stands in
    its slot. `uses` are the events of this caller, with this one; `busy` are those
    of this minute, `last_s` is when the one before came. `crowd` is how
    many known callers share the address (9 stands for more): the more, the less an address alone says. It is told for
    strangers and at log-ins.
    """

    __slots__ = (
        "at_s", "bits", "busy", "crowd", "event", "last_s", "marks", "object", "operation", "place", "slots", "uses",
        "who",
    )  # fmt: skip

    def __init__(self) -> None:
        self.event: Event
        self.at_s = 0.0
        self.bits = 0
        self.who = ""
        self.place = ""
        self.operation = ""
        self.object = ""
        self.crowd = 0
        self.marks = NO_MARKS
        self.slots: list[Any] = []
        self.uses = 0
        self.busy = 0
        self.last_s = 0.0
