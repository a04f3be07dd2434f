"""What people read about an incident: its title, what to do next, whom it touched, and the message that tells it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from apiward.catalogue.detections import load_detections
from apiward.catalogue.incidents import IncidentWords, is_of_the_whole, load_incident_words, requests_of
from apiward.core.detection import EVERYBODY
from apiward.core.finding import Severity
from apiward.core.incident import Incident, IncidentState, MomentKind
from apiward.core.moments import utc
from apiward.core.notice import Notice, NoticeKind
from apiward.prove.neutral import one_line
from apiward.watch.notices import held_by_itself_s, worst_first

FAILS: Final = "watch.channel"
"""The rule of the incident that a channel fails."""
MOST_LINES: Final = 20
_LONGEST: Final = 300


def title_of(rule: str, facts: Iterable[tuple[str, str]] = ()) -> str:
    """Return what a rule has seen, in a few words; the owner's own rules say their title in the facts."""
    if rule == FAILS:
        return load_incident_words().said("message.channel")
    entry = load_detections().get(rule)
    if entry is not None:
        return entry.title
    _, _, name = rule.partition(".")  # a rule of the owner's own
    return dict(facts).get("title") or (name or rule).replace("-", " ").capitalize()


def next_step(incident: Incident) -> str:
    """Return the one thing to do now."""
    words = load_incident_words()
    if incident.is_drill:
        return words.said("next.drill")
    if incident.rule == FAILS and incident.state is not IncidentState.CLOSED:
        return words.said("next.channel", channel=incident.who.partition(":")[2])
    contain, close = f"apiward incidents contain {incident.id}", f"apiward incidents close {incident.id}"
    if incident.state is IncidentState.CONTAINED and held_by_itself_s(incident) is not None:
        return words.said("next.by-itself", until=until_of(incident), undo=f"apiward incidents undo {incident.id}")
    if incident.state is IncidentState.CONTAINED:
        return words.said("next.contained", until=until_of(incident), close=close)
    if incident.state is IncidentState.CLOSED:
        return words.said("next.closed")
    entry = load_detections().get(incident.rule)
    if entry is not None and is_of_the_whole(incident.rule, incident.who):
        return words.said("next.whole", playbook=entry.playbook)
    if incident.who == EVERYBODY:
        return words.said("next.everybody", contain=contain)
    return words.said(f"next.{incident.state.value}", contain=contain)


def until_of(incident: Incident) -> str:
    """Return until when somebody is held off, as the timeline says it."""
    held = [moment for moment in incident.timeline if moment.kind is MomentKind.CONTAINED]
    return held[-1].said.partition(" until ")[2].partition(",")[0] if held else "later"


def touched_of(incident: Incident) -> str:
    """Return how many of which kind were touched, as people say it."""
    words = load_incident_words()
    numbers = [(name.removeprefix("touched."), value) for name, value in incident.facts if name.startswith("touched.")]
    return ", ".join(f"{value} {words.touched(kind)}" for kind, value in numbers)


def told_lines(incident: Incident) -> Iterator[str]:
    """Yield the paragraphs of a message: what to do comes first."""
    words = load_incident_words()
    yield words.said("message.next", next=next_step(incident))
    entry = load_detections().get(incident.rule)
    if entry is not None:
        yield words.said("message.saw", saw=entry.told(dict(incident.facts)))
    yield words.said(
        "message.who",
        who=words.who_of(incident.rule, incident.who),
        first=clock(incident.first_s),
        last=clock(incident.last_s),
        count=requests_of(incident.rule, incident.count),
    )
    touched = touched_of(incident)
    if touched:
        yield words.said("message.touched", touched=touched)
    yield words.said("message.state", state=incident.state.value)
    yield words.said("message.show", id=incident.id)


def shown_lines(incident: Incident) -> Iterator[str]:
    """Yield what the owner reads of an incident: first what to do, then what it is, then what is not known."""
    words = load_incident_words()
    next_line, *others, _ = told_lines(incident)
    entry = load_detections().get(incident.rule)
    yield next_line
    if entry is not None:
        yield words.said("message.todo", todo=entry.todo)
        yield words.said("message.steps", playbook=entry.playbook)
        yield words.said("message.meaning", meaning=entry.meaning)
    yield from others
    yield from (words.said("message.unknown", unknown=unknown) for unknown in incident.unknown)


def notice_of(incident: Incident, kind: NoticeKind, *, channel: str, number: int, now_s: float, link: str) -> Notice:
    """Return the message on an incident, as it is now. The same number is the same message."""
    words = load_incident_words()
    title = words.said(
        "message.subject", severity=incident.severity.word.capitalize(), title=title_of(incident.rule, incident.facts)
    )
    if incident.is_drill:
        title = words.said("message.drill", title=title)
    return Notice(
        f"{incident.id}.{channel}.{number}",
        incident.id,
        kind,
        incident.severity,
        one_line(title),
        tuple(one_line(line)[:_LONGEST] for line in told_lines(incident)),
        now_s,
        link,
        is_drill=incident.is_drill,
    )


def trial_notice(channel: str, id_: str, now_s: float) -> Notice:
    """Return a message that only shows that the channel works."""
    words = load_incident_words()
    line = words.said("message.test-line", channel=channel)
    return Notice(id_, "test", NoticeKind.TEST, Severity.NOTE, words.said("message.test"), (line,), now_s)


def digest_of(incidents: Sequence[Incident], since_s: float, id_: str, now_s: float, link: str) -> Notice:
    """Return the summary of a day."""
    words = load_incident_words()
    alive = [one for one in incidents if one.state is not IncidentState.CLOSED]
    new = sum(one.first_s >= since_s for one in incidents)
    closed = len(incidents) - len(alive)
    lines = [one_line(digest_line(one, words)) for one in worst_first(alive)[:MOST_LINES]]
    title = words.said("message.digest", open=len(alive), new=new, closed=closed)
    severity = max((one.severity for one in alive), default=Severity.NOTE)
    said = tuple(lines) or (words.said("message.digest-none"),)
    return Notice(id_, "digest", NoticeKind.DIGEST, severity, title, said, now_s, link)


def digest_line(incident: Incident, words: IncidentWords) -> str:
    """Return an incident in one line."""
    return words.said(
        "message.digest-line",
        severity=incident.severity.word.capitalize(),
        state=incident.state.value,
        title=title_of(incident.rule, incident.facts),
        who=words.who_of(incident.rule, incident.who),
        count=requests_of(incident.rule, incident.count),
        id=incident.id,
    )


def clock(at_s: float) -> str:
    """Return a time as people write it (UTC)."""
    return f"{utc(at_s):%Y-%m-%d %H:%M}"
