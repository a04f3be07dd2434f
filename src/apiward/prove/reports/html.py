"""A report as one self-contained HTML page: no script, nothing loaded, everything escaped. It prints as it is."""

from functools import cache

from jinja2 import Environment
from markupsafe import Markup

from apiward import __version__
from apiward.catalogue.grades import load_grade_words
from apiward.catalogue.texts import load_texts
from apiward.prove import words
from apiward.prove.gathered import opened_s
from apiward.prove.pages import package_file, page_environment, page_policy
from apiward.prove.reports.model import FILE, StandingReport, day, letters
from apiward.prove.reports.proof import proof_of
from apiward.prove.standing import Treatment

STYLE = "standing.css"
MOST_STEPS = 3
MOST_PLACES = 12
MOST_EVIDENCE = 2


def render(report: StandingReport) -> str:
    """Return the report as one HTML page with a strict content security policy."""
    css = package_file(STYLE)
    return (
        _environment()
        .get_template(f"standing_{report.kind.value}.html")
        .render(
            report=report,
            proof=proof_of(report),
            say=load_texts(FILE).said,
            meanings=[(letter, load_grade_words().said(f"letters.{letter}")) for letter in letters()],
            treatments=list(Treatment),
            words=words,
            day=day,
            opened_s=opened_s,
            most_steps=MOST_STEPS,
            most_places=MOST_PLACES,
            most_evidence=MOST_EVIDENCE,
            css=Markup(css),  # noqa: S704 - our own file, nothing from outside is in it
            policy=policy(),
            version=__version__,
        )
    )


@cache
def policy() -> str:
    """Return the content security policy of these pages, for who serves one."""
    return page_policy(package_file(STYLE))


@cache
def _environment() -> Environment:
    return page_environment()
