"""The scan as text for a terminal. Everything from the target is made harmless before it is shown."""

import textwrap
from collections.abc import Callable, Iterator
from typing import Final

from apiward.core.finding import Severity
from apiward.prove import words
from apiward.prove.coverage import Reached
from apiward.prove.model import Group, ReportModel
from apiward.prove.neutral import one_line

MAX_GROUPS: Final = 5
MAX_PLACES: Final = 4
MAX_CHAINS: Final = 3
MAX_UNCHECKED_LINES: Final = 8
MIN_WIDTH: Final = 40
LABEL_WIDTH: Final = 8
_STYLES: Final = {
    "strong": "\x1b[1m",
    "quiet": "\x1b[2m",
    Severity.CRITICAL.word: "\x1b[1;35m",
    Severity.HIGH.word: "\x1b[1;33m",
    Severity.MEDIUM.word: "\x1b[33m",
    Severity.LOW.word: "\x1b[36m",
    Severity.NOTE.word: "\x1b[2m",
}
_RESET: Final = "\x1b[0m"
Paint = Callable[[str, str], str]


def render(model: ReportModel, *, width: int = 80, is_styled: bool = False, show_all: bool = False) -> str:
    """Return the report in lines of at most `width` columns (commands excepted), ended by a newline.

    At most five problems unless `show_all`; `is_styled` adds ANSI colours, which carry no meaning alone.
    """
    width = max(width, MIN_WIDTH)
    paint: Paint = _painted if is_styled else _plain
    lines = [*_head(model, width, paint)]
    shown = model.groups if show_all else model.groups[:MAX_GROUPS]
    for group in shown:
        lines += ["", *_group(model, group, width, paint, show_all=show_all)]
    lines += _hidden(model.groups[len(shown) :])
    lines += _chains(model, width, paint, show_all=show_all)
    lines += [*_accepted(model, width), *_changes(model, width), *_unchecked(model, width, paint, show_all=show_all)]
    lines += _by_operation(model, width, paint) if show_all else []
    lines += [*_left_behind(model, width), "", *_wrapped(f"{model.next_words}:", width)]
    lines.append(f"  {one_line(model.next_command)}")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _head(model: ReportModel, width: int, paint: Paint) -> Iterator[str]:
    report = model.report
    yield from (paint(line, "strong") for line in _wrapped(model.state.headline, width))
    rest = f"{model.state.smaller} {model.state.checked}".strip()
    yield from _wrapped(rest, width)
    yield from _wrapped(words.reached_sentence(model.coverage), width)
    sent = f"{words.counted(report.request_count, 'request')} to {report.target} in {words.took(report.duration_s)}"
    yield from (paint(line, "quiet") for line in _wrapped(f"{sent}, level {report.level}.", width))


def _hidden(groups: tuple[Group, ...]) -> list[str]:
    if not groups:
        return []
    is_serious = any(group.is_serious for group in groups)
    return [
        "",
        f"and {len(groups)} more: --all" if is_serious else f"and {words.counted(len(groups), 'smaller one')}: --all",
    ]


def _group(model: ReportModel, group: Group, width: int, paint: Paint, *, show_all: bool) -> Iterator[str]:
    entry, first = group.entry, group.findings[0]
    label = f"{group.severity.word} · {group.confidence.value}"
    where = one_line(first.operation) if len(group.operations) == 1 else f"in {len(group.operations)} places"
    fits = len(f"{entry.code} {label}  {where}") <= width
    yield f"{paint(entry.code, 'strong')} {paint(label, group.severity.word)}" + (f"  {where}" if fits else "")
    if not fits:
        yield from _wrapped(where, width, indent=2)
    yield from _wrapped(f"{entry.title.rstrip('.')}. {entry.meaning}", width, indent=2)
    yield from _labelled("saw", _seen(model, group), width)
    if len(group.findings) > 1:
        yield from _places(model, group, width, show_all=show_all)
    if group.beside:
        yield from _labelled("same", words.beside(group.beside), width)
    if group.opens:
        yield from _labelled("story", "; ".join(group.opens), width)
    yield from _labelled("fix", words.first_sentence(entry.fix), width)
    yield from _labelled("effort", group.effort, width)
    yield from _labelled("more", f"apiward explain {entry.code}", width)


def _chains(model: ReportModel, width: int, paint: Paint, *, show_all: bool) -> Iterator[str]:
    if not model.chains:
        return
    yield ""
    yield paint("What these open together", "strong")
    shown = model.chains if show_all else model.chains[:MAX_CHAINS]
    for chain in shown:
        yield from _item(f"{chain.title} ({chain.severity.word}). {chain.text} {chain.fix}", width)
    if len(shown) < len(model.chains):
        yield f"  and {len(model.chains) - len(shown)} more: --all"


