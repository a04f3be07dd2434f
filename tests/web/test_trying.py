"""A risk is held shut and looked for again from the page: what is offered when, and what is shown meanwhile."""

import sys
from collections.abc import Sequence

import pytest

from apiward.app.page.work_shown import AGAIN_S
from apiward.app.page.works import Work, WorkKind, Works
from apiward.config.rules_file import add_rules
from apiward.core.person import Role
from apiward.web.acting import ACTIONS
from tests.prove.sample import finding, report
from tests.web.entering import Elsewhere, with_person
from tests.web.made import Browser, Shop

ID = finding().id
AT = f"/risks/{ID}"
RULE = {"id": "note-shut", "operation": "GET /notes/{id}", "kind": "method-off", "reason": "r", "finding": ID}


def test_a_rule_is_shown_then_tried_and_taken_out(empty: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def command(kind: WorkKind, finding: str, by: str) -> Sequence[str]:
        return (sys.executable, "-I", "-S", "-c", f"print('<b>{kind.value}</b> {finding} {by}')")

    empty.scan(report([finding()]))
    shop = empty.source.workshop
    monkeypatch.setattr(shop, "_command", command)
    browser = Browser(empty)
    for kind, words in (
        (WorkKind.PLAN, "This rule would hold it. Nothing is written yet."),
        (WorkKind.HOLD, "It is held shut."),
        (WorkKind.REPLAY, "It is gone"),
    ):
        assert f'action="{AT}/{kind.value}"' in browser.page(AT if kind is not WorkKind.HOLD else f"{AT}/work")
        assert browser.send(f"{AT}/{kind.value}") == (303, f"{AT}/work")
        assert shop._watching is not None
        shop._watching.join(30)
        page = browser.page(f"{AT}/work")
        assert words in page
        assert f"&lt;b&gt;{kind.value}&lt;/b&gt; {ID} owner:ada" in page
    add_rules(empty.source.place.base, "patch", [RULE])
    assert "Take note-shut out" in browser.page(AT)
    assert browser.send(f"{AT}/take-out", rule="note-shut") == (303, f"{AT}?done=taken-out")
    assert browser.send(f"{AT}/take-out", rule="note-shut")[0] == 409
    assert "Take note-shut out" not in browser.page(AT)


def test_a_page_of_what_is_under_way_comes_again_by_itself(empty: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    other = finding("OBJ01", "GET /else")
    empty.scan(report([finding(), other]))
    Works(empty.source.place.data).keep(Work(WorkKind.HOLD, ID, "", 1.0))
    monkeypatch.setattr(empty.source.workshop, "_is_held", lambda: True)
    browser = Browser(empty)
    answer = browser.http.get(f"{AT}/work")
    assert answer.headers["refresh"] == str(AGAIN_S)
    assert f'action="{AT}/work/end"' in answer.text
    for id_ in (ID, other.id):
        page = browser.page(f"/risks/{id_}")
        assert "/plan" not in page
        assert "/replay" not in page
        assert f'href="{AT}/work"' in page
    monkeypatch.undo()
    answer = browser.http.get(f"{AT}/work")
    assert "refresh" not in answer.headers
    assert "It was cut off" in answer.text
    assert browser.send(f"{AT}/work/end")[0] == 409


def test_where_no_scan_is_kept_nothing_is_offered(empty: Shop) -> None:
    empty.scan(report([finding()]))
    empty.scans.kept.clear()
    browser = Browser(empty)
    page = browser.page(AT)
    assert "Scan here to have it tried from this page" in page
    assert "/plan" not in page
    assert browser.send(f"{AT}/hold")[0] == 409
    assert browser.send(f"{AT}/replay")[0] == 409
    assert browser.send("/risks/other/hold")[0] == 404


def test_a_developer_holds_risks_shut_but_only_an_owner_lets_the_guard_go(empty: Shop) -> None:
    empty.scan(report([finding()]))
    with_person(empty, role=Role.DEVELOPER)
    browser = Elsewhere(empty)
    browser.log_in()
    assert f'action="{AT}/plan"' in browser.page(AT)
    owners = [action for action in ACTIONS if action.is_owners]
    assert {action.path for action in owners} == {"/settings/mode", "/settings/autopilot", "/settings/undo"}
    assert not any(f'action="{action.path}"' in browser.page("/settings") for action in owners)
    for action in owners:
        assert browser.send(action.path, state="off", mode="watch")[0] == 403, action.path
