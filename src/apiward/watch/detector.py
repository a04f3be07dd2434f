"""What a detection is: which events it wants to see, what it remembers, and how it tells what it has found."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Protocol

from apiward.core.finding import Severity
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight
from apiward.watch.traffic import Traffic
from apiward.watch.windows.recent import Recent

Facts = Sequence[tuple[str, object]]


class Tell(Protocol):
    """Takes what was found: one more event, or `count` of them, of one pattern by one actor."""

    def __call__(
        self,
        rule: str,
        sight: Sight,
        *,
        severity: Severity,
        who: str = "",
        count: int = 1,
        facts: Facts = (),
        touched: Sequence[str] = (),
    ) -> None:
        """Tell it. `who` is the caller where nothing else is given."""
        ...


class TellTime(Protocol):
    """Takes what was found without an event."""

    def __call__(self, rule: str, who: str, now_s: float, *, severity: Severity, facts: Facts = ()) -> None:
        """Tell it."""
        ...


class Detector:
    """One detection at work. `when` are sets of bits (`watch.signs`): it sees events that have all bits of one of them.

    `kept` is what it remembers beside the slots of callers: texts, numbers, lists, mappings by text. `tables` are
    mappings with a bound. Both stand in the checkpoint as they are; `version` rises when their form changes.
    """

    rule: ClassVar[str]
    when: ClassVar[tuple[int, ...]]
    unless: ClassVar[int] = 0
    """Events with any of these bits are not for it."""
    version: ClassVar[int] = 1

    def __init__(self, settings: SeeingSettings) -> None:
        self.settings = settings
        self.slot = 0
        """Where it stands among the slots of a caller."""
        self.traffic = Traffic()
        """How much there is of everything; one for all detections, given by the correlator."""
        self.is_idle = False
        """Whether the settings leave it nothing to do."""
        self.kept: dict[str, Any] = {}
        self.tables: dict[str, Recent[list[Any]]] = {}

    def see(self, sight: Sight, tell: Tell) -> None:
        """Look at one event."""
        raise NotImplementedError

    def passed(self, now_s: float, tell: TellTime) -> None:
        """Notice that time has passed without an event."""

    def entries(self) -> Iterator[tuple[str, Recent[list[Any]]]]:
        """Yield its tables by name."""
        yield from self.tables.items()
