"""The grade in words: its meaning, what keeps it from being better, and what to do next by which command."""

import math
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from apiward.catalogue.entries import CheckEntry
from apiward.catalogue.grades import load_grade_words
from apiward.prove import words
from apiward.prove.grade import LEAST_SHARE, Cap, Grade, Missing

EXAMPLE: Final = "http://localhost:8000"
"""The address in commands where none is known."""


@dataclass(frozen=True, slots=True)
class GradeStep:
    """One thing that lifts the grade. `why` is what is the matter, `what` what to do, `effort` empty where unknown."""

    why: str
    what: str
    command: str
    effort: str = ""
    check: str = ""
    findings: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToldGrade:
    """A grade as people read it. `letter` and `next_letter` are empty where there is none."""

    letter: str
    meaning: str
    share: int
    next_letter: str
    steps: tuple[GradeStep, ...]
    others: tuple[str, ...]
    """What else caps it, further up."""


def told_grade(grade: Grade, checks: Mapping[str, CheckEntry], *, target: str = "") -> ToldGrade:
    """Return the grade in words; `checks` are the entries of the catalogue."""
    said = load_grade_words()
    letter = grade.letter.name if grade.letter is not None else ""
    steps = [_step(cap, checks, target) for cap in grade.lifts]
    if grade.letter is None:
        steps = [_first(missing, grade.share, target) for missing in grade.missing]
    lifted = set(grade.lifts)
    return ToldGrade(
        letter=letter,
        meaning=said.said(f"letters.{letter or 'none'}"),
        share=percent(grade.share),
        next_letter=grade.next_letter.name if grade.next_letter is not None else "",
        steps=tuple(steps),
        others=tuple(cap_text(cap, checks) for cap in grade.caps if cap not in lifted),
    )


def percent(share: float) -> int:
    """Return a share in whole per cent, rounded down: what is not reached is never shown as reached."""
    return math.floor(share * 100 + 1e-9)


def cap_text(cap: Cap, checks: Mapping[str, CheckEntry]) -> str:
    """Return what caps the letter, in one sentence."""
    entry = checks.get(cap.check)
    title = entry.title if entry is not None else cap.check
    return load_grade_words().said(f"caps.{cap.kind.value}", title=title, count=cap.count)


def _step(cap: Cap, checks: Mapping[str, CheckEntry], target: str) -> GradeStep:
    said = load_grade_words()
    entry = checks.get(cap.check)
    return GradeStep(
        why=cap_text(cap, checks),
        what=said.said(f"lifts.{cap.kind.value}", count=cap.count),
        command=_command(cap.kind.value, target, cap.findings, cap.incidents),
        effort=words.effort(entry.effort_h) if entry is not None else "",
        check=cap.check,
        findings=cap.findings,
        incidents=cap.incidents,
    )


def _first(missing: Missing, share: float, target: str) -> GradeStep:
    said = load_grade_words()
    return GradeStep(
        why=said.said(f"missing.{missing.value}", share=percent(share), least=percent(LEAST_SHARE)),
        what=said.said(f"first.{missing.value}"),
        command=_command(missing.value, target, (), ()),
    )


def _command(name: str, target: str, findings: tuple[str, ...], incidents: tuple[str, ...]) -> str:
    said = load_grade_words().said(
        f"commands.{name}",
        finding=findings[0] if findings else "--all",
        incident=incidents[0] if incidents else "",
        target=shlex.quote(target) if target else EXAMPLE,
    )
    return said.strip()
