"""A report as JSON for programs: schema `apiward.report/1`."""

import json
from typing import Final

from apiward import __version__
from apiward.core.incident import Incident
from apiward.core.jsonvalue import Json
from apiward.core.kept_finding import KeptFinding
from apiward.core.moments import utc
from apiward.prove.reports.model import ReportKind, StandingReport
from apiward.prove.reports.problems import Problem
from apiward.prove.reports.proof import proof_document

SCHEMA: Final = "apiward.report/1"


def render(report: StandingReport) -> str:
    """Return the report as JSON in ASCII, so that no character in it steers a terminal."""
    return json.dumps(document(report), indent=2, ensure_ascii=True) + "\n"


def document(report: StandingReport) -> dict[str, Json]:
    """Return the report as a JSON value. The summary has no single findings, the proof no weakness at all."""
    head: dict[str, Json] = {
        "schema": SCHEMA,
        "apiward_version": __version__,
        "kind": report.kind.value,
        "made_at": _time(report.gathered.at_s),
    }
    if report.kind is ReportKind.PROOF:
        return {**head, "proof": proof_document(report)}
    return {
        **head,
        "title": report.title,
        "target": report.target,
        "grade": _grade(report),
        "headline": report.headline,
        "lines": list(report.lines),
        "standing": [{"label": label, "value": value} for label, value in report.rows],
        "not_checked": list(report.not_checked),
        "chains": [
            {
                "story": chain.story,
                "title": chain.title,
                "severity": chain.severity.word,
                "text": chain.text,
                "fix": chain.fix,
                "finding_ids": [*chain.first, *chain.then],
                "mend_first": list(chain.mend),
            }
            for chain in report.chains
        ],
        "problems": [_problem(problem, report) for problem in report.problems],
        "fixed": [_finding(one) for one in report.fixed] if report.kind is ReportKind.FULL else len(report.fixed),
        "incidents": [_incident(title, one) for title, one in report.incidents],
    }


def _grade(report: StandingReport) -> dict[str, Json]:
    told = report.told
    return {
        "letter": told.letter or None,
        "meaning": told.meaning,
        "coverage_percent": told.share,
        "next_letter": told.next_letter or None,
        "steps": [
            {
                "why": step.why,
                "what": step.what,
                "command": step.command,
                "effort": step.effort,
                "check": step.check,
                "finding_ids": list(step.findings),
                "incident_ids": list(step.incidents),
            }
            for step in told.steps
        ],
        "caps": [
            {"why": why, "letter": cap.letter.name}
            for (why, _), cap in zip(report.caps, report.grade.caps, strict=True)
        ],
    }


def _problem(problem: Problem, report: StandingReport) -> dict[str, Json]:
    entry, is_full = problem.entry, report.kind is ReportKind.FULL
    found: dict[str, Json] = {
        "check": problem.check,
        "title": problem.title,
        "treatment": problem.treatment.value,
        "severity": problem.severity.word,
        "confidence": problem.first.confidence.value,
        "places": len(problem.operations),
        "open_since": _time(problem.opened_s),
        "effort": problem.effort,
    }
    if not is_full:
        return found
    return {
        **found,
        "meaning": entry.meaning if entry is not None else "",
        "fix": entry.fix if entry is not None else "",
        "ask": problem.ask,
        "retest_command": problem.retest(report.target),
        "rules": list(problem.rules),
        "accepted": [{"until": until, "reason": reason} for until, reason in problem.reasons],
        "findings": [{**_finding(one), "evidence": report.evidence.get(one.id)} for one in problem.findings],
    }


def _finding(one: KeptFinding) -> dict[str, Json]:
    return {
        "id": one.id,
        "check": one.check,
        "operation": one.operation,
        "place": one.place,
        "severity": one.severity.word,
        "confidence": one.confidence.value,
        "saw": one.saw,
        "state": one.state.value,
        "first_seen": _time(one.first_s),
        "last_seen": _time(one.last_s),
        "fixed_at": _time(one.fixed_s) if one.fixed_s is not None else None,
        "history": [{"at": _time(turn.at_s), "what": turn.kind.value} for turn in one.history],
    }


def _incident(title: str, one: Incident) -> dict[str, Json]:
    return {
        "id": one.id,
        "title": title,
        "severity": one.severity.word,
        "state": one.state.value,
        "first_seen": _time(one.first_s),
        "last_seen": _time(one.last_s),
    }


def _time(at_s: float) -> str:
    return utc(at_s).isoformat(timespec="seconds")