def _seen(model: ReportModel, group: Group) -> str:
    first = group.findings[0]
    news = model.news(first)
    return f"{first.saw} ({news})" if news else first.saw


def _places(model: ReportModel, group: Group, width: int, *, show_all: bool) -> Iterator[str]:
    findings = group.findings if show_all else group.findings[:MAX_PLACES]
    for number, finding in enumerate(findings):
        news = f" ({model.news(finding)})" if model.news(finding) else ""
        place = f" ({finding.place})" if finding.place else ""
        yield from _labelled("" if number else "where", f"{finding.operation}{place}{news}", width)
    if len(findings) < len(group.findings):
        yield from _labelled("", f"and {len(group.findings) - len(findings)} more: --all", width)


def _accepted(model: ReportModel, width: int) -> Iterator[str]:
    if model.accepted:
        yield ""
        yield f"Accepted, not counted: {len(model.accepted)}"
    for finding, entry in model.accepted:
        until = f"until {entry.expires_on.isoformat()}"
        yield from _item(f"{finding.check} {finding.operation}, {until}: {entry.reason}", width)


def _changes(model: ReportModel, width: int) -> Iterator[str]:
    if model.changes is None:
        return
    c = model.changes
    yield ""
    yield from _wrapped(
        f"Since the scan before: {len(c.new)} new, {len(c.regressed)} came back, {len(c.fixed)} fixed, "
        f"{len(c.unconfirmed)} gone but not confirmed.",
        width,
    )


def _unchecked(model: ReportModel, width: int, paint: Paint, *, show_all: bool) -> Iterator[str]:
    yield ""
    if not model.not_checked:
        yield from _wrapped(words.EVERYTHING_CHECKED, width)
        return
    yield paint("Not checked", "strong")
    reasons = [words.reason(reason.outcome, len(reason.cases), reason.why) for reason in model.coverage.reasons]
    whole = [_item(text, width) for text in (*model.not_checked, *reasons)]
    brief = [_item(text, width) for text in (*(gap.brief for gap in model.gaps), *reasons)]
    shown = whole if show_all else list(_first_lines(brief))
    yield from (line for lines in shown for line in lines)
    if shown != whole:
        more = f"and {len(whole) - len(shown)} more, with what" if len(shown) < len(whole) else "What"
        yield f"  {more} to do about it: --all"


def _first_lines(items: list[list[str]]) -> Iterator[list[str]]:
    """Yield the first items that fit, at least one; a last line is kept for saying that there is more."""
    room = MAX_UNCHECKED_LINES - 1
    for number, lines in enumerate(items):
        room -= len(lines)
        if room < 0 and number:
            return
        yield lines


def _by_operation(model: ReportModel, width: int, paint: Paint) -> Iterator[str]:
    """Yield what became of each operation, those first that gave no good answer."""
    for state in reversed(Reached):
        rows = model.coverage.of(state)
        if rows:
            yield ""
            yield paint(f"{words.counted(len(rows), 'operation')} {words.REACHED_MEANING[state]}", "strong")
        for row in rows:
            who = f"{words.answered_to(row)}; " if state is Reached.ANSWERED else ""
            why = f" ({row.why})" if row.why else ""
            yield from _item(f"{row.operation}: {who}{words.results(row)}{why}", width)


def _left_behind(model: ReportModel, width: int) -> Iterator[str]:
    if model.report.left_behind:
        yield ""
        yield "Left behind on your API, see to it:"
    for what in model.report.left_behind:
        yield from _item(what, width)


def _labelled(label: str, text: str, width: int) -> list[str]:
    lead = f"  {label:<{LABEL_WIDTH - 1}}"
    return textwrap.wrap(one_line(text), width, initial_indent=lead, subsequent_indent=" " * len(lead))


def _item(text: str, width: int) -> list[str]:
    return textwrap.wrap(one_line(text), width, initial_indent="  - ", subsequent_indent="    ")


def _wrapped(text: str, width: int, *, indent: int = 0) -> list[str]:
    lead = " " * indent
    return textwrap.wrap(one_line(text), width, initial_indent=lead, subsequent_indent=lead)


def _plain(text: str, _style: str) -> str:
    return text


def _painted(text: str, style: str) -> str:
    return f"{_STYLES[style]}{text}{_RESET}"
