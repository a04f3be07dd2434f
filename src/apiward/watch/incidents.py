"""Detections become incidents: one attack is one incident, however many rules see it and however often it is read."""

import hashlib
import heapq
import json
import zlib
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, Final

from apiward.catalogue.incidents import IncidentWords, is_of_the_whole, requests_of
from apiward.core.detection import EVERYBODY, Detection
from apiward.core.incident import Incident, IncidentState, Moment, MomentKind
from apiward.core.settings import setting
from apiward.watch.gathering import Gathered, begun, restored
from apiward.watch.timelines import is_grouped, merged, with_moments

HOUR_S: Final = 3_600.0
DAY_S: Final = 86_400.0
GRACE_S: Final = 60.0
"""What was under way when somebody was held off still counts as before."""
_ENDS: Final = frozenset({MomentKind.CLOSED, MomentKind.CONTAINED})
_TURNS: Final = _ENDS | {MomentKind.REOPENED, MomentKind.UNDONE}
_EARLIER: Final = 3
"""Incidents of one caller and technique that are known again when old events are read once more."""
_BLOCK: Final = 64
_Key = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class GroupingSettings:
    """When detections are one incident, when it ends, and when it is the same one again."""

    quiet_h: float = setting(24.0, "Hours without anything new after which an incident is closed.", least=1, most=720)
    joins_min: float = setting(60.0, "Minutes within which several signs of one caller are one incident.", least=1)
    crowd: int = setting(
        10, "So many callers who begin the same within an hour stay apart; all others are one incident.", least=1
    )
    again_days: float = setting(30.0, "Days after which an incident that comes back is a new one.", least=1, most=365)
    most: int = setting(10_000, "Incidents that are kept at hand.", least=10, most=1_000_000)


