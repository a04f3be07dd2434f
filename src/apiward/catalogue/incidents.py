"""The words of incidents: what a timeline says, what to do next, what is not known, and what belongs together."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Formatter
from types import MappingProxyType
from typing import Final

from apiward.catalogue.counting import filled
from apiward.catalogue.loading import CatalogueError
from apiward.core.detection import EVERYBODY

FILE: Final = "incidents.toml"
PLACES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "moments.seen": frozenset({"count"}),
        "moments.joined": frozenset({"title", "count"}),
        "moments.worse": frozenset({"severity", "count"}),
        "moments.quiet": frozenset({"hours"}),
        "moments.back": frozenset({"hours"}),
        "moments.goes-on": frozenset(),
        "moments.closed-too-soon": frozenset(),
        "moments.contained": frozenset({"until", "what"}),
        "moments.by-itself": frozenset({"until", "consent", "what"}),
        "moments.left-own": frozenset({"what"}),
        "moments.left-full": frozenset({"most"}),
        "moments.left-others": frozenset(),
        "moments.left-let-in": frozenset({"what"}),
        "moments.not-contained": frozenset({"what", "why"}),
        "moments.undone": frozenset({"what"}),
        "moments.closed": frozenset({"reason"}),
        "moments.looked": frozenset(),
        "moments.note": frozenset({"text"}),
        "moments.second-factor": frozenset({"who"}),
        "moments.told": frozenset({"channel"}),
        "moments.told-more": frozenset({"channel"}),
        "moments.not-told": frozenset({"channel", "why"}),
        "moments.channel-fails": frozenset({"channel", "why"}),
        "moments.channel-works": frozenset({"channel"}),
        "moments.escalated": frozenset({"minutes", "channel"}),
        **dict.fromkeys(("next.open", "next.reopened", "next.everybody"), frozenset({"contain"})),
        "next.whole": frozenset({"playbook"}),
        "next.contained": frozenset({"until", "close"}),
        "next.by-itself": frozenset({"until", "undo"}),
        "next.closed": frozenset(),
        "next.drill": frozenset(),
        "next.channel": frozenset({"channel"}),
        "unknown.who": frozenset({"who"}),
        **dict.fromkeys(
            ("unknown.seen-by-others", "unknown.before", "unknown.success", "unknown.elsewhere"), frozenset()
        ),
        "unknown.more": frozenset({"count"}),
        "message.saw": frozenset({"saw"}),
        "message.meaning": frozenset({"meaning"}),
        "message.todo": frozenset({"todo"}),
        "message.steps": frozenset({"playbook"}),
        "message.unknown": frozenset({"unknown"}),
        "message.test": frozenset(),
        "message.channel": frozenset(),
        "message.test-line": frozenset({"channel"}),
        "message.subject": frozenset({"severity", "title"}),
        "message.drill": frozenset({"title"}),
        "message.who": frozenset({"who", "first", "last", "count"}),
        "message.touched": frozenset({"touched"}),
        "message.state": frozenset({"state"}),
        "message.next": frozenset({"next"}),
        "message.show": frozenset({"id"}),
        "message.digest": frozenset({"open", "new", "closed"}),
        "message.digest-line": frozenset({"severity", "state", "title", "who", "count", "id"}),
        "message.enclosed": frozenset(),
        "message.digest-none": frozenset(),
    }
)
"""All texts with what is filled into each."""
OF_THE_WHOLE: Final = frozenset({"service.silence", "service.clock", "service.errors", "data.leak"})
"""What the service does, not its callers: where it is told of everybody, nobody is to be held off."""
_WITHOUT_REQUESTS: Final = frozenset({"service.silence", "watch.channel"})
"""What shows by nothing coming: its count is none of requests."""
_TABLES: Final = ("moments", "next", "unknown", "who", "touched", "part-of", "message")


@dataclass(frozen=True, slots=True)
class IncidentWords:
    """All texts by table and name ("moments.seen"). `tied` holds for each rule those that see the same attack."""

    texts: Mapping[str, str]
    tied: Mapping[str, frozenset[str]]

    def said(self, name: str, **places: object) -> str:
        """Return a text with its places filled in."""
        return filled(self.texts[name], places).strip()

    def who(self, key: str) -> str:
        """Return who a key ("user:42") stands for, as people say it."""
        kind, _, name = key.partition(":")
        text = self.texts.get(f"who.{kind}")
        return text.format(name=name) if text else self.texts["who.other"].format(name=key)

    def who_of(self, rule: str, key: str) -> str:
        """Return who does what a rule has seen."""
        return self.texts["who.whole"] if is_of_the_whole(rule, key) else self.who(key)

    def touched(self, kind: str) -> str:
        """Return what several of a kind are called."""
        return self.texts.get(f"touched.{kind}", self.texts["touched.other"])

    def related(self, rule: str) -> frozenset[str]:
        """Return the other rules that may see the same attack."""
        return self.tied.get(rule, frozenset())


def is_of_the_whole(rule: str, key: str) -> bool:
    """Return whether no caller does it, but the service as a whole."""
    return rule in OF_THE_WHOLE and key == EVERYBODY


def requests_of(rule: str, count: int) -> int:
    """Return how many requests belong to what a rule has seen `count` times."""
    return 0 if rule in _WITHOUT_REQUESTS else count


@cache
def load_incident_words() -> IncidentWords:
    """Return the words, read once from the package. Raises CatalogueError."""
    return read_incident_words(resources.files("apiward.catalogue").joinpath(FILE).read_text("utf-8"))


def read_incident_words(text: str) -> IncidentWords:
    """Return the words of one TOML text. Raises CatalogueError where one is missing, unknown or broken."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"no TOML: {error}", file=FILE) from error
    if tuple(document) != _TABLES:
        raise CatalogueError(f"must have the tables {', '.join(_TABLES)}, in this order", file=FILE)
    texts: dict[str, str] = {}
    for table in _TABLES:
        if table == "part-of":
            continue
        for name, value in document[table].items():
            texts[f"{table}.{name}"] = _checked(table, name, value)
    missing = [name for name in PLACES if name not in texts] + [
        name for name in ("who.other", "who.whole", "touched.other") if name not in texts
    ]
    if missing:
        raise CatalogueError("missing", file=FILE, entry=missing[0])
    return IncidentWords(MappingProxyType(texts), MappingProxyType(_tied(_parts(document["part-of"]))))


