"""Puts what detections find into words that are told once, and again when there is more of it."""

from collections.abc import Iterator, Sequence
from typing import Final, cast

from apiward.core.detection import MOST_SHOWN, Detection
from apiward.core.finding import Severity
from apiward.core.jsonvalue import Json
from apiward.watch.detector import Facts
from apiward.watch.sight import Sight
from apiward.watch.windows.recent import Recent
from apiward.watch.worst import may_be_worse, worst_facts

MOST_OPEN: Final = 10_000
QUIET_S: Final = 86_400.0
"""After a day without more of it, the same is something new."""
_PAUSE_S: Final = 1_800.0
_GROWS: Final = 2
"""It is told at once when there is twice as much of it, or again some after a pause; else with what time passes."""
_FIRST, _LAST, _COUNT, _TOLD, _SEVERITY, _WHERE, _EVENTS, _FACTS, _TOUCHED = range(9)

Kept = list[object]


class Telling:
    """All that goes on, by rule and actor. `news` is what is to be told now; who reads it, empties it."""

    def __init__(self, *, is_drill: bool = False) -> None:
        self.news: list[Detection] = []
        self._open: Recent[Kept] = Recent(MOST_OPEN)
        self._more: dict[str, None] = {}
        """What has grown since it was told."""
        self._is_drill = is_drill

    def tell(
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
        """Take one more event of a pattern: `count` more where a first sign stands for several."""
        key = f"{rule}\t{who or sight.who}"
        at_s = sight.at_s
        known = self._open.used(key)
        if known is None or at_s - cast("float", known[_LAST]) > QUIET_S:
            known = self._open.put(key, [at_s, at_s, 0, 0, 0, sight.operation, [], [], []])
        known[_COUNT] = cast("int", known[_COUNT]) + count
        is_again = at_s - cast("float", known[_LAST]) > _PAUSE_S
        known[_LAST] = max(at_s, cast("float", known[_LAST]))
        found = [[name, str(value)] for name, value in facts]
        before = cast("list[list[str]]", known[_FACTS])
        is_as_bad = severity >= cast("int", known[_SEVERITY])
        if before and not (is_as_bad and may_be_worse(before, found)):
            kept = worst_facts(map(_pair, before), map(_pair, found), is_as_bad=is_as_bad)
            found = [[name, value] for name, value in kept.items()]
        known[_FACTS] = found
        if sight.operation:
            known[_WHERE] = sight.operation
        _keep(cast("list[str]", known[_EVENTS]), sight.event.id)
        for one in touched:
            _keep(cast("list[str]", known[_TOUCHED]), one)
        self._perhaps(key, known, severity, is_again=is_again)

    def tell_time(self, rule: str, who: str, now_s: float, *, severity: Severity, facts: Facts = ()) -> None:
        """Take what shows itself by nothing happening."""
        key = f"{rule}\t{who}"
        known = self._open.used(key)
        if known is None or now_s - cast("float", known[_LAST]) > QUIET_S:
            known = self._open.put(key, [now_s, now_s, 0, 0, 0, "", [], [], []])
        known[_COUNT] = cast("int", known[_COUNT]) + 1
        known[_LAST] = now_s
        known[_FACTS] = [[name, str(value)] for name, value in facts]
        self._perhaps(key, known, severity, is_again=True)

    def rest(self) -> Iterator[Detection]:
        """Yield what has grown since it was told."""
        for key in self._more:
            known = self._open.get(key)
            if known is not None:
                yield self._told(key, known)
        self._more.clear()

    def state(self) -> Json:
        """Return what a checkpoint keeps."""
        return [cast("Json", dict(self._open)), cast("Json", list(self._more))]

    def restore(self, state: Json) -> None:
        """Go on from there."""
        opened, more = cast("tuple[dict[str, Kept], list[str]]", state)
        self._open = Recent(MOST_OPEN, opened)
        self._more = dict.fromkeys(more)

    def _perhaps(self, key: str, known: Kept, severity: Severity, *, is_again: bool) -> None:
        is_worse = severity > cast("int", known[_SEVERITY])
        if is_worse:
            known[_SEVERITY] = int(severity)
        if is_worse or is_again or cast("int", known[_COUNT]) >= _GROWS * cast("int", known[_TOLD]):
            self._more.pop(key, None)
            self.news.append(self._told(key, known))
        else:
            self._more[key] = None

    def _told(self, key: str, known: Kept) -> Detection:
        known[_TOLD] = known[_COUNT]
        rule, _, who = key.partition("\t")
        first, last, count, _, severity, where, events, facts, touched = known
        return Detection(
            rule,
            who,
            Severity(cast("int", severity)),
            cast("float", first),
            cast("float", last),
            cast("int", count),
            cast("str", where),
            tuple(cast("list[str]", events)),
            tuple((name, value) for name, value in cast("list[tuple[str, str]]", facts)),
            tuple(cast("list[str]", touched)),
            self._is_drill,
        )


def _keep(names: list[str], name: str) -> None:
    if len(names) < MOST_SHOWN and name not in names:
        names.append(name)


def _pair(one: list[str]) -> tuple[str, str]:
    return one[0], one[1]
