"""The page of traffic: what is called and by how many, what was refused, who is held off, what is let through."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from apiward.app.guarding.allowing import AllowDesk, Proposal
from apiward.app.guarding.blocks_in_use import ENDED
from apiward.app.guarding.shutting import Standing
from apiward.app.page.accepting import MOST_DAYS
from apiward.app.page.showing import day, moment, shown, shown_who
from apiward.app.page.source import PageSource
from apiward.app.recording.accepting import MOST_REASON
from apiward.catalogue.rules import load_rules
from apiward.config.errors import AdvisedError
from apiward.core.event import Event
from apiward.core.evidence import caller_of
from apiward.guard.allowing import Allowance
from apiward.guard.exclusions import refusals
from apiward.stores.counted.refusals import RefusalReader
from apiward.stores.counted.tallying import MOST_CALLERS, Count, OperationCount
from apiward.stores.events.evidence import SqlEvidence

PAGE: Final = 25
LIVE_S: Final = 5
MOST_LIVE: Final = 60
"""So often does a page that is looked at live ask again by itself, every `LIVE_S` seconds."""
MOST_SHOWN: Final = 50


class TrafficKind(StrEnum):
    """Which refusals a list holds: those that were made, or those that a guard which only watches would make."""

    REFUSED = "refused"
    WOULD_BE = "would-be"


@dataclass(frozen=True, slots=True)
class OperationLine:
    """One operation of the last seven days."""

    operation: str
    requests: int
    refused: int
    would_be: int
    failed: int
    callers: str
    last: str


@dataclass(frozen=True, slots=True)
class RefusalLine:
    """One refusal: when, what, whom, and in words why."""

    id: str
    at: str
    operation: str
    who: str
    rule: str
    why: str
    is_applied: bool
    allowed_as: str


@dataclass(frozen=True, slots=True)
class AllowedLine:
    """What is let through although a rule refuses it."""

    id: str
    what: str
    reason: str
    until: str


@dataclass(frozen=True, slots=True)
class BlockLine:
    """Who is held off now."""

    id: str
    who: str
    reason: str
    until: str
    incident: str


@dataclass(frozen=True, slots=True)
class Traffic:
    """The page. `count` and what is made of it are None while what is stored is still being counted."""

    kind: TrafficKind
    days: int
    count: Count | None
    operations: tuple[OperationLine, ...]
    more_operations: int
    refusals: tuple[RefusalLine, ...]
    operation: str
    before: str
    allowed: tuple[AllowedLine, ...]
    blocks: tuple[BlockLine, ...]
    is_guarded: bool
    live: int = 0

    @property
    def refresh(self) -> str:
        """When a browser asks again, and for what; empty where nobody looks on live, or for long enough."""
        if not self.live:
            return ""
        asked = {"kind": self.kind.value, "operation": self.operation, "live": str(self.live - 1)}
        return f"{LIVE_S};url=/traffic?{urlencode({name: one for name, one in asked.items() if one})}#refusals"


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """What would be let through, and what that would have let through in the last days."""

    rule: str
    place: str
    operation: str
    requests: int
    callers: int
    attacks: int
    why_not: str


@dataclass(frozen=True, slots=True)
class RefusalShown:
    """One refusal with what it would mean to allow it."""

    line: RefusalLine
    status: int
    proposals: tuple[ProposalLine, ...]
    why_not: str

    @property
    def attacks(self) -> int:
        """Requests that look like attacks and would have passed, too."""
        return sum(one.attacks for one in self.proposals)


def traffic(
    source: PageSource,
    kind: TrafficKind | None = None,
    *,
    operation: str = "",
    before: str = "",
    limit: int = PAGE,
    live: int = 0,
) -> Traffic:
    """Return the page; where no list is named, the one that is not empty. Raises OSError.

    `live` is how often a browser may ask again by itself; older refusals are not looked at live.
    """
    now_s = source.clock()
    tallied = source.tally.look(now_s)
    operations = tallied.operations if tallied is not None else ()
    if kind is None:
        is_watching = tallied is not None and tallied.whole.would_be > 0 and not tallied.whole.refused
        kind = TrafficKind.WOULD_BE if is_watching else TrafficKind.REFUSED
    page = RefusalReader(source.engine).newest(
        source.tally.since_s(now_s),
        is_applied=kind is TrafficKind.REFUSED,
        before=before,
        operation=operation,
        limit=limit,
    )
    allowed = source.settings().guard.allowed
    return Traffic(
        kind,
        source.tally.days,
        tallied.whole if tallied is not None else None,
        tuple(map(_operation, operations[:MOST_SHOWN])),
        max(0, len(operations) - MOST_SHOWN),
        tuple(_refusal(one, allowed, now_s) for one in page.events),
        shown(operation),
        page.before,
        tuple(_allowed(one) for one in allowed if one.expires_s > now_s),
        _blocks(source),
        (source.place.data / "blocks").exists(),
        0 if before else max(0, min(live, MOST_LIVE)),
    )


def refusal(source: PageSource, id_: str) -> RefusalShown:
    """Return one refusal with what allowing it would mean. Raises AdvisedError, OSError."""
    desk = _desk(source)
    event = desk.event(id_)
    line = _refusal(event, source.settings().guard.allowed, source.clock())
    try:
        proposals = desk.proposals(event)
    except AdvisedError as error:
        return RefusalShown(line, event.status, (), f"{error.what} {error.why}".strip())
    return RefusalShown(line, event.status, tuple(map(_proposal, proposals)), "")


def allow(source: PageSource, id_: str, *, reason: str, days: int, is_anyway: bool) -> tuple[Allowance, ...]:
    """Let through what was refused, until a day. Raises AdvisedError where attacks would have passed, too."""
    if not 1 <= days <= MOST_DAYS:
        raise AdvisedError("Nothing was changed.", f"It can be for 1 to {MOST_DAYS} days.", "")
    desk = _desk(source)
    event = desk.event(id_)
    proposals = [one for one in desk.proposals(event) if desk.standing(one.exclusion) is None]
    if not proposals:
        raise AdvisedError("Nothing was changed.", "It is let through already.", "")
    if any(one.replay.attacks for one in proposals) and not is_anyway:
        raise AdvisedError(
            "Nothing was changed.", "Requests that look like attacks would have passed, too.", "Say that you know."
        )
    why = " ".join(reason.split())[:MOST_REASON] or "It was refused wrongly."
    return desk.allow(event, tuple(proposals), reason=why, owner=source.by, days=days)


def disallow(source: PageSource, id_: str) -> None:
    """Take an exclusion back. Raises AdvisedError."""
    _desk(source).remove(id_)


def _desk(source: PageSource) -> AllowDesk:
    # What a page shows is stored already: nothing is waited for.
    place, evidence = source.place, SqlEvidence(source.engine)
    return AllowDesk(place.base, place.data, evidence, source.clock(), by=source.by, pause=lambda _: None)


def _operation(one: OperationCount) -> OperationLine:
    callers = f"{one.callers}+" if one.callers >= MOST_CALLERS else str(one.callers)
    count = one.count
    return OperationLine(
        shown(one.operation), count.requests, count.refused, count.would_be, count.failed, callers, moment(one.last_s)
    )


def _refusal(event: Event, allowed: tuple[Allowance, ...], now_s: float) -> RefusalLine:
    found = refusals(event)
    rule = found[0].rule if found else ""
    entry = load_rules().rules.get(rule)
    operation = event.operation or f"{event.method} {event.path}"
    standing = [one.id for one in allowed if one.incident == event.id and one.expires_s > now_s]
    return RefusalLine(
        event.id,
        moment(event.at_s),
        shown(operation),
        shown_who(_key_of(event)),
        rule,
        entry.owner if entry else "",
        event.outcome == "refused",
        standing[0] if standing else "",
    )


def _key_of(event: Event) -> str:
    who = caller_of(event)
    return who if ":" in who.partition("|")[0] and who != event.client else f"address:{who}"


def _allowed(one: Allowance) -> AllowedLine:
    what = f"{one.rule}, {one.operation}" + (f", {one.place}" if one.place else "")
    return AllowedLine(one.id, shown(what), shown(one.reason), day(one.expires_s))


def _blocks(source: PageSource) -> tuple[BlockLine, ...]:
    try:
        blocks = source.shut_desk().listed()
    except AdvisedError:
        return ()  # no guard has run here
    return tuple(
        BlockLine(_name(one.key), shown_who(one.key), shown(one.reason), moment(one.until_s), one.incident)
        for one in blocks
        if not one.key.startswith(ENDED)
    )


def let_in(source: PageSource, id_: str) -> Standing:
    """Let in again whom a line of the list stands for, and return what the guard says of it. Raises AdvisedError."""
    desk = source.shut_desk()
    found = next((one for one in desk.listed() if _name(one.key) == id_), None)
    if found is None:
        raise AdvisedError("Nothing was changed.", "Nobody is held off by that name any more.", "")
    return desk.standing([one.key for one in desk.undo(found.key)], is_out=False)


def _name(key: str) -> str:
    """Return what stands for a key in a form: the key itself may be an e-mail address."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16]


def _proposal(one: Proposal) -> ProposalLine:
    wanted, found = one.exclusion, one.replay
    return ProposalLine(
        wanted.rule,
        shown(wanted.place),
        shown(wanted.operation),
        found.requests,
        found.callers,
        found.attacks,
        wanted.why_not,
    )
