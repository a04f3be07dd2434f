"""The scan as JSON for programs: schema `apiward.scan/1`, published in `scan-1.schema.json`."""

import json
from importlib import resources
from typing import Final

from apiward import __version__
from apiward.core.exchange import Exchange, Headers
from apiward.core.finding import Finding
from apiward.core.jsonvalue import Json
from apiward.core.verdict import Evidence
from apiward.prove.chains import Chain
from apiward.prove.changes import SCAN_SCHEMA
from apiward.prove.curl import curl_line
from apiward.prove.model import Group, ReportModel

MAX_BODY_CHARS: Final = 20_000
SCHEMA_FILE: Final = "scan-1.schema.json"
ERROR_SCHEMA_FILE: Final = "error-1.schema.json"


def render(model: ReportModel) -> str:
    """Return the whole report as JSON in ASCII, so that no character in it steers a terminal."""
    return json.dumps(document(model), indent=2, ensure_ascii=True) + "\n"


def schema_text(name: str = SCHEMA_FILE) -> str:
    """Return a published JSON Schema (2020-12): of what `render` writes, or that in ERROR_SCHEMA_FILE."""
    return resources.files("apiward.prove.formats").joinpath(name).read_text("utf-8")


def document(model: ReportModel) -> dict[str, Json]:
    """Return the report as a JSON value."""
    report = model.report
    return {
        "schema": SCAN_SCHEMA,
        "apiward_version": __version__,
        "scan": _scan(model),
        "state": {
            "sentence": str(model.state),
            "checked_enough": model.coverage.is_enough,
            "not_checked": list(model.not_checked),
        },
        "problems": [_problem(group) for group in model.groups],
        "chains": [_chain(model, chain) for chain in model.chains],
        "findings": _findings(model),
        "coverage": _coverage(model),
        "items": [
            {"check": i.check, "operation": i.operation, "outcome": i.outcome.value, "saw": i.saw} for i in report.items
        ],
        "limits": [{"what": x.what, "cost": x.cost, "remedy": x.remedy} for x in report.limits],
        "accounts": [
            {
                "name": a.name,
                "standing": a.standing.value,
                "origin": a.origin.value,
                "is_logged_in": a.is_logged_in,
            }
            for a in report.accounts
        ],
        "left_behind": list(report.left_behind),
        "description_problems": [{"pointer": p.pointer, "message": p.message} for p in report.problems],
        "changes": _changes(model),
        "next_command": model.next_command,
    }


def _scan(model: ReportModel) -> dict[str, Json]:
    report = model.report
    return {
        "target": report.target,
        "started_at": report.started_at.isoformat(),
        "duration_s": round(report.duration_s, 3),
        "request_count": report.request_count,
        "level": report.level,
        "api_title": report.api_title,
        "api_source": report.api_source,
        "was_interrupted": report.was_interrupted,
        "was_cut_short": report.was_cut_short,
    }


def _problem(group: Group) -> dict[str, Json]:
    entry = group.entry
    return {
        "check": entry.code,
        "name": entry.name,
        "title": entry.title,
        "severity": group.severity.word,
        "confidence": group.confidence.value,
        "meaning": entry.meaning,
        "fix": entry.fix,
        "ask": group.ask,
        "effort_h": list(entry.effort_h),
        "cwe": list(entry.cwe),
        "owasp": [*entry.owasp_2019, *entry.owasp_2023],
        "proves": entry.proves,
        "cannot": entry.cannot,
        "references": list(entry.references),
        "finding_ids": [finding.id for finding in group.findings],
        "beside": list(group.beside),
        "retest_command": group.retest,
    }


def _chain(model: ReportModel, chain: Chain) -> Json:
    links = [one for one in model.report.links if one.story == chain.story and one.first in chain.first]
    links = [one for one in links if not one.then or one.then in chain.then]
    return {
        "story": chain.story,
        "title": chain.title,
        "severity": chain.severity.word,
        "text": chain.text,
        "fix": chain.fix,
        "mend_first": list(chain.mend),
        "links": [
            {
                "first": link.first,
                "then": link.then or None,
                "leads_to": link.leads_to,
                "saw": link.saw,
                "evidence": _evidence(link.evidence) if link.evidence else None,
            }
            for link in links
        ],
    }


def _findings(model: ReportModel) -> list[Json]:
    counted = [finding for group in model.groups for finding in group.findings]
    aside = [
        _finding(finding, "", {"reason": entry.reason, "expires_on": entry.expires_on.isoformat()})
        for finding, entry in model.accepted
    ]
    return [_finding(finding, model.news(finding), None) for finding in counted] + aside


def _finding(finding: Finding, news: str, accepted: Json) -> Json:
    evidence = finding.evidence
    return {
        "id": finding.id,
        "check": finding.check,
        "operation": finding.operation,
        "place": finding.place,
        "severity": finding.severity.word,
        "confidence": finding.confidence.value,
        "saw": finding.saw,
        "news": news,
        "accepted": accepted,
        "curl": curl_line(evidence.attack),
        "evidence": _evidence(evidence),
    }


def _evidence(evidence: Evidence) -> Json:
    return {
        "attack": _exchange(evidence.attack),
        "control": _exchange(evidence.control) if evidence.control else None,
        "more": [_exchange(exchange) for exchange in evidence.more],
    }


def _exchange(exchange: Exchange) -> Json:
    request, response = exchange.request, exchange.response
    return {
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": _headers(request.headers),
            **_body(request.body, is_cut=False),
        },
        "response": {
            "status": response.status,
            "headers": _headers(response.headers),
            **_body(response.body, is_cut=response.is_cut),
        }
        if response
        else None,
        "failure": exchange.failure.value if exchange.failure else None,
        "elapsed_s": round(exchange.elapsed_s, 4),
    }


def _headers(headers: Headers) -> list[Json]:
    return [[name, value] for name, value in headers]


def _body(body: bytes, *, is_cut: bool) -> dict[str, Json]:
    text = body.decode("utf-8", "replace")
    return {"body": text[:MAX_BODY_CHARS], "body_is_cut": is_cut or len(text) > MAX_BODY_CHARS}


def _coverage(model: ReportModel) -> Json:
    coverage = model.coverage
    return {
        "operations": list(coverage.operations),
        "operations_checked": list(coverage.checked),
        "operations_asked": list(coverage.asked),
        "operations_answered": list(coverage.answered),
        "operations_left_alone": [{"operation": op, "why": why} for op, why in coverage.left_alone],
        "reached_as": [{"name": name, "operations": count} for name, count in coverage.viewers],
        "by_operation": [
            {
                "operation": row.operation,
                "state": row.state.value,
                "why": row.why,
                "reached_as": list(row.viewers),
                "holds": row.holds,
                "broken": row.broken,
                "unsure": row.unsure,
                "not-run": row.not_run,
            }
            for row in coverage.rows
        ],
        "checks": [
            {"check": c.check, "holds": c.holds, "broken": c.broken, "unsure": c.unsure, "not-run": c.not_run}
            for c in coverage.checks
        ],
        "reasons": [
            {
                "outcome": reason.outcome.value,
                "why": reason.why,
                "cases": [{"check": check, "operation": op} for check, op in reason.cases],
            }
            for reason in coverage.reasons
        ],
    }


def _changes(model: ReportModel) -> Json:
    changes = model.changes
    if changes is None:
        return None
    return {
        "new": list(changes.new),
        "regressed": list(changes.regressed),
        "fixed": list(changes.fixed),
        "unconfirmed": list(changes.unconfirmed),
    }
