"""BROKEN verdicts become findings: masked, with the catalogue's severity, each weakness once."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from apiward.catalogue.entries import CheckEntry
from apiward.classify.masking import Masker
from apiward.core.finding import Finding
from apiward.core.link import Link
from apiward.core.verdict import Evidence, Outcome, Verdict

_WORDS_OF_OURS: Final = frozenset("password passwords secret admin account token login user".split())
"""Passwords that are words of our own sentences: masking them there would hide nothing, and spoil the sentence."""


def findings_of(
    verdicts: Iterable[Verdict], entries: Mapping[str, CheckEntry], secrets: Iterable[str]
) -> tuple[Finding, ...]:
    """Return the findings of a scan, in the order of the verdicts, the first of each id."""
    known = frozenset(secrets)
    masker, own_words = Masker(known), Masker(known - _WORDS_OF_OURS)
    found: dict[str, Finding] = {}
    for verdict in verdicts:
        if verdict.outcome is Outcome.BROKEN and verdict.evidence is not None:
            finding = _finding(verdict, verdict.evidence, entries[verdict.check], masker, own_words)
            found.setdefault(finding.id, finding)
    return tuple(found.values())


def masked_links(links: Iterable[Link], secrets: Iterable[str]) -> tuple[Link, ...]:
    """Return the links as they may be kept."""
    masker = Masker(frozenset(secrets))
    return tuple(replace(one, evidence=_masked(one.evidence, masker) if one.evidence else None) for one in links)


def _finding(verdict: Verdict, evidence: Evidence, entry: CheckEntry, masker: Masker, own_words: Masker) -> Finding:
    return Finding(
        check=verdict.check,
        operation=verdict.operation,
        place=verdict.place,
        severity=entry.severity,
        confidence=verdict.confidence,
        saw=own_words.mask_text(verdict.saw),
        evidence=_masked(evidence, masker),
    )


def _masked(evidence: Evidence, masker: Masker) -> Evidence:
    return Evidence(
        masker.mask_exchange(evidence.attack),
        masker.mask_exchange(evidence.control) if evidence.control else None,
        tuple(masker.mask_exchange(exchange) for exchange in evidence.more),
    )
