"""The pages load nothing, escape everything, and show no more than they may."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.catalogue.loading import load_catalogue
from apiward.core.kept_finding import FindingState
from apiward.prove.gathered import Gathered
from apiward.prove.reports.html import render
from apiward.prove.reports.model import ReportKind, build_report
from apiward.prove.standing import GuardState
from tests.prove.reports.made import INCIDENT, NOW_S, SCAN, kept, known

CHECKS = load_catalogue().checks
HELD, LIVED, MANY = kept("OBJ02"), kept("OBJ03"), tuple(kept(operation=f"GET /{'x' * n}") for n in range(20))
ALL = known(
    *MANY,
    HELD,
    LIVED,
    kept("OWN99"),
    held=(HELD.id,),
    accepted=(LIVED.id,),
    incidents=(INCIDENT,),
    fixed=(
        kept("OBJ04", state=FindingState.FIXED, fixed_s=NOW_S - 60),
        kept("OWN98", state=FindingState.FIXED, fixed_s=NOW_S),
    ),
)


def page(gathered: Gathered, kind: ReportKind, **more: str) -> str:
    return render(build_report(gathered, CHECKS, kind=kind, **more))  # type: ignore[arg-type] # by name


@pytest.mark.parametrize("kind", ReportKind)
@pytest.mark.parametrize("gathered", [ALL, known(), known(scan=None, guard=GuardState.ABSENT)])
def test_a_page_loads_nothing_and_names_its_policy(kind: ReportKind, gathered: Gathered) -> None:
    text = page(gathered, kind)
    assert text.startswith("<!doctype html>")
    assert re.search(r"default-src &#39;none&#39;; style-src &#39;sha256-[\w+/=]+&#39;", text)
    assert not re.search(r"<(script|img|link|iframe|form|object|embed)\b|\b(src|href|on\w+)\s*=|url\(|@import", text)
    assert text.count("<h1>") == 1


def test_the_summary_says_grade_next_steps_and_what_to_send() -> None:
    text = page(ALL, ReportKind.SUMMARY)
    assert "Something serious is open." in text
    assert "What lifts it to" in text
    assert "<blockquote>" in text
    assert text.count("<blockquote>") == 1


def test_the_full_report_has_each_problem_with_places_rules_and_history() -> None:
    text = page(ALL, ReportKind.FULL)
    assert "Held by patch-1." in text
    assert "Until 2027-01-31: The new one comes." in text
    assert "and 8 more" in text
    assert "Fixed on 30 November 2026, open for 3 days" in text
    assert "accounts.stuffing, last seen on 30 November 2026" in text
    assert "At most D" in text
    assert "Nothing is open that we know of." in page(known(), ReportKind.FULL)


def test_the_proof_names_no_weakness() -> None:
    text = page(ALL, ReportKind.PROOF)
    titles = {CHECKS[one.check].title for one in ALL.findings if one.check in CHECKS}
    hidden = {*titles, *(one.operation for one in ALL.findings), *(one.saw for one in ALL.findings), "OBJ0", "4f2a"}
    assert not [what for what in hidden if what in text]
    assert "100 % of what this API can do, as 2 test customers" in text
    assert "Counts as fresh until" in text
    old = replace(ALL, at_s=NOW_S, standing=replace(ALL.standing, reach=replace(ALL.standing.reach, age_days=40.0)))  # type: ignore[type-var] # it is there
    assert "It was fresh until" in page(old, ReportKind.PROOF)
    assert "Last whole scan" in page(known(scan=None), ReportKind.PROOF)
    assert "How far the scan went" not in page(known(scan=replace(SCAN, level="odd")), ReportKind.PROOF)


@given(st.text(st.sampled_from("<>&\"'{}%\x1b\u202eab"), max_size=30), st.sampled_from(ReportKind))
def test_what_comes_from_outside_is_shown_as_text(text: str, kind: ReportKind) -> None:
    finding = kept(saw=f"<i>{text}", operation=f"GET /<b>{text}", place=text)
    scan = replace(SCAN, title=f"<u>{text}")
    lived = kept("OBJ02", operation=f"<em>{text}")
    shown = page(known(finding, lived, scan=scan, accepted=(lived.id,), incidents=(INCIDENT,)), kind)
    assert not re.search(r"<(i|b|u|em)>|[\x1b\u202e]", shown)
    assert "{{" not in shown.replace("{{" * text.count("{{"), "") or "{{" in text


def test_evidence_stands_in_the_full_report_alone() -> None:
    evidence = {MANY[0].id: "curl '<b>' \x1b"}
    for kind in ReportKind:
        text = render(build_report(ALL, CHECKS, kind=kind, evidence=evidence))
        assert ("<pre>curl &#39;&lt;b&gt;&#39; \\x1b</pre>" in text) is (kind is ReportKind.FULL)
