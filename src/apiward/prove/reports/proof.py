"""The page that may be shown to others: what was checked, when and how much of it, and no weakness."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from apiward.catalogue.texts import Texts, load_texts
from apiward.core.jsonvalue import Json
from apiward.prove.grade_words import percent
from apiward.prove.reports.model import FILE, StandingReport, day, fresh_until_s

LEVELS = frozenset({"read", "write", "full"})


@dataclass(frozen=True, slots=True)
class Proof:
    """What the page says: rows of label and value, and a mark by which its owner knows it again."""

    rows: tuple[tuple[str, str], ...]
    mark: str


def proof_of(report: StandingReport) -> Proof:
    """Return what may be shown of a report."""
    rows = tuple(_rows(report, load_texts(FILE)))
    text = json.dumps([report.title, report.told.letter, day(report.gathered.at_s), rows], ensure_ascii=True)
    return Proof(rows, hashlib.sha256(text.encode()).hexdigest()[:32])


def proof_document(report: StandingReport) -> dict[str, Json]:
    """Return the same as JSON."""
    proof, reach, scan = proof_of(report), report.gathered.standing.reach, report.gathered.whole_scan
    return {
        "title": report.title,
        "letter": report.told.letter or None,
        "meaning": report.told.meaning,
        "coverage_percent": percent(reach.share) if reach is not None else None,
        "scanned_on": day(scan.at_s) if scan is not None else None,
        "rows": [[label, value] for label, value in proof.rows],
        "mark": proof.mark,
    }


def _rows(report: StandingReport, said: Texts) -> Iterator[tuple[str, str]]:
    gathered = report.gathered
    standing, reach, scan = gathered.standing, gathered.standing.reach, gathered.whole_scan
    never = said.said("stand.never")
    if reach is None or scan is None:
        yield said.said("proof.scanned"), never
        return
    share, accounts = percent(reach.share), reach.accounts
    yield said.said("proof.covered"), said.said("proof.covered-by", share=share, accounts=accounts)
    yield said.said("proof.kinds"), str(sum(1 for one in scan.checks if one.holds or one.broken))
    yield said.said("proof.runs"), said.said("proof.runs-of", decided=reach.decided, runs=reach.runs)
    yield said.said("proof.scanned"), day(scan.at_s)
    if scan.level in LEVELS:
        yield said.said("proof.level"), said.said(f"proof.level-{scan.level}")
    until_s = fresh_until_s(gathered) or 0.0
    name = "proof.until" if until_s >= gathered.at_s else "proof.over"
    yield said.said(name), day(until_s)
    yield said.said("proof.guard"), said.said(f"stand.guard-{standing.guard.value}")
    yield said.said("proof.exercise"), day(gathered.exercise_s) if gathered.exercise_s is not None else never
