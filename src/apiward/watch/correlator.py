"""Looks once at each event, for all detections together, and says what patterns there are."""

import hashlib
import ipaddress
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

import orjson

from apiward.core import marks
from apiward.core.detection import Detection
from apiward.core.event import Event
from apiward.core.jsonvalue import Json
from apiward.spec.meaning.purposes import object_place, purposes
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import NO_MARKS, Sight
from apiward.watch.telling import Telling
from apiward.watch.traffic import Traffic
from apiward.watch.windows.recent import Recent

Rule: TypeAlias = type[Detector]
See: TypeAlias = Callable[[Sight, Tell], None]

FORM: Final = 1
"""Of the checkpoint; another one is refused."""
HEAD: Final = b"apiward watch "
_MOST_NAMES: Final = 20_000
_CROWD: Final = 9
_OWN_SLOTS: Final = 5
"""What the correlator itself remembers of a caller: events, time of the last, its minute, events in it, its place."""
_KIND: Final = -1
"""The last slot: what kind of caller it is, as bits. It follows from the name, so a checkpoint has no need of it."""
_BACK_S: Final = 3_600.0
_BUSY: Final = 100
"""Events of one caller within a minute; fewer are no load."""
_STATUS_SIGNS: Final = tuple(signs.status_sign(status) for status in range(600))
_NOTHING: Final[tuple[Detection, ...]] = ()
_SESSION, _NUMBER, _OBJECT = marks.SESSION, marks.NUMBER, marks.OBJECT
_ROLE, _COUNTRY, _SOURCE, _DRILL = marks.ROLE, marks.COUNTRY, marks.SOURCE, marks.DRILL
_MARKED, _SHOWN_MARKS, _ONE = signs.MARKED, signs.MARKED | signs.SHOWN, signs.ONE
_ROLED, _LOCATED, _BEHIND, _NAMELESS = signs.ROLED, signs.LOCATED, signs.BEHIND, signs.NAMELESS
_REFUSED, _REJECTED, _LOG_IN, _BACK, _IS_BUSY = signs.REFUSED, signs.REJECTED, signs.LOG_IN, signs.BACK, signs.BUSY
# Names of this module are found at once; those of another one are looked up twice, for each event.
_KINDS: Final = {
    "key": signs.KNOWN | signs.KEY,
    "user": signs.KNOWN,
    "device": signs.KNOWN | signs.DEVICE,
    "token": signs.KNOWN,
}


class StateError(ValueError):
    """A checkpoint cannot be gone on from: it is damaged, or of another form. The message says which."""


