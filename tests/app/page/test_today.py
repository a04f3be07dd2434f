from collections.abc import Iterator
from pathlib import Path

import pytest

from apiward.app.guarding.shutting import Standing
from apiward.app.page.today import today
from apiward.core.finding import Severity
from apiward.prove.standing import GuardState
from tests.prove.sample import finding, report
from tests.web.made import DENIED, Shop, shop, week


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Shop]:
    with shop(tmp_path) as one:
        yield one


def guard_runs(empty: Shop, monkeypatch: pytest.MonkeyPatch, mode: str = "enforce") -> None:
    """Let a guard have said that it runs, in that mode."""
    state = GuardState.ENFORCES if mode == "enforce" else GuardState.WATCHES
    monkeypatch.setattr("apiward.app.standing.gathering.guard_state", lambda _: state)


def test_the_next_step_is_what_weighs_most(empty: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    assert today(empty.source).step.command == "apiward scan http://localhost:8000"
    empty.scan(report([finding("CFG01", "GET /status", severity=Severity.LOW)]))
    assert today(empty.source).step.command == "apiward up"
    assert today(empty.source).state == "Nothing serious is open. 1 smaller problem is left."
    guard_runs(empty, monkeypatch, "watch")
    found = today(empty.source)
    assert (found.step.command, "watches" in found.guard) == ("apiward guard status", True)
    guard_runs(empty, monkeypatch)
    found = today(empty.source)
    assert (found.step.who, found.step.link) == ("Your developer", f"/risks/{finding('CFG01', 'GET /status').id}")
    empty.incident(who="user:3", severity=Severity.LOW)
    assert today(empty.source).step.link.startswith("/incidents/")
    empty.scan(report([finding()]), days_ago=0)
    found = today(empty.source)
    assert (found.step.link, found.state) == (f"/risks/{finding().id}", "Your API is open to 1 serious problem.")
    assert "GET /notes/{id}" in found.step.send
    incident = empty.incident(who="address:198.51.100.7", severity=Severity.CRITICAL)
    found = today(empty.source)
    assert (found.step.link, found.state) == (f"/incidents/{incident}", "1 attack needs you now.")
    assert found.detail == "Besides, your API is open to 1 serious problem."


def test_where_nothing_is_open_there_is_nothing_to_do(empty: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    guard_runs(empty, monkeypatch)
    empty.scan(report())
    found = today(empty.source)
    assert (found.state, found.step.title) == ("Nothing is open that we know of.", "Nothing to do today")
    assert (found.grade.letter, found.grade.next_letter) == ("B", "A")  # nobody has practised


def test_what_is_held_off_is_said_so(empty: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    empty.scan(report())
    incident = empty.incident()
    desk = empty.source.incident_desk()
    monkeypatch.setattr(desk._shut, "standing", lambda *_, **__: Standing())
    desk.contain(incident, for_s=3_600, reason="x")
    assert today(empty.source).state == "1 attack is held off, and not closed yet."


def test_deeds_have_the_numbers_of_the_week(empty: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    guard_runs(empty, monkeypatch)
    empty.store(week())
    rules = empty.source.place.base / "apiward.rules.toml"
    rules.write_text(f'[[patch]]\nid = "p1"\nkind = "method-off"\noperation = "GET /a"\nfinding = "{finding().id}"\n')
    empty.scan(report([finding()]))
    empty.incident()
    found = today(empty.source)
    assert [one.link for one in found.deeds] == [
        "/traffic?kind=refused", "/traffic?kind=would-be", "/risks?kind=held", "/incidents"
    ]  # fmt: skip
    assert found.deeds[0].said == "The guard refused 5 requests in the last seven days."
    assert sum(bar.refused or 0 for bar in found.strip) == sum(DENIED in one.rulings for one in week())
    assert [bar.day for bar in found.strip][-1] == "2026-11-30"


def test_what_is_still_counted_is_no_zero(empty: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(empty.source.tally, "look", lambda _: None)
    found = today(empty.source)
    assert [bar.requests for bar in found.strip] == [None] * 7
    assert found.numbers[-1].number is None
