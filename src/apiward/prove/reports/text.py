"""The owner's page as plain text: for a terminal, and for the weekly message."""

from collections.abc import Iterator
from typing import Final

from apiward.catalogue.texts import load_texts
from apiward.prove.neutral import one_line
from apiward.prove.reports.model import FILE, StandingReport, day
from apiward.prove.standing import Treatment

MOST_STEPS: Final = 3
MOST_UNCHECKED: Final = 3


def paragraphs(report: StandingReport) -> Iterator[str]:
    """Yield the page, each line a paragraph, what matters most first. Every line is harmless and by itself."""
    said, told = load_texts(FILE).said, report.told
    letter = said("head.grade", letter=told.letter) if told.letter else said("head.no-grade")
    yield f"{letter}. {told.meaning}"
    yield " ".join((report.headline, *report.lines))
    if told.steps and (told.next_letter or not told.letter):
        title = said("steps.lift", letter=told.next_letter) if told.next_letter else said("steps.first")
        yield f"{title}:"
        for number, step in enumerate(told.steps[:MOST_STEPS], 1):
            effort = f" {said('steps.effort', effort=step.effort)}" if step.effort else ""
            yield one_line(f"{number}. {step.why} {step.what}{effort} {said('steps.command')}: {step.command}")
        if len(told.steps) > MOST_STEPS:
            yield said("steps.more", count=len(told.steps) - MOST_STEPS)
    for chain in report.chains[:1]:
        yield one_line(f"{said('chains.title')}: {chain.text} {chain.fix}")
    yield f"{said('stand.title')}:"
    yield from (f"{label}: {value}" for label, value in report.rows)
    is_scanned = report.gathered.standing.reach is not None
    yield f"{said('unchecked.title')}: {said('state.coverage', share=told.share) if is_scanned else ''}".rstrip()
    yield from map(one_line, report.not_checked[:MOST_UNCHECKED])
    for problem in report.of(Treatment.OPEN)[:1]:
        if problem.ask:
            yield one_line(f"{said('steps.send')}: {problem.ask}")


def render(report: StandingReport) -> str:
    """Return the page as text."""
    head = load_texts(FILE).said("head.of", name=report.title, date=day(report.gathered.at_s))
    return "\n".join([one_line(head), *paragraphs(report)]) + "\n"