class Correlator:
    """Feeds each event to the detections that want such events. Callers, names and what is told have a bound."""

    def __init__(self, rules: Iterable[Rule], settings: SeeingSettings, *, is_drill: bool = False) -> None:
        self._rules = tuple(rules)
        self._settings = settings
        self._detectors = tuple(rule(settings) for rule in self._rules if rule.rule not in settings.off)
        self._traffic = Traffic()
        for number, detector in enumerate(self._detectors):
            detector.slot = _OWN_SLOTS + number
            detector.traffic = self._traffic
        self._fresh: list[Any] = [0, 0.0, 0.0, 0, "", *[None] * len(self._detectors), 0]
        self._telling = Telling(is_drill=is_drill)
        self._tell = self._telling.tell
        self._callers: Recent[list[Any]] = Recent(settings.most_callers)
        self._places: Recent[list[str]] = Recent(settings.most_callers)
        self._routes: dict[int, tuple[See, ...]] = {}
        self._operations: dict[str, tuple[int, int]] = {}
        self._owners = tuple(ipaddress.ip_network(one, strict=False) for one in settings.own_addresses)
        self._place_of: dict[str, tuple[str, int]] = {}
        self._sight = Sight()
        self._drills: Correlator | None = None
        self._is_drill = is_drill

    def see(self, event: Event) -> Sequence[Detection]:  # noqa: C901, PLR0912, PLR0915 - of each event: a call costs
        """Look at one event; what is to be told because of it, nearly always nothing."""
        (_, at_s, method, operation, path, status, outcome, client, who, rulings, _, _, _, _, kind, _, said) = event
        if kind != "request":
            return _NOTHING
        sight = self._sight
        traffic = self._traffic
        if said:
            sight.marks = found = dict(said)
            if _DRILL in found and not self._is_drill:
                return self._played().see(event)
            bits = _SHOWN_MARKS if _SESSION in found else _MARKED
            if _NUMBER in found or _OBJECT in found:
                bits |= _ONE
            if _ROLE in found:
                bits |= _ROLED
            if _COUNTRY in found:
                bits |= _LOCATED
            source = found.get(_SOURCE, "")
        else:
            sight.marks = NO_MARKS
            bits, source = 0, ""
        if at_s == traffic.same_s and source == traffic.same:  # as most lines of a busy log, which tells seconds
            traffic.total += 1
        elif traffic.heard(at_s, source):
            bits |= _BEHIND
        if rulings or outcome == "refused":
            ruled = signs.ruling_signs(event)
            if ruled < 0:
                return _NOTHING
            bits |= ruled
        sight.event = event
        sight.at_s = at_s
        sight.operation = operation
        if operation:
            known = self._operations.get(operation)
            if known is None:
                known = self._named(operation)
        else:
            bits |= _NAMELESS
            known = self._operations.get(f"{method} {path}")
            if known is None:
                known = self._named(f"{method} {path}")
        purpose, at = known
        if at >= 0:
            parts = path.split("/", at + 1)
            sight.object = parts[at] if len(parts) > at else ""
        else:
            sight.object = ""
        placed = self._place_of.get(client)
        if placed is None:
            placed = self._placed(client)
        place, own = placed
        sight.place = place
        bits |= purpose | own
        if not bits & _REFUSED:
            bits |= _STATUS_SIGNS[status] if 0 <= status < 600 else _REJECTED
        callers = self._callers
        slots = callers.get(who)
        if slots is None or not slots[_KIND]:
            known_as = _KINDS.get(who.partition(":")[0], 0)
            if not known_as:
                who = place
                slots = callers.get(who)
            if slots is None:
                slots = callers.put(who, self._fresh.copy())
                slots[_KIND] = known_as
            else:
                callers.move_to_end(who)
        else:
            known_as = slots[_KIND]
            callers.move_to_end(who)
        sight.who = who
        if not known_as or slots[4] != place or bits & _LOG_IN:
            slots[4] = place
            sight.crowd = self._crowd(place, who, is_known=known_as != 0)
        else:
            sight.crowd = 0  # of no interest: the caller is known, and was there before
        sight.slots = slots
        sight.last_s = last_s = slots[1]
        sight.uses = slots[0] = slots[0] + 1
        if at_s > last_s:
            slots[1] = at_s
            if at_s - last_s > _BACK_S:
                bits |= _BACK
        minute = at_s // 60.0
        if minute != slots[2]:
            slots[2], slots[3] = minute, 1
        else:
            sight.busy = busy = slots[3] + 1
            slots[3] = busy
            if busy >= _BUSY:
                bits |= _IS_BUSY
        sight.bits = bits = bits | known_as
        route = self._routes.get(bits)
        if route is None:
            route = self._route(bits)
        tell = self._tell
        for see in route:
            see(sight, tell)
        return self._news() if self._telling.news else _NOTHING

    def passed(self, now_s: float) -> Sequence[Detection]:
        """Say what shows itself by time passing alone, and what has grown since it was told. Ask once in a while."""
        for detector in self._detectors:
            if detector.is_idle:
                continue
            detector.passed(now_s, self._telling.tell_time)
        found = self._news()
        found.extend(self._telling.rest())
        if self._drills is not None:
            found.extend(self._drills.passed(now_s))
        return found

    def state(self) -> bytes:
        """Return all that is remembered, for `restored`."""
        packed = zlib.compress(orjson.dumps(self._tree()), 1)
        return b"%s%d %s\n%s" % (HEAD, FORM, hashlib.sha256(packed).hexdigest().encode(), packed)

    @classmethod
    def restored(cls, state: bytes, rules: Iterable[Rule], settings: SeeingSettings) -> "Correlator":
        """Return one that goes on where `state` was taken. Raises StateError.

        What a detection remembers is left out where there is no such detection any more, or its form has changed.
        """
        made = cls(rules, settings)
        made._restore(_read(state))
        return made

    def _crowd(self, place: str, who: str, *, is_known: bool) -> int:
        """Return how many known callers have come from an address, after taking this one in."""
        there = self._places.get(place)
        if there is None:
            if not is_known:
                return 0
            there = self._places.put(place, [])
        if is_known and who not in there and len(there) < _CROWD:
            there.append(who)
        return len(there)

    def _named(self, name: str) -> tuple[int, int]:
        if len(self._operations) >= _MOST_NAMES:
            self._operations.clear()
        method, _, path = name.partition(" ")
        found = self._operations[name] = purposes(method, path), object_place(path)
        return found

    def _placed(self, client: str) -> tuple[str, int]:
        """Return the key of an address, and whether it is one of the owner's."""
        if len(self._place_of) >= _MOST_NAMES:
            self._place_of.clear()
        if not self._owners and ":" not in client:  # of version 4: nothing to be cut off, nobody to be known
            found = self._place_of[client] = f"address:{client[:64]}", 0
            return found
        text = client.partition("%")[0]
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            found = f"address:{client[:64]}", 0
        else:
            own = signs.OWN if any(address in network for network in self._owners) else 0
            if address.version == 6:
                text = str(ipaddress.IPv6Network((int(address) >> 64 << 64, 64)).network_address)
            found = f"address:{text}", own
        self._place_of[client] = found
        return found

    def _route(self, bits: int) -> tuple[See, ...]:
        """Return what wants to see events with these bits."""
        found = self._routes[bits] = tuple(
            one.see
            for one in self._detectors
            if not bits & one.unless and not one.is_idle and any(bits & need == need for need in one.when)
        )
        return found

    def _news(self) -> list[Detection]:
        found = self._telling.news
        self._telling.news = []
        return found

    def _played(self) -> "Correlator":
        """Return the one that sees drills alone, so that nothing played is mixed with what is real."""
        if self._drills is None:
            self._drills = Correlator(self._rules, self._settings, is_drill=True)
        return self._drills

    def _tree(self) -> Json:
        return cast(
            "Json",
            {
                "slots": [[one.rule, one.version] for one in self._detectors],
                "callers": {who: slots[:_KIND] for who, slots in self._callers.items()},
                "places": dict(self._places),  # in its own order: orjson would write that of the first use
                "told": self._telling.state(),
                "traffic": self._traffic.state(),
                "kept": {one.rule: [one.kept, _in_order(one.tables)] for one in self._detectors},
                "drills": self._drills._tree() if self._drills is not None else None,  # noqa: SLF001 - of its own kind
            },
        )

    def _restore(self, tree: Mapping[str, Json]) -> None:
        try:
            before = [(str(rule), version) for rule, version in cast("list[tuple[str, int]]", tree["slots"])]
            names = [(one.rule, one.version) for one in self._detectors]
            from_ = [before.index(name) if name in before else -1 for name in names]
            is_same = before == names
            for who, slots in cast("dict[str, list[Any]]", tree["callers"]).items():
                own = slots[_OWN_SLOTS:] if is_same else [slots[_OWN_SLOTS + at] if at >= 0 else None for at in from_]
                self._callers.put(who, [*slots[:_OWN_SLOTS], *own, _KINDS.get(who.partition(":")[0], 0)])
            self._places = Recent(self._settings.most_callers, cast("dict[str, list[str]]", tree["places"]))
            self._telling.restore(tree["told"])
            self._traffic.restore(cast("list[Any]", tree["traffic"]))
            kept = cast("dict[str, tuple[dict[str, Any], dict[str, dict[str, list[Any]]]]]", tree["kept"])
            for one in self._detectors:
                if (one.rule, one.version) in before:
                    _give_back(one, *kept[one.rule])
            if tree["drills"] is not None:
                self._played()._restore(cast("dict[str, Json]", tree["drills"]))  # noqa: SLF001 - of its own kind
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise StateError(f"the checkpoint of watch does not hold what it should: {error!r}") from error


