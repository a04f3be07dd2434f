from dataclasses import replace

from apiward.catalogue.loading import load_catalogue
from apiward.prove.reports.model import ReportKind, build_report
from apiward.prove.reports.proof import proof_document, proof_of
from tests.prove.reports.made import SCAN, kept, known

CHECKS = load_catalogue().checks


def test_the_mark_is_the_same_for_the_same_page_and_no_other() -> None:
    reports = [
        build_report(known(scan=scan), CHECKS, kind=ReportKind.PROOF)
        for scan in (SCAN, SCAN, replace(SCAN, title="Another"), replace(SCAN, accounts=1))
    ]
    marks = [proof_of(report).mark for report in reports]
    assert marks[0] == marks[1]
    assert len(set(marks)) == 3


def test_it_counts_what_was_decided_not_what_was_found() -> None:
    report = build_report(known(kept()), CHECKS, kind=ReportKind.PROOF)
    rows = dict(proof_of(report).rows)
    assert (rows["Kinds of checks with a clear result"], rows["Checks with a clear result"]) == ("2", "2 of 3")
    document = proof_document(report)
    assert (document["letter"], document["coverage_percent"]) == ("D", 100)
    bare = proof_document(build_report(known(scan=None), CHECKS, kind=ReportKind.PROOF))
    assert (bare["letter"], bare["coverage_percent"], bare["scanned_on"]) == (None, None, None)
