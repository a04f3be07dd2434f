"""Findings that open the way to more: each story once, with the step to mend first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from apiward.catalogue.entries import Story
from apiward.core.finding import Severity
from apiward.prove import words


class Joined(Protocol):
    """What joins two findings: a link of a scan, or one that is kept."""

    @property
    def story(self) -> str: ...  # noqa: D102 - each as in Link
    @property
    def first(self) -> str: ...  # noqa: D102 - the same
    @property
    def then(self) -> str: ...  # noqa: D102 - the same
    @property
    def leads_to(self) -> str: ...  # noqa: D102 - the same


class Placed(Protocol):
    """A finding of a scan, or one that is kept."""

    @property
    def id(self) -> str: ...  # noqa: D102 - each as in Finding
    @property
    def operation(self) -> str: ...  # noqa: D102 - the same


@dataclass(frozen=True, slots=True)
class Chain:
    """One story with its places filled in. `first` and `then` are ids of findings, `mend` those to mend first."""

    story: str
    title: str
    severity: Severity
    text: str
    fix: str
    first: tuple[str, ...]
    then: tuple[str, ...]
    mend: tuple[str, ...]


def chains_of(links: Iterable[Joined], findings: Iterable[Placed], stories: Mapping[str, Story]) -> tuple[Chain, ...]:
    """Return what these findings do together, the worst first; a link counts while both its ends are among them."""
    places = {finding.id: finding.operation for finding in findings}
    open_links = [
        link
        for link in links
        if link.story in stories and link.first in places and (not link.then or link.then in places)
    ]
    told: dict[str, list[Joined]] = {}
    for link in open_links:
        if not _is_told_worse(link, open_links, stories):
            told.setdefault(link.story, []).append(link)
    chains = [_chain(stories[story], those, places) for story, those in told.items()]
    return tuple(sorted(chains, key=lambda chain: (-chain.severity, list(stories).index(chain.story))))


def lifted(chains: Iterable[Chain]) -> dict[str, Severity]:
    """Return how bad a finding is through what it opens, by id: only the step to mend first comes earlier for it."""
    found: dict[str, Severity] = {}
    for chain in chains:
        for id_ in chain.mend:
            found[id_] = max(found.get(id_, Severity.NOTE), chain.severity)
    return found


def _is_told_worse(link: Joined, links: Iterable[Joined], stories: Mapping[str, Story]) -> bool:
    """Whether a worse story begins with the same finding in the same way, or goes from there to the same place."""
    own = stories[link.story]
    return any(
        other.first == link.first
        and stories[other.story].severity > own.severity
        and (stories[other.story].meets == own.meets or other.leads_to == link.leads_to)
        for other in links
    )


def _chain(story: Story, links: list[Joined], places: Mapping[str, str]) -> Chain:
    first = tuple(dict.fromkeys(link.first for link in links))
    then = tuple(dict.fromkeys(link.then for link in links if link.then))
    steps = {
        "first": words.places(places[id_] for id_ in first),
        "then": words.places(link.leads_to for link in links),
    }
    return Chain(
        story=story.id,
        title=story.title,
        severity=story.severity,
        text=words.in_steps(story.story, steps),
        fix=words.in_steps(story.fix, steps),
        first=first,
        then=then,
        mend=then if story.mend == "then" else first,
    )
