from pathlib import Path

import pytest

from apiward.app.guarding.rules_in_use import tell_end, tell_rules
from apiward.app.guarding.upkeep import SPOOL
from apiward.app.page.holding import begin, end, take_out
from apiward.app.page.risks import NotFoundError, risk
from apiward.app.page.works import WorkKind
from apiward.app.patching.filing import standing_rules
from apiward.config.errors import AdvisedError
from apiward.config.rules_file import add_rules, rules_digest
from apiward.core.decision import Mode
from tests.prove.sample import finding, report
from tests.web.made import Shop, shop

ONE = finding()
RULE = {"operation": "GET /notes/{id}", "kind": "method-off", "reason": "r"}


def begun(here: Shop, monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """Note what is begun or ended, and do nothing of it."""
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(here.source.workshop, "start", lambda *given: asked.append(given))
    monkeypatch.setattr(here.source.workshop, "end", lambda *given: asked.append(given))
    return asked


def test_work_is_begun_by_whom_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with shop(tmp_path) as here:
        here.scan(report([ONE]))
        asked = begun(here, monkeypatch)
        for kind in WorkKind:
            begin(here.source.acting_as("person:ada"), kind, ONE.id)
        end(here.source, ONE.id)
        assert asked == [*((kind, ONE.id, "person:ada") for kind in WorkKind), (ONE.id, "owner:ada")]
        with pytest.raises(NotFoundError):
            begin(here.source, WorkKind.HOLD, "../else")


def test_what_cannot_be_held_is_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mended, unheld = finding(), finding("CFG01", "GET /")
    with shop(tmp_path) as here:
        here.scan(report([mended, unheld]), days_ago=2)
        asked = begun(here, monkeypatch)
        here.scans.kept.clear()
        with pytest.raises(AdvisedError, match="No scan on this computer"):
            begin(here.source, WorkKind.REPLAY, mended.id)
        assert not risk(here.source, mended.id).can_be_tried
        assert asked == []


def test_a_rule_is_taken_out_by_name_and_told_to_the_record(tmp_path: Path) -> None:
    with shop(tmp_path) as here:
        here.scan(report([ONE]))
        add_rules(tmp_path, "patch", [{**RULE, "id": "a", "finding": ONE.id}, {**RULE, "id": "b", "finding": "f2"}])
        assert risk(here.source, ONE.id).rules == ("a",)
        for other in ("b", "c", ""):
            with pytest.raises(AdvisedError, match="No such rule holds it"):
                take_out(here.source, ONE.id, other)
        take_out(here.source, ONE.id, "a")
        assert [one.id for one in standing_rules(tmp_path)] == ["b"]
        assert risk(here.source, ONE.id).rules == ()
        spool = here.source.place.data / SPOOL
        assert b"The rule a was taken out" in b"".join(path.read_bytes() for path in spool.iterdir())


def test_no_rule_is_taken_out_while_one_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with shop(tmp_path) as here:
        here.scan(report([ONE]))
        add_rules(tmp_path, "patch", [{**RULE, "id": "a", "finding": ONE.id}])
        monkeypatch.setattr(here.source.workshop, "under_way", lambda: "f2")
        with pytest.raises(AdvisedError, match="being tried"):
            take_out(here.source, ONE.id, "a")
        assert standing_rules(tmp_path) != ()


def test_it_is_said_whether_the_guard_that_runs_has_taken_the_rules(tmp_path: Path) -> None:
    with shop(tmp_path) as here:
        here.scan(report([ONE]))
        data = here.source.place.data
        assert risk(here.source, ONE.id).guard_says == "none"
        tell_rules(data, "0" * 16, Mode.WATCH)
        assert risk(here.source, ONE.id).guard_says == "waits"
        tell_rules(data, rules_digest(tmp_path), Mode.WATCH)
        assert risk(here.source, ONE.id).guard_says == "taken"
        tell_end(data)
