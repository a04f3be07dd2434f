"""A report on how an API stands, as all forms show it: everything is counted and put into words once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from apiward.catalogue.entries import CheckEntry
from apiward.catalogue.texts import Texts, load_texts
from apiward.core.incident import Incident
from apiward.core.kept_finding import KeptFinding
from apiward.core.moments import utc
from apiward.prove import words
from apiward.prove.chains import Chain
from apiward.prove.gathered import Gathered
from apiward.prove.grade import FRESH_DAYS, Cap, Grade, Letter, grade_of
from apiward.prove.grade_words import ToldGrade, cap_text, told_grade
from apiward.prove.reaching import DAY_S
from apiward.prove.reports.problems import Problem, chains_in, problems_of
from apiward.prove.standing import Treatment

FILE: Final = "reports.toml"
FIXED_DAYS: Final = 90.0
MOST_REASONS: Final = 6


class ReportKind(StrEnum):
    """SUMMARY: one page for the owner. FULL: everything. PROOF: what may be shown to others."""

    SUMMARY = "summary"
    FULL = "full"
    PROOF = "proof"


@dataclass(frozen=True, slots=True)
class StandingReport:
    """Everything that a form needs. `rows` are label and value; `not_checked` are whole sentences.

    `caps` are all matters with the letter that each allows; `evidence` is what was sent and answered by finding,
    masked; `incidents` are pairs of title and incident. `chains` say what open problems
    do together.
    """

    kind: ReportKind
    title: str
    gathered: Gathered
    grade: Grade
    told: ToldGrade
    headline: str
    lines: tuple[str, ...]
    problems: tuple[Problem, ...]
    chains: tuple[Chain, ...]
    fixed: tuple[KeptFinding, ...]
    rows: tuple[tuple[str, str], ...]
    not_checked: tuple[str, ...]
    caps: tuple[tuple[str, str], ...]
    evidence: Mapping[str, str]
    incidents: tuple[tuple[str, Incident], ...]
    checks: Mapping[str, CheckEntry]

    @property
    def target(self) -> str:
        """Where the API answers."""
        return self.gathered.standing.target

    def of(self, treatment: Treatment) -> tuple[Problem, ...]:
        """Return the problems that are treated so."""
        return tuple(problem for problem in self.problems if problem.treatment is treatment)


def build_report(
    gathered: Gathered,
    checks: Mapping[str, CheckEntry],
    *,
    kind: ReportKind,
    business: str = "",
    titles: Mapping[str, str] | None = None,
    evidence: Mapping[str, str] | None = None,
) -> StandingReport:
    """Return the report; `titles` name incidents by id, `evidence` is masked text by finding, where there is some."""
    said = load_texts(FILE)
    grade = grade_of(gathered.standing)
    problems = problems_of(gathered, checks)
    scan = gathered.whole_scan
    newest = scan or next(iter(gathered.scans), None)
    name = business or (newest.title if newest is not None else "")
    recent = tuple(one for one in gathered.fixed if gathered.at_s - (one.fixed_s or 0.0) <= FIXED_DAYS * DAY_S)
    incidents = tuple(((titles or {}).get(one.id, one.rule), one) for one in gathered.incidents)
    return StandingReport(
        kind=kind,
        title=name or said.said("head.title"),
        gathered=gathered,
        grade=grade,
        told=told_grade(grade, checks, target=gathered.standing.target),
        headline=_headline(problems, is_scanned=scan is not None),
        lines=tuple(_lines(gathered, problems, said)),
        problems=problems,
        chains=chains_in(gathered),
        fixed=recent,
        rows=tuple(_rows(gathered, problems, recent, said)),
        not_checked=tuple(_not_checked(gathered, said)),
        caps=tuple((cap_text(cap, checks), at_most(cap, said)) for cap in grade.caps),
        evidence=(evidence or {}) if kind is ReportKind.FULL else {},
        incidents=incidents,
        checks=checks,
    )


def day(at_s: float) -> str:
    """Return a day as people write it (UTC)."""
    return f"{utc(at_s):%d %B %Y}".lstrip("0")


def fresh_until_s(gathered: Gathered) -> float | None:
    """Return until when what was reached counts as fresh, or None where nothing was."""
    reach = gathered.standing.reach
    return None if reach is None else gathered.at_s + (FRESH_DAYS - reach.age_days) * DAY_S


def at_most(cap: Cap, said: Texts) -> str:
    """Return how good the grade can be at most."""
    return said.said("grade.at-most", letter=cap.letter.name)


def letters() -> tuple[str, ...]:
    """Return all letters, the best first."""
    return tuple(letter.name for letter in sorted(Letter, reverse=True))


def counted_causes(problems: Iterable[Problem], treatment: Treatment) -> tuple[int, int]:
    """Return how many problems that are treated so are serious, and how many are not."""
    chosen = [problem for problem in problems if problem.treatment is treatment]
    serious = sum(problem.is_serious for problem in chosen)
    return serious, len(chosen) - serious


def _headline(problems: tuple[Problem, ...], *, is_scanned: bool) -> str:
    serious, smaller = counted_causes(problems, Treatment.OPEN)
    if not (serious or smaller or is_scanned):
        return load_texts(FILE).said("state.no-scan")
    accepted = sum(counted_causes(problems, Treatment.ACCEPTED))
    if not (serious or smaller or accepted) and problems:
        return load_texts(FILE).said("state.all-held")
    return words.headline(serious, smaller, accepted=accepted, is_enough=True)


def _lines(gathered: Gathered, problems: tuple[Problem, ...], said: Texts) -> Iterator[str]:
    serious, smaller = counted_causes(problems, Treatment.OPEN)
    if rest := words.smaller_sentence(serious, smaller):
        yield rest
    for treatment in (Treatment.HELD, Treatment.ACCEPTED):
        if count := sum(counted_causes(problems, treatment)):
            yield said.said(f"state.{treatment.value}", count=count)
    scan = gathered.whole_scan
    if scan is not None:
        yield said.said("state.checked", date=day(scan.at_s), requests=scan.requests, accounts=scan.accounts)


def _rows(
    gathered: Gathered, problems: tuple[Problem, ...], fixed: tuple[KeptFinding, ...], said: Texts
) -> Iterator[tuple[str, str]]:
    none, never, standing = said.said("stand.none"), said.said("stand.never"), gathered.standing
    for treatment in Treatment:
        serious, smaller = counted_causes(problems, treatment)
        value = said.said("stand.serious", serious=serious, smaller=smaller) if serious or smaller else none
        yield said.said(f"stand.{treatment.value}"), value
    yield said.said("stand.fixed"), str(len({one.check for one in fixed})) if fixed else none
    yield said.said("stand.incidents"), str(len(gathered.incidents)) if gathered.incidents else none
    yield said.said("stand.guard"), said.said(f"stand.guard-{standing.guard.value}")
    yield said.said("stand.exercise"), day(gathered.exercise_s) if gathered.exercise_s is not None else never
    yield said.said("stand.scan"), day(gathered.scans[0].at_s) if gathered.scans else never


def _not_checked(gathered: Gathered, said: Texts) -> Iterator[str]:
    reach, scan = gathered.standing.reach, gathered.whole_scan
    if reach is None or scan is None:
        yield said.said("unchecked.no-scan")
        return
    unreached = reach.operations - reach.reached - reach.left_alone
    if unreached > 0:
        yield said.said("unchecked.unreached", count=unreached)
    if reach.left_alone:
        yield said.said("unchecked.left-alone", count=reach.left_alone)
    if reach.is_read_only:
        yield said.said("unchecked.read-only")
    yield from scan.limits
    for one in reach.undecided[:MOST_REASONS]:
        name = "unchecked.undecided" if one.is_run else "unchecked.not-run"
        yield said.said(name, count=one.runs, why=one.why.rstrip("."))