def _in_order(tables: Mapping[str, Recent[list[Any]]]) -> dict[str, dict[str, list[Any]]]:
    """Return tables that are written in the order of their last use: who was not heard of for longest comes first."""
    return {name: dict(table) for name, table in tables.items()}


def _give_back(detector: Detector, kept: dict[str, Any], tables: Mapping[str, Mapping[str, list[Any]]]) -> None:
    detector.kept = kept
    for name, table in detector.entries():
        detector.tables[name] = Recent(table.most, tables[name])


def _read(state: bytes) -> Mapping[str, Json]:
    """Return the tree of a checkpoint. Raises StateError."""
    head, _, packed = state.partition(b"\n")
    parts = head.removeprefix(HEAD).split(b" ")
    if not head.startswith(HEAD) or len(parts) != 2:
        raise StateError("this is no checkpoint of watch")
    if parts[0] != b"%d" % FORM:
        raise StateError(f"the checkpoint of watch has the form {parts[0].decode('latin-1')[:9]!r}, not {FORM}")
    if hashlib.sha256(packed).hexdigest().encode() != parts[1]:
        raise StateError("the checkpoint of watch is damaged")
    tree = orjson.loads(zlib.decompress(packed))
    if not isinstance(tree, dict):
        raise StateError("the checkpoint of watch does not hold what it should")
    return cast("Mapping[str, Json]", tree)