class Incidents:
    """Groups detections by who and what. The same ones give the same incidents, however they are cut into batches.

    Time comes from the detections, and from `now_s`: the time up to which events have been read. Times of the
    day have no place here, so old logs give what they would have given then.
    """

    def __init__(
        self,
        words: IncidentWords,
        settings: GroupingSettings = GroupingSettings(),
        *,
        title: Callable[[str], str] = str,
    ) -> None:
        self._words = words
        self._settings = settings
        self._title = title
        self._quiet_s = settings.quiet_h * HOUR_S
        self._homes: dict[_Key, tuple[Gathered, ...]] = {}  # the newest one last
        self._kept: OrderedDict[str, Gathered] = OrderedDict()
        self._begun: dict[tuple[str, bool], deque[float]] = {}
        self._due: list[tuple[float, str]] = []
        self._blocks: list[tuple[list[bytes], bytes]] = []
        """What `state` wrote last: incidents a few dozen at a time, each as it is, and all of them packed."""

    def take(self, detections: Iterable[Detection], now_s: float) -> tuple[Incident, ...]:
        """Take in detections in their order; return the incidents that changed, as they are now."""
        changed: dict[str, None] = {}
        for seen in detections:
            home = self._home(seen) or self._begin(seen)
            if self._add(home, seen):
                changed[home.incident.id] = None
        changed |= dict.fromkeys(self._close_quiet(now_s))
        return tuple(self._kept[id_].incident for id_ in changed if id_ in self._kept)

    def id_of(self, seen: Detection) -> str:
        """Return the incident that a detection was taken into, nothing where it is not at hand any more."""
        home = self._home(seen)
        return home.incident.id if home is not None else ""

    def hear(self, stored: Iterable[Incident]) -> tuple[Incident, ...]:
        """Take over what people and notices have added to incidents since; return those that changed by it."""
        changed = []
        for one in stored:
            home = self._kept.get(one.id)
            if home is None:
                continue
            both = merged(home.incident, one)
            if both != home.incident:
                home.incident = both
                changed.append(both)
        return tuple(changed)

    def known(self) -> tuple[Incident, ...]:
        """Return all incidents at hand, the oldest first."""
        return tuple(home.incident for home in self._kept.values())

    def state(self) -> bytes:
        """Return all that must outlive a restart.

        It is asked for every few seconds, and most incidents have not changed by then: those are written as they were.
        """
        homes = [[*key, [home.incident.id for home in homes]] for key, homes in self._homes.items()]
        recent = [[*key, list(times)] for key, times in self._begun.items()]
        head = zlib.compress(json.dumps({"homes": homes, "begun": recent}).encode(), 1)
        kept = [home.packed() for home in self._kept.values()]
        blocks = [kept[start : start + _BLOCK] for start in range(0, len(kept), _BLOCK)]
        self._blocks = [
            known if known is not None and known[0] == block else (block, zlib.compress(b"[%s]" % b",".join(block), 1))
            for block, known in zip_longest(blocks, self._blocks[: len(blocks)])
        ]
        return b"".join([head, *(packed for _, packed in self._blocks)])

    def restore(self, state: bytes) -> None:
        """Go on from what `state` gave. Raises ValueError where it cannot be read."""
        try:
            document, *blocks = _unpacked(state)
            kept = [restored(one) for block in blocks for one in block]
            self._kept = OrderedDict((home.incident.id, home) for home in kept)
            self._homes = {
                (rule, who, is_drill): tuple(self._kept[id_] for id_ in ids)
                for rule, who, is_drill, ids in document["homes"]
            }
            crowd = self._settings.crowd
            self._begun = {(rule, is_drill): deque(times, crowd) for rule, is_drill, times in document["begun"]}
        except (KeyError, TypeError, ValueError, AttributeError, zlib.error) as error:
            raise ValueError(f"the incidents that were kept cannot be read: {error!r}") from error
        self._due = [(home.incident.last_s + self._quiet_s, id_) for id_, home in self._kept.items()]
        heapq.heapify(self._due)

    def _home(self, seen: Detection) -> Gathered | None:
        """Return the incident that a detection belongs to: first the one that knows it already."""
        found = list(self._near(seen))
        return next((home for home in found if home.knows(seen)), found[0] if found else None)

    def _near(self, seen: Detection) -> Iterator[Gathered]:
        for own in reversed(self._homes.get((seen.rule, seen.who, seen.is_drill), ())):
            if own.knows(seen) or seen.first_s - own.incident.last_s <= self._settings.again_days * DAY_S:
                yield own
        joins_s = self._settings.joins_min * 60.0
        others = [(rule, seen.who) for rule in sorted(self._words.related(seen.rule))]
        for rule, who in (*others, (seen.rule, EVERYBODY)):
            for home in reversed(self._homes.get((rule, who, seen.is_drill), ())):
                if home.knows(seen) or _is_near(home.incident, seen, joins_s):
                    yield home

    def _begin(self, seen: Detection) -> Gathered:
        recent = self._begun.setdefault((seen.rule, seen.is_drill), deque(maxlen=self._settings.crowd))
        is_crowd = len(recent) == recent.maxlen and abs(seen.first_s - recent[0]) <= HOUR_S
        who = EVERYBODY if is_crowd else seen.who
        recent.append(seen.first_s)
        unknown: tuple[str, ...] = ("who", "before") if who == EVERYBODY else ("who", "before", "elsewhere")
        if is_of_the_whole(seen.rule, who):
            unknown = ("before",)
        words = tuple(self._words.said(f"unknown.{name}", who=self._words.who(who)) for name in unknown)
        home = begun(incident_id(seen.rule, who, seen.first_s, is_drill=seen.is_drill), seen, who, words)
        known = self._kept.get(home.incident.id)  # of the same beginning, and forgotten by its caller's name alone
        if known is not None:
            return known
        self._kept[home.incident.id] = home
        self._house(seen, who, home)
        heapq.heappush(self._due, (seen.last_s + self._quiet_s, home.incident.id))
        self._make_room()
        return home

    def _house(self, seen: Detection, who: str, home: Gathered) -> None:
        """Note where detections of this rule and actor belong from now on."""
        key = (seen.rule, who, seen.is_drill)
        homes = self._homes.get(key, ())
        if home not in homes:
            self._homes[key] = (*homes[1 - _EARLIER :], home)

    def _add(self, home: Gathered, seen: Detection) -> bool:
        if home.knows(seen) and seen.last_s <= home.incident.last_s:
            return False
        before = home.incident
        is_first, is_other = not home.rules, seen.rule not in home.rules
        starts_s = seen.last_s if home.is_part(seen) else seen.first_s
        if not is_first:
            self._wake(home, seen, starts_s)
        if not home.grow(seen, seen.severity):
            return False
        self._house(seen, home.incident.who, home)
        self._note_growth(home, before, seen, is_first=is_first, is_other=is_other)
        return True

    def _wake(self, home: Gathered, seen: Detection, starts_s: float) -> None:
        """Note that it comes back after it was quiet, or goes on although somebody closed or held it off."""
        one = home.incident
        gap_s = starts_s - one.last_s
        if gap_s > self._quiet_s:
            self._close(home)
            self._say(home, starts_s, MomentKind.REOPENED, "back", hours=round(gap_s / HOUR_S))
            return
        last = next((moment for moment in reversed(one.timeline) if moment.kind in _TURNS), None)
        if last is None or last.kind not in _ENDS:
            return
        if is_grouped(last):
            # It was closed because nobody had read so far yet. It was never quiet for so long.
            home.incident = with_moments(replace(one, timeline=tuple(each for each in one.timeline if each != last)))
            heapq.heappush(self._due, (seen.last_s + self._quiet_s, one.id))
            return
        if seen.last_s <= last.at_s + GRACE_S:
            return
        if one.state is IncidentState.CLOSED:
            self._say(home, seen.last_s, MomentKind.REOPENED, "closed-too-soon")
        elif one.state is IncidentState.CONTAINED:
            self._say(home, seen.last_s, MomentKind.REOPENED, "goes-on")

    def _note_growth(
        self, home: Gathered, before: Incident, seen: Detection, *, is_first: bool, is_other: bool
    ) -> None:
        now = home.incident
        if is_first:
            self._say(home, now.first_s, MomentKind.SEEN, "seen", count=requests_of(now.rule, now.count))
            return
        if is_other:
            title = self._title(seen.rule)
            self._say(home, seen.last_s, MomentKind.SEEN, "joined", title=title, count=requests_of(now.rule, now.count))
        if now.severity > before.severity:
            word = now.severity.word
            self._say(
                home, seen.last_s, MomentKind.WORSE, "worse", severity=word, count=requests_of(now.rule, now.count)
            )

    def _close_quiet(self, now_s: float) -> Iterable[str]:
        """Close what has been quiet for long enough, and yield its id."""
        while self._due and self._due[0][0] <= now_s:
            _, id_ = heapq.heappop(self._due)
            home = self._kept.get(id_)
            if home is None:
                continue
            ends_s = home.incident.last_s + self._quiet_s
            if ends_s > now_s:
                heapq.heappush(self._due, (ends_s, id_))
            elif self._close(home):
                yield id_

    def _close(self, home: Gathered) -> bool:
        one = home.incident
        if one.state is IncidentState.CLOSED:
            return False
        hours = round(self._settings.quiet_h)
        self._say(home, one.last_s + self._quiet_s, MomentKind.CLOSED, "quiet", hours=hours)
        return True

    def _say(self, home: Gathered, at_s: float, kind: MomentKind, name: str, **places: object) -> None:
        moment = Moment(at_s, kind, self._words.said(f"moments.{name}", **places))
        home.incident = with_moments(home.incident, moment)
        if kind is MomentKind.REOPENED:
            heapq.heappush(self._due, (at_s + self._quiet_s, home.incident.id))

    def _make_room(self) -> None:
        """Forget the incidents that were quiet for longest where there are too many: a tenth at once, as it is dear."""
        if len(self._kept) <= self._settings.most:
            return
        by_age = sorted(self._kept, key=lambda one: (self._kept[one].incident.last_s, one))
        for id_ in by_age[: self._settings.most // 10]:
            del self._kept[id_]
        left = {key: tuple(one for one in homes if one.incident.id in self._kept) for key, homes in self._homes.items()}
        self._homes = {key: homes for key, homes in left.items() if homes}


def _unpacked(state: bytes) -> list[Any]:
    """Return the values that were packed one after another. The form before this one was a single one, as it is."""
    if state.startswith(b"{"):
        document = json.loads(state)
        return [document, document["kept"]]
    found = []
    while state:
        unpacker = zlib.decompressobj()
        found.append(json.loads(unpacker.decompress(state)))
        state = unpacker.unused_data
    return found


def _is_near(incident: Incident, seen: Detection, joins_s: float) -> bool:
    return seen.first_s - joins_s <= incident.last_s and seen.last_s + joins_s >= incident.first_s


def incident_id(rule: str, who: str, first_s: float, *, is_drill: bool = False) -> str:
    """Return the id of what `rule` saw of `who` first at that time: ten hex digits."""
    text = f"{rule}\x1f{who}\x1f{first_s:.3f}\x1f{is_drill}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]
