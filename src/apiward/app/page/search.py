"""The page of search: one box over risks, operations, incidents and settings.

It looks into what pages show, with everything private masked: what nobody may see, nobody finds by looking for it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final, TypeAlias
from urllib.parse import urlencode

from apiward.app.inventory.joined import Joined
from apiward.app.page.incidents import line_of
from apiward.app.page.inventory import operations_known
from apiward.app.page.risks import Kept, kept_findings
from apiward.app.page.settings_shown import settings_shown
from apiward.app.page.showing import shown
from apiward.app.page.source import PageSource
from apiward.catalogue.loading import load_catalogue
from apiward.core.incident import IncidentState
from apiward.stores.watching.headlines import Headlines

MOST_LETTERS: Final = 100
MOST_WORDS: Final = 8
MOST_HITS: Final = 8
MOST_LOOKED: Final = 2_000
"""Things of each kind that are looked at, the worst or first of them."""


class Where(StrEnum):
    """What was found."""

    RISKS = "risks"
    OPERATIONS = "operations"
    INCIDENTS = "incidents"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: its title, more about it, and where it stands."""

    title: str
    more: str
    link: str


@dataclass(frozen=True, slots=True)
class HitGroup:
    """What was found of one kind: the first MOST_HITS, and how many there are of those that were looked at."""

    where: Where
    count: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The page. `asked` is empty where nothing was asked for."""

    asked: str
    groups: tuple[HitGroup, ...]

    @property
    def count(self) -> int:
        """How many things were found."""
        return sum(group.count for group in self.groups)


Thing: TypeAlias = tuple[str, Callable[[], Hit]]
"""The text in which is looked, and what is shown of it where it fits."""


def search(source: PageSource, asked: str) -> Found:
    """Return what holds all words that are asked for. Raises AdvisedError, OSError."""
    asked = " ".join(asked.split())[:MOST_LETTERS].strip()
    words = asked.casefold().split()[:MOST_WORDS]
    if not words:
        return Found("", ())
    kept = kept_findings(source)
    things = (
        (Where.RISKS, _findings(kept)),
        (Where.OPERATIONS, _operations(operations_known(source, kept.gathered))),
        (Where.INCIDENTS, _incidents(source)),
        (Where.SETTINGS, _settings(source)),
    )
    groups = (_group(where, some, words) for where, some in things)
    return Found(asked, tuple(group for group in groups if group.count))


def _group(where: Where, things: Iterable[Thing], words: list[str]) -> HitGroup:
    looked = (one for _, one in zip(range(MOST_LOOKED), things, strict=False))
    hits = [hit for text, hit in looked if _holds(text, words)]
    return HitGroup(where, len(hits), tuple(hit() for hit in hits[:MOST_HITS]))


def _holds(text: str, words: list[str]) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)


def _findings(kept: Kept) -> Iterator[Thing]:
    checks = load_catalogue().checks
    for one in kept.findings:
        entry = checks.get(one.check)
        title, operation = entry.title if entry else one.check, shown(one.operation)
        text = f"{title}\n{operation}\n{shown(one.place)}\n{shown(one.saw)}\n{one.check} {one.id} {kept.kind(one)}"
        yield text, partial(Hit, title, operation, f"/risks/{one.id}")


def _operations(rows: Iterable[Joined]) -> Iterator[Thing]:
    for one in rows:
        operation = shown(one.key)
        tags = " ".join(map(shown, one.described.tags)) if one.described is not None else ""
        yield f"{operation}\n{tags}\n{' '.join(kind for _, kind, _ in one.data())}", partial(_operation, operation)


def _operation(operation: str) -> Hit:
    return Hit(operation, "", f"/inventory?{urlencode({'find': operation})}")


def _incidents(source: PageSource) -> Iterator[Thing]:
    for one in Headlines(source.engine).listed(tuple(IncidentState)):
        line, where = line_of(one), " ".join(map(shown, one.where[:20]))
        text = f"{line.title}\n{line.who}\n{where}\n{line.id} {line.state} {line.severity}"
        yield text, partial(Hit, line.title, f"{line.who} · {line.last}", f"/incidents/{one.id}")


def _settings(source: PageSource) -> Iterator[Thing]:
    for group in settings_shown(source).groups:
        for line in group.lines:
            name = f"{group.name}.{line.name}"
            yield f"{name}\n{line.effect}\n{line.value}", partial(Hit, name, line.effect, "/settings#all")
