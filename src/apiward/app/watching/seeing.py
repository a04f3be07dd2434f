"""What watch sees with: apiward's own detections, and the rules of the owner beside them."""

from collections.abc import Sequence
from pathlib import Path

from apiward.app.rules.files import load_book
from apiward.app.watching.watching import Seer
from apiward.config.watching import WatchConfig
from apiward.core.detection import Detection
from apiward.core.event import Event
from apiward.watch.correlator import Correlator
from apiward.watch.registry import DETECTIONS
from apiward.watch.sigma.model import Book
from apiward.watch.sigma.rules import SigmaRules

RULES = "rules"
"""The part of a checkpoint that is of the owner's rules; that of the detections is the seer's own."""


class BothSeers:
    """Shows each event to the detections and to the owner's rules."""

    def __init__(self, detections: Seer, rules: SigmaRules) -> None:
        self._detections = detections
        self.rules = rules
        if rules.is_empty:
            self.see = detections.see  # type: ignore[method-assign]  # one call less, for each event

    def see(self, event: Event) -> Sequence[Detection]:
        """Look at one event."""
        found, own = self._detections.see(event), self.rules.see(event)
        return [*found, *own] if own else found

    def passed(self, now_s: float) -> Sequence[Detection]:
        """Say what shows by time alone."""
        return [*self._detections.passed(now_s), *self.rules.passed(now_s)]

    def state(self) -> bytes:
        """Return what the detections must know after a restart; `part` is that of the rules."""
        return self._detections.state()

    def part(self) -> dict[str, bytes]:
        """Return what the rules must know after a restart."""
        return {RULES: self.rules.state()}


def seers_of(config: WatchConfig, base: Path, state: bytes = b"", rules_state: bytes = b"") -> BothSeers:
    """Return what watch sees with, as it was when its states were kept. Raises AdvisedError, StateError."""
    book = load_book(config.rules, base) if config.rules else Book()
    detections = (
        Correlator.restored(state, DETECTIONS, config.seeing) if state else Correlator(DETECTIONS, config.seeing)
    )
    return BothSeers(detections, SigmaRules.restored(book, rules_state))
