"""Markdown for a pull request or a ticket (GitHub's dialect). Text from the target cannot become markup."""

import re
from collections.abc import Iterator
from typing import Final

from apiward.core.exchange import Exchange
from apiward.prove import words
from apiward.prove.curl import curl_line
from apiward.prove.model import Group, ReportModel
from apiward.prove.neutral import neutral, one_line, shortened
from apiward.prove.shown import exchange_text

MAX_EVIDENCE: Final = 3
MAX_BODY_CHARS: Final = 1_500
_MARKUP: Final = re.compile(r"[\\`*_{}\[\]#!|<>~&$^@]|:(?=//)|(?<=www)\.|^[-+=]", re.IGNORECASE)
_BACKTICKS: Final = re.compile(r"`+")


def render(model: ReportModel) -> str:
    """Return the report as Markdown: state, table of problems, a section for each, what was not checked."""
    parts = [*_head(model)]
    for group in model.groups:
        parts += [*_section(model, group)]
    parts += [*_chains(model), *_accepted(model), *_unchecked(model), *_left_behind(model)]
    parts += [f"{model.next_words}: {_code(model.next_command)}"]
    return "\n\n".join(parts) + "\n"


def _head(model: ReportModel) -> Iterator[str]:
    report = model.report
    yield f"# API check of {_plain(report.api_title or report.target)}"
    rest = f"{model.state.smaller} {model.state.checked}".strip()
    yield f"**{model.state.headline}** {rest}"
    day = report.started_at.strftime("%Y-%m-%d %H:%M UTC")
    yield f"{_code(report.target)}, {day}, {words.counted(report.request_count, 'request')}, level {report.level}."
    if model.groups:
        rows = [
            f"| {g.entry.code} | {g.severity.word} | {g.confidence.value} | {_plain(g.entry.title)} "
            f"| {_code(g.place)} | {g.effort} |"
            for g in model.groups
        ]
        head = ["| check | severity | confidence | problem | where | usual effort |", "|---|---|---|---|---|---|"]
        yield "\n".join([*head, *rows])


def _chains(model: ReportModel) -> Iterator[str]:
    if model.chains:
        yield "## What these open together"
    for chain in model.chains:
        yield f"**{_plain(chain.title)}** ({chain.severity.word}). {_plain(chain.text)} {_plain(chain.fix)}"


def _section(model: ReportModel, group: Group) -> Iterator[str]:
    entry = group.entry
    yield f"## {entry.code}: {_plain(entry.title)}"
    yield _plain(entry.meaning)
    yield f"**Fix** ({group.effort}): {_plain(entry.fix)}"
    if group.beside:
        yield f"**Same place:** {_plain(words.beside(group.beside))}."
    yield f"**Known as:** {', '.join(_ids(group))}"
    for finding in group.findings[:MAX_EVIDENCE]:
        news = model.news(finding)
        yield f"### {_code(finding.operation)}" + (f" ({news})" if news else "")
        yield f"{_plain(finding.saw)} Finding {_code(finding.id)}, {finding.confidence.value}."
        yield _fenced(curl_line(finding.evidence.attack), "sh")
        yield _details("What we sent and got", finding.evidence.attack)
        if finding.evidence.control:
            yield _details("The control: the same without the attack", finding.evidence.control)
    rest = group.findings[MAX_EVIDENCE:]
    if rest:
        yield "Also here:"
        yield "\n".join(f"- {_code(f.operation)} {_plain(f.place)} ({_code(f.id)})" for f in rest)
    yield f"Check again after the fix: {_code(group.retest)}"


def _ids(group: Group) -> list[str]:
    entry = group.entry
    return [*(f"CWE-{number}" for number in entry.cwe), *entry.owasp_2019, *entry.owasp_2023]


def _accepted(model: ReportModel) -> Iterator[str]:
    if model.accepted:
        yield "## Accepted, not counted"
        yield "\n".join(
            f"- {f.check} {_code(f.operation)}, until {e.expires_on.isoformat()}: {_plain(e.reason)}"
            for f, e in model.accepted
        )


def _unchecked(model: ReportModel) -> Iterator[str]:
    yield "## What was not checked"
    if not model.not_checked:
        yield words.EVERYTHING_CHECKED
        return
    reasons = (words.reason(r.outcome, len(r.cases), r.why) for r in model.coverage.reasons)
    yield "\n".join(f"- {_plain(text)}" for text in (*model.not_checked, *reasons))


def _left_behind(model: ReportModel) -> Iterator[str]:
    if model.report.left_behind:
        yield "## Left behind on your API"
        yield "We could not remove these test entries. Please delete them."
        yield "\n".join(f"- {_plain(what)}" for what in model.report.left_behind)


def _details(title: str, exchange: Exchange) -> str:
    text = shortened(exchange_text(exchange, body_chars=MAX_BODY_CHARS), 4 * MAX_BODY_CHARS)
    return f"<details><summary>{title}</summary>\n\n{_fenced(text, 'http')}\n\n</details>"


def _plain(text: str) -> str:
    """Escape what could become markup, a link, or (`@`) a call to somebody."""
    return _MARKUP.sub(_escaped, one_line(text))


def _escaped(match: re.Match[str]) -> str:
    return "@<!-- -->" if match[0] == "@" else "\\" + match[0]


def _code(text: str) -> str:
    """Return `text` as a code span that it cannot leave, inside a table as well."""
    harmless = one_line(text).replace("|", "\\x7c")
    fence = "`" * (_longest_backticks(harmless) + 1)
    return f"{fence} {harmless} {fence}" if "`" in harmless else f"`{harmless or ' '}`"


def _fenced(text: str, language: str) -> str:
    harmless = neutral(text, keep="\n")
    fence = "`" * max(3, _longest_backticks(harmless) + 1)
    return f"{fence}{language}\n{harmless}\n{fence}"


def _longest_backticks(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)