def _checked(table: str, name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise CatalogueError("must be a text that is not empty", file=FILE, entry=table, key=name)
    entry = f"{table}.{name}"
    allowed = {"who": frozenset({"name"}), "touched": frozenset[str]()}.get(table) or PLACES.get(entry)
    if allowed is None and table != "touched":
        raise CatalogueError("unknown", file=FILE, entry=table, key=name)
    found = {place for _, place, _, _ in Formatter().parse(value) if place is not None}
    if found - (allowed or frozenset()):
        raise CatalogueError(f"has the unknown place {min(found)}", file=FILE, entry=table, key=name)
    return value


def _parts(rows: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(rows, dict):
        raise CatalogueError("must be a table", file=FILE, entry="part-of")
    found = {}
    for rule, wholes in rows.items():
        if not isinstance(wholes, list) or not wholes or not all(isinstance(one, str) and one for one in wholes):
            raise CatalogueError("must be a list of rules", file=FILE, entry="part-of", key=rule)
        found[rule] = tuple(wholes)
    return found


def _tied(parts: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    """Return for each rule all others that are tied to it: two parts of one whole are tied by that whole."""
    near: dict[str, set[str]] = {}
    for rule, wholes in parts.items():
        for whole in wholes:
            near.setdefault(rule, set()).add(whole)
            near.setdefault(whole, set()).add(rule)
    return {
        rule: frozenset(direct | {further for one in direct for further in near[one]}) - {rule}
        for rule, direct in near.items()
    }
