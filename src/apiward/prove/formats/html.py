"""One self-contained page: the owner's part first, then the developer's. No scripts, no outside requests."""

from collections.abc import Iterable
from functools import cache
from typing import Final

from jinja2 import Environment
from markupsafe import Markup

from apiward import __version__
from apiward.catalogue.entries import CheckEntry
from apiward.core.exchange import Exchange
from apiward.core.finding import Finding
from apiward.prove import words
from apiward.prove.curl import curl_line
from apiward.prove.model import Group, ReportModel
from apiward.prove.pages import package_file, page_environment, page_policy
from apiward.prove.shown import answer_text, request_text

NEXT_STEPS: Final = 3
MAX_EVIDENCE: Final = 3
MAX_BODY_CHARS: Final = 3_000


def render(model: ReportModel) -> str:
    """Return the report as one HTML page with a strict content security policy."""
    css = package_file("report.css")
    return (
        _environment()
        .get_template("report.html")
        .render(
            model=model,
            report=model.report,
            coverage=model.coverage,
            steps=model.groups[:NEXT_STEPS],
            later=model.groups[NEXT_STEPS:],
            severities=_severities(model.groups),
            css=Markup(css),  # noqa: S704 - our own file, nothing from outside is in it
            policy=page_policy(css),
            max_evidence=MAX_EVIDENCE,
            words=words,
            version=__version__,
        )
    )


@cache
def _environment() -> Environment:
    environment = page_environment()
    environment.filters["curl"] = _curl
    environment.filters["request_text"] = _request
    environment.filters["answer_text"] = _answer
    environment.filters["sources"] = _sources
    return environment


def _curl(finding: Finding) -> str:
    return curl_line(finding.evidence.attack)


def _request(exchange: Exchange) -> str:
    return request_text(exchange.request, body_chars=MAX_BODY_CHARS)


def _answer(exchange: Exchange) -> str:
    return answer_text(exchange, body_chars=MAX_BODY_CHARS)


def _sources(entry: CheckEntry) -> list[str]:
    """Return the references that the line of CWE and OWASP ids does not name already."""
    named = {*(f"CWE-{number}" for number in entry.cwe)}
    named.update(f"OWASP {identity}" for identity in (*entry.owasp_2019, *entry.owasp_2023))
    return [reference for reference in entry.references if reference not in named]


def _severities(groups: Iterable[Group]) -> list[tuple[str, str]]:
    present = {group.severity for group in groups}
    return [(s.word, meaning) for s, meaning in words.SEVERITY_MEANING.items() if s in present]
