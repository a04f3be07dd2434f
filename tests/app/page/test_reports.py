from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from apiward.app.page import reports as reports_module
from apiward.app.page.reports import report_file, reports
from apiward.app.page.risks import NotFoundError
from apiward.config.errors import AdvisedError
from apiward.core.finding import Severity
from apiward.core.jsonvalue import parse_json
from apiward.core.verdict import Outcome
from tests.app.guarding.stored import stored_events
from tests.prove.sample import finding, item, report
from tests.web.made import Shop, shop


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Shop]:
    with shop(tmp_path) as one:
        yield one


def test_each_scan_has_the_letter_and_the_numbers_of_its_day(empty: Shop) -> None:
    assert (reports(empty.source).scans, reports(empty.source).letter) == ((), "")
    bad = finding(severity=Severity.HIGH)
    empty.scan(report([bad]), days_ago=20)
    empty.scan(report(answered=("POST /login",)), days_ago=10)
    empty.scan(report([finding("CFG01", severity=Severity.LOW)], items=[item("OBJ01", bad.operation, Outcome.HOLDS)]))
    view = reports(empty.source)
    assert [(one.letter, one.share, one.open) for one in view.scans] == [("B", 100, 1), ("D", 50, 1), ("D", 100, 1)]
    assert [one.open for one in view.trend] == [1, 1, 1]
    assert view.letter == "B"


def test_too_little_reached_is_no_letter_and_no_zero(empty: Shop) -> None:
    empty.scan(report(answered=("POST /login",)), days_ago=2)
    empty.scan(replace(report(), operations=(), operations_answered=(), items=(), was_cut_short=True), days_ago=1)
    newest, older = reports(empty.source).scans
    assert (older.letter, older.share) == ("", 50)
    assert (newest.share, newest.runs, newest.is_whole) == (None, 0, False)


def test_only_so_many_scans_are_shown(empty: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports_module, "MOST_SCANS", 1)
    for days_ago in (1, 2):
        empty.scan(report(), days_ago=days_ago)
    view = reports(empty.source)
    assert (len(view.scans), view.is_cut) == (1, True)


def test_reports_are_made_and_who_takes_one_stands_in_the_record(empty: Shop) -> None:
    (empty.source.place.base / "apiward.toml").write_text('[business]\nname = "Cups & Co"\n')
    empty.scan(report([finding()]))
    source = empty.source.acting_as("person:anna")
    full, proof = report_file(source, "full.json"), report_file(source, "proof.html")
    assert (full.name, proof.name) == ("apiward-full-2026-11-30.json", "apiward-proof-2026-11-30.html")
    document = parse_json(full.body.decode())
    assert isinstance(document, dict)
    assert (document["kind"], document["title"]) == ("full", "Cups & Co")
    assert '"evidence": "curl ' in full.body.decode()
    assert b"OBJ01" not in proof.body
    assert b"Cups &amp; Co" in proof.body
    said = [(one.said, one.principal) for one in stored_events(empty.source.place) if one.kind == "administration"]
    assert said == [
        ("The report (full) was handed out as json.", "person:anna"),
        ("The report (proof) was handed out as html.", "person:anna"),
    ]


@pytest.mark.parametrize("name", ["full", "full.txt", "full.json.html", "../full.json", "secret.html", ".html", ""])
def test_there_is_no_other_report(empty: Shop, name: str) -> None:
    with pytest.raises(NotFoundError):
        report_file(empty.source, name)


def test_one_pdf_is_made_at_a_time(empty: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports_module, "pdf_beside", lambda page: b"%PDF-" + page[:15].encode())
    assert report_file(empty.source, "summary.pdf").body == b"%PDF-<!doctype html>"
    with reports_module._PRINTING, pytest.raises(AdvisedError, match="Another PDF"):
        report_file(empty.source, "summary.pdf")
    assert report_file(empty.source, "summary.pdf").name.endswith(".pdf")


def test_where_the_record_takes_nothing_nothing_is_handed_out(empty: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apiward.app.page.handing_out.tell", lambda *_, **__: False)
    with pytest.raises(AdvisedError, match="Nothing was handed out"):
        report_file(empty.source, "summary.html")

    def fails(*_: object, **__: object) -> bool:
        raise OSError("no room")

    monkeypatch.setattr("apiward.app.page.handing_out.tell", fails)
    with pytest.raises(AdvisedError, match="Make room"):
        report_file(empty.source, "summary.html")
