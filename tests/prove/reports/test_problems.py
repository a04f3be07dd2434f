from dataclasses import replace

from apiward.catalogue.loading import load_catalogue
from apiward.core.finding import Severity
from apiward.core.kept_finding import FindingMoment, FindingTurn
from apiward.core.kept_scan import KeptLink
from apiward.core.verdict import Confidence
from apiward.prove.reports import html, json
from apiward.prove.reports.model import ReportKind, build_report
from apiward.prove.reports.problems import chains_in, problems_of
from apiward.prove.standing import Treatment
from tests.prove.reports.made import NOW_S, SCAN, kept, known

CHECKS = load_catalogue().checks


def test_findings_of_one_check_that_are_treated_alike_are_one_problem() -> None:
    first, second, held = kept(), kept(operation="GET /orders/{id}"), kept(operation="GET /bookings/{id}")
    problems = problems_of(known(first, second, held, held=(held.id,)), CHECKS)
    assert [(one.check, one.treatment, len(one.findings)) for one in problems] == [
        ("OBJ01", Treatment.OPEN, 2),
        ("OBJ01", Treatment.HELD, 1),
    ]
    assert problems[0].operations == ("GET /notes/{id}", "GET /orders/{id}")
    assert "GET /notes/{id} and 1 more" in problems[0].ask
    assert problems[1].rules == ("patch-1",)
    assert (problems[0].rules, problems[0].reasons) == ((), ())


def test_the_worst_and_surest_comes_first() -> None:
    findings = (
        kept("CFG01", severity=Severity.LOW),
        kept("OBJ01", confidence=Confidence.LIKELY),
        kept("OBJ02"),
        kept("INJ01", severity=Severity.CRITICAL),
    )
    assert [one.check for one in problems_of(known(*findings), CHECKS)] == ["INJ01", "OBJ02", "OBJ01", "CFG01"]


def test_a_check_that_nobody_knows_any_more_is_shown_all_the_same() -> None:
    (problem,) = problems_of(known(kept("OWN99")), CHECKS)
    assert (problem.title, problem.entry, problem.effort, problem.ask) == ("OWN99", None, "", "")
    assert problem.retest("http://127.0.0.1:8000") == "apiward scan http://127.0.0.1:8000 --only OWN99"


def test_what_came_back_says_so_and_what_is_accepted_says_until_when() -> None:
    back = FindingMoment(NOW_S - 5, FindingTurn.CAME_BACK, "scan", Severity.HIGH)
    finding = kept(history=(*kept().history, back))
    (problem,) = problems_of(known(finding, accepted=(finding.id,)), CHECKS)
    assert (problem.came_back, problem.opened_s) == (True, NOW_S - 5)
    assert problem.reasons == (("2027-01-31", "The new one comes."),)


def test_what_open_findings_do_together_is_told_and_what_ends_it_comes_first() -> None:
    made, sql = kept("PRO01", "POST /register"), kept("INJ01", severity=Severity.CRITICAL)
    scan = replace(SCAN, links=(KeptLink("role-then-staff", made.id, "", "GET /admin"),))
    gathered = known(sql, made, scan=scan)
    assert [chain.mend for chain in chains_in(gathered)] == [(made.id,)]
    assert [one.check for one in problems_of(gathered, CHECKS)] == ["PRO01", "INJ01"]
    for kind in (ReportKind.FULL, ReportKind.SUMMARY, ReportKind.PROOF):
        report = build_report(gathered, CHECKS, kind=kind)
        is_told = kind is ReportKind.FULL
        assert ("GET /admin then served us as your staff" in html.render(report)) is is_told
        assert ("GET /admin then served us" in json.render(report)) is (kind is not ReportKind.PROOF)
    for held in ({"held": (made.id,)}, {"accepted": (made.id,)}):
        assert chains_in(known(sql, made, scan=scan, **held)) == ()  # type: ignore[arg-type] # by name
    assert chains_in(known(sql, made)) == ()
