"""What a guard knows of kinds of objects, and what its owner says of them; beside a guard that runs."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from apiward.access.ownership.book import Book
from apiward.access.ownership.marks import Marks, short, shown
from apiward.access.ownership.model import KindModel, SlotModel
from apiward.access.ownership.rules import ObjectRule
from apiward.access.ownership.settings import ShareRule
from apiward.access.ownership.texts import canonical
from apiward.app.guarding.building import kept_secret, read_bytes
from apiward.app.guarding.kinds import KINDS, BookKeeper
from apiward.app.guarding.place import Place
from apiward.config.errors import AdvisedError, nearest
from apiward.config.guarding import GuardConfig
from apiward.config.rules_file import add_rules, load_rules_file, named, remove_rules
from apiward.core.objects import ObjectMode
from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.events.reading import EventReader

DAY_S: Final = 86_400.0
FOREIGN: Final = "objects.foreign"
MOST_REFUSALS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Refusal:
    """One request that was refused, or would have been."""

    at_s: float
    kind: str
    deed: str
    caller: str
    owner: str
    path: str
    is_applied: bool


@dataclass(frozen=True, slots=True)
class KindState:
    """How one kind of object stands. `clean_days` are those since the last would-be refusal, or since it is known."""

    name: str
    standing: str
    mode: ObjectMode
    objects: int
    clean_days: int
    wanted_days: int
    places: tuple[str, ...]
    refusals: tuple[Refusal, ...]

    @property
    def is_ready(self) -> bool:
        """Whether it may be enforced."""
        return self.clean_days >= self.wanted_days and self.standing in ("private", "shared", "declared")


class ObjectsDesk:
    """Reads what the guard in `place` has learned, and writes its owner's rules."""

    def __init__(self, place: Place, config: GuardConfig, now_s: float) -> None:
        self._place = place
        self._rules = load_rules_file(place.base)
        self._config = self._rules.applied(config)
        self._now_s = now_s
        self._book = Book(Marks(b""))

    def states(self, *, days: float) -> list[KindState]:
        """Return all kinds, by name, with what would have been refused in the last days. Raises AdvisedError."""
        book = self._read_book()
        refusals = list(self._refusals(max(days, 60.0)))
        rules = {rule.id: rule for rule in self._config.objects.rules}
        names = [name for name, kind in book.kinds.items() if kind.objects or kind.rightful.cases]
        states = [self._state(name, book, rules.get(name), refusals, days) for name in {*names, *rules}]
        return sorted(states, key=lambda state: state.name)

    def state(self, name: str) -> KindState:
        """Return how one kind stands. Raises AdvisedError where there is none of that name."""
        states = {state.name: state for state in self.states(days=60.0)}
        found = states.get(name) or states.get(f"/{name}")
        if found is None:
            why = nearest(name, tuple(states)) if states else "Nothing has been learned yet."
            raise AdvisedError(f"There is no kind of object {name[:80]!a}.", why, "See all of them: apiward objects")
        return found

    def set_mode(self, name: str, mode: ObjectMode, *, reason: str) -> KindState:
        """Write the mode of a kind into the rules. Raises AdvisedError."""
        state = self.state(name)
        given = next((rule for rule in self._config.objects.rules if rule.id == state.name), None)
        written = any(rule.id == state.name for rule in self._rules.object)
        before = given.mode.value if given is not None else ""
        rule = given or ObjectRule(id=state.name, operations=self._operations(state.name))
        changed = replace(
            rule, mode=mode, made=self._moment(), before=before if written or given else "", reason=reason
        )
        if written:
            remove_rules(self._place.base, "object", named({state.name}))
        add_rules(self._place.base, "object", [_table(changed)])
        return replace(state, mode=mode)

    def share(self, first: str, second: str, *, kind: str, thing: str, reason: str) -> None:
        """Write that two callers are colleagues, for all objects, one kind or one object. Raises AdvisedError."""
        try:
            rule = ShareRule((first, second), kind, thing, reason, self._moment())
        except ValueError as error:
            raise AdvisedError(
                "This share cannot be written.", f"{error}.", "See: apiward objects share --help"
            ) from None
        add_rules(self._place.base, "share", [_table(rule)])

    def undo(self) -> str:
        """Take back what a command wrote last, and return what it was. Raises AdvisedError where there is nothing."""
        made = [(rule.made, "object", rule.id) for rule in self._rules.object if rule.made]
        made += [(rule.made, "share", " and ".join(rule.between)) for rule in self._rules.share if rule.made]
        if not made:
            raise AdvisedError("There is nothing to take back.", "No command has written a rule about objects.", "")
        moment, sort, what = max(made)
        remove_rules(self._place.base, sort, lambda table: table.get("made") == moment)
        last = next((rule for rule in self._rules.object if sort == "object" and rule.made == moment), None)
        if last is not None and last.before:
            rule = replace(last, mode=ObjectMode(last.before), made="", before="")
            add_rules(self._place.base, "object", [_table(rule)])
            return f"{what}: {last.mode} (it is {last.before} again)"
        return f"{what}: {last.mode}" if last is not None else f"the share of {what}"

    def _read_book(self) -> Book:
        if (self._place.data / KINDS).exists():
            keeper = BookKeeper(self._place.data, read_bytes(self._place.data / "pepper"))
            keeper.read()
            self._book = keeper.book
        return self._book

    def _state(self, name: str, book: Book, rule: ObjectRule | None, refusals: list[Refusal], days: float) -> KindState:
        kind = book.kinds.get(name) or KindModel(name)
        slots = [slot for slot in book.slots.values() if slot.kind == name]
        own = [one for one in refusals if one.kind == name]
        would = [one.at_s for one in own if not one.is_applied]
        begun_s = max([kind.first_day * DAY_S, *would])
        clean = int((self._now_s - begun_s) // DAY_S) if kind.first_day or would else 0
        return KindState(
            name,
            _standing(kind, slots, rule),
            rule.mode if rule is not None else self._config.objects.mode,
            kind.objects,
            max(clean, 0),
            self._config.objects.clean_days,
            tuple(sorted(slot.key for slot in slots)) or (rule.operations if rule is not None else ()),
            tuple(one for one in own if one.at_s >= self._now_s - days * DAY_S),
        )

    def _operations(self, name: str) -> tuple[str, ...]:
        slots = [slot for slot in self._read_book().slots.values() if slot.kind == name]
        keys = dict.fromkeys(" ".join(slot.key.split(" ")[:2]) for slot in slots)
        if not keys:
            raise AdvisedError(
                f"It is not known where objects of the kind {name} are reached.", "", "Wait for requests."
            )
        return tuple(keys)

    def _refusals(self, days: float) -> Iterator[Refusal]:
        url = self._config.events.database or sqlite_url(self._place.data / "events.sqlite")
        if not self._config.events.database and not (self._place.data / "events.sqlite").exists():
            return
        try:
            reader = EventReader(open_database(url))
            found = reader.events(since=self._now_s - days * DAY_S, rule=FOREIGN, limit=MOST_REFUSALS)
            names = self._signs(reader) if found else {}
        except (SQLAlchemyError, sqlite3.Error) as error:
            why = f"{type(error).__name__}."
            raise AdvisedError("The events of the guard cannot be read.", why, "Check [guard.events].") from None
        for one in found:
            event = one.event
            for ruling in event.rulings:
                if ruling.decision.rule == FOREIGN:
                    kind, _, rest = ruling.decision.saw.partition(": ")
                    deed, _, owner = rest.partition(", of ")
                    name = names.get(owner, owner)
                    yield Refusal(event.at_s, kind, deed, event.principal, name, event.path, ruling.is_applied)

    def _signs(self, reader: EventReader) -> dict[str, str]:
        """Return whom the signs of owners stand for, as far as they have called themselves."""
        pepper = kept_secret(self._place.data, "pepper")
        marks = Marks(pepper)
        signs = {}
        for principal in reader.principals():
            plain = (principal.partition(":")[2] or principal).rpartition("|")[2]
            signs[shown(short(marks.of("name", canonical(plain))))] = principal
        return signs

    def _moment(self) -> str:
        return datetime.fromtimestamp(self._now_s, UTC).isoformat(timespec="milliseconds")


def _standing(kind: KindModel, slots: list[SlotModel], rule: ObjectRule | None) -> str:
    if kind.is_public or (rule is not None and rule.public):
        return "public"
    if rule is not None and (rule.own or rule.owner_field or rule.tenant_field):
        return "declared"
    if slots and all(slot.is_public for slot in slots):
        return "public"
    if not kind.is_private:
        return "not known yet"
    return "shared" if kind.is_shared or kind.is_reached_by_mates else "private"


def _table(rule: ObjectRule | ShareRule) -> dict[str, object]:
    table: dict[str, object] = {}
    for name in type(rule).__dataclass_fields__:
        value = getattr(rule, name)
        if value or name == "mode":
            is_text = isinstance(value, str)
            table[name] = list(value) if isinstance(value, tuple) else str(value) if is_text else value
    return table
