from dataclasses import replace
from pathlib import Path

import pytest

from apiward.app.page.risks import NotFoundError
from apiward.app.page.work_shown import AGAIN_S, work_shown
from apiward.app.page.works import Work, WorkKind, Works
from apiward.catalogue.page import load_page_words
from tests.prove.sample import finding, report
from tests.web.made import shop

RULE = '[[patch]]\nid = "a"\n'
CASES = (
    (Work(WorkKind.PLAN, "", "", 1.0, 2.0, 0, told=RULE), "plan-0", True),
    (Work(WorkKind.PLAN, "", "", 1.0, 2.0, 0), "plan-1", False),
    (Work(WorkKind.HOLD, "", "", 1.0, 2.0, 0), "hold-0", False),
    (Work(WorkKind.HOLD, "", "", 1.0, 2.0, 0, ended_by="ada"), "hold-0", False),  # it was done before it was ended
    (Work(WorkKind.HOLD, "", "", 1.0, 2.0, 1), "hold-1", False),
    (Work(WorkKind.HOLD, "", "", 1.0, 2.0, 3), "hold-3", False),
    (Work(WorkKind.HOLD, "", "", 1.0, 2.0, 130, ended_by="ada"), "stopped", False),
    (Work(WorkKind.HOLD, "", "", 1.0, 2.0, 2), "failed", False),
    (Work(WorkKind.REPLAY, "", "", 1.0, 2.0, 0), "replay-0", False),
    (Work(WorkKind.REPLAY, "", "", 1.0, 2.0, 1), "replay-1", False),
    (Work(WorkKind.REPLAY, "", "", 1.0, 2.0, 3), "replay-3", False),
    (Work(WorkKind.REPLAY, "", "", 1.0), "cut-off", False),
)


def test_each_end_is_told_in_words_of_its_own(tmp_path: Path) -> None:
    with shop(tmp_path) as here:
        here.scan(report([finding()]))
        id_ = finding().id
        none = work_shown(here.source, id_)
        assert (none.how, none.refresh) == ("none", "")
        for work, how, may_hold in CASES:
            Works(here.source.place.data).keep(replace(work, finding=id_))
            view = work_shown(here.source, id_)
            assert (view.how, view.may_hold, view.refresh) == (how, may_hold, "")
            assert load_page_words().has(f"risks.work-{how}")
        with pytest.raises(NotFoundError):
            work_shown(here.source, "other")


def test_what_a_command_says_is_masked(tmp_path: Path) -> None:
    secret = "anna@example.com"
    with shop(tmp_path) as here:
        here.scan(report([finding()]))
        kept = Work(WorkKind.HOLD, finding().id, "", 1.0, 2.0, 1, told=f"saw {secret}\n", talk=f"one {secret}\n\ntwo\n")
        Works(here.source.place.data).keep(kept)
        view = work_shown(here.source, finding().id)
        assert secret not in str(view)
        assert (len(view.lines), view.lines[1]) == (2, "two")


def test_what_is_under_way_is_asked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with shop(tmp_path) as here:
        here.scan(report([finding()]))
        Works(here.source.place.data).keep(Work(WorkKind.HOLD, finding().id, "", 1.0))
        monkeypatch.setattr(here.source.workshop, "_is_held", lambda: True)
        view = work_shown(here.source, finding().id)
        assert (view.how, view.is_running, view.refresh, view.ended) == ("hold-runs", True, str(AGAIN_S), "")
