"""One self-contained page: the owner's part first, then the developer's. No scripts, no outside requests."""

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Final

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from apiward import __version__
from apiward.catalogue.entries import CheckEntry
from apiward.core.exchange import Exchange
from apiward.core.finding import Finding
from apiward.prove import words
from apiward.prove.curl import curl_line
from apiward.prove.model import Group, ReportModel
from apiward.prove.neutral import neutral
from apiward.prove.shown import answer_text, request_text

NEXT_STEPS: Final = 3
MAX_EVIDENCE: Final = 3
MAX_BODY_CHARS: Final = 3_000


def render(model: ReportModel) -> str:
    """Return the report as one HTML page with a strict content security policy."""
    css = _package_file("report.css")
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
            policy=_policy(css),
            max_evidence=MAX_EVIDENCE,
            words=words,
            version=__version__,
        )
    )


def _policy(css: str) -> str:
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_package_file),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    environment.filters["curl"] = _curl
    environment.filters["request_text"] = _request
    environment.filters["answer_text"] = _answer
    environment.filters["sources"] = _sources
    return environment


def _package_file(name: str) -> str:
    return resources.files("apiward.prove").joinpath("templates", name).read_text("utf-8")


def _harmless(value: object) -> object:
    """Write out control and bidirectional characters in everything that a template shows."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return neutral(value, keep="\n")


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
