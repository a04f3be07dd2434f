from dataclasses import replace

from apiward.catalogue.loading import load_catalogue
from apiward.core.finding import Severity
from apiward.prove.reports.model import ReportKind, build_report
from apiward.prove.reports.text import render
from tests.prove.reports.made import INCIDENT, SCAN, kept, known

CHECKS = load_catalogue().checks


def shown(*findings: str, **more: object) -> str:
    return render(build_report(known(*(kept(one) for one in findings), **more), CHECKS, kind=ReportKind.SUMMARY))  # type: ignore[arg-type] # by name


def test_the_page_as_text_says_what_matters_most_first() -> None:
    lines = shown("OBJ01", "OBJ02").splitlines()
    assert lines[0] == "Calm Coaching, as of 30 November 2026"
    assert lines[1].startswith("Grade D. Something serious is open.")
    assert lines[2].startswith("Your API is open to 2 serious problems.")
    assert lines[3] == "What lifts it to A:"
    assert lines[4].startswith(f"1. {CHECKS['OBJ01'].title}: serious, in 1 place. Fix it this week")
    assert lines[-1].startswith("What to send to your developer: ")


def test_an_a_has_no_steps_and_no_scan_has_a_first_one() -> None:
    assert "What lifts" not in shown()
    assert "What to do first:\n1. No whole scan has been kept yet." in shown(scan=None)


def test_more_steps_than_fit_are_counted_and_nothing_steers_a_terminal() -> None:
    text = shown("OBJ01", "OBJ02", "OBJ03", "OBJ04", "OBJ05", incidents=(replace(INCIDENT, severity=Severity.LOW),))
    assert "1. There are many different serious problems at the same time. Fix 2 more of them" in text
    long = build_report(
        known(*(kept(f"OBJ0{n}", severity=Severity.MEDIUM) for n in range(1, 6))), CHECKS, kind=ReportKind.SUMMARY
    )
    assert "2 more steps: see the full report." in render(long)
    assert "\x1b" not in render(
        build_report(known(kept(saw="\x1b[2J"), scan=replace(SCAN, title="\x1b[2J")), CHECKS, kind=ReportKind.SUMMARY)
    )
