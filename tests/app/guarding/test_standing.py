"""How a guard stands, and the one thing to do next."""

from dataclasses import replace
from pathlib import Path

import pytest

from apiward.app.guarding.evidence import Notes, write_notes
from apiward.app.guarding.place import Place
from apiward.app.guarding.standing import GuardStanding, standing
from apiward.config.guarding import GuardConfig, parse_guard
from apiward.core.decision import Mode
from apiward.core.evidence import Denial, Traffic
from apiward.guard.readiness import State
from apiward.guard.stage import StageName
from tests.app.guarding.test_autopilot import KEY, NOW_S, Store
from tests.stores.events.made import event

WATCHING = GuardConfig(mode=Mode.WATCH)
WOULD_BE = Denial(KEY, "shape.query", "query q", "user:1", is_applied=False, is_moot=False, times=4, last_s=NOW_S)


def _standing(folder: Path, store: Store, config: GuardConfig = WATCHING) -> GuardStanding:
    (folder / "events.sqlite").touch()
    return standing(Place(None, folder, folder), config, NOW_S, open_=lambda *_: store)


def test_what_is_ready_needs_consent(tmp_path: Path) -> None:
    found = _standing(tmp_path, Store())
    assert {one.stage for one in found.ready} >= {StageName.SHAPE, StageName.INSPECT}
    assert found.next_command == "apiward guard autopilot on"
    assert dict(found.modes)[StageName.SHAPE] is Mode.WATCH
    on, _ = parse_guard('[guard]\nmode = "watch"\nautopilot = {enabled = true}\n')
    assert _standing(tmp_path, Store(), on).next_command == "apiward guard status --all"


def test_what_stands_in_the_way_is_shown_by_an_example(tmp_path: Path) -> None:
    store = Store()
    store.found = (WOULD_BE, replace(WOULD_BE, operation="", times=99))
    store.well = {}
    store.events = {"i": event(7)}
    found = _standing(tmp_path, store)
    assert found.incident == "00000007"
    assert found.next_command == "apiward allow 00000007 --dry-run"
    assert store.is_closed


def test_without_events_there_is_no_evidence(tmp_path: Path) -> None:
    found = standing(Place(None, tmp_path, tmp_path), WATCHING, NOW_S)
    assert found.problem == f"No guard has stored events in {tmp_path} yet."
    assert found.next_command == "apiward guard http://localhost:8000 --watch"
    quiet = Store()
    quiet.well = {}
    assert _standing(tmp_path, quiet).problem == "No request has come yet."
    assert _standing(tmp_path, quiet).next_command == "apiward guard http://localhost:8000 --watch"
    write_notes(tmp_path, Notes(looked_s=NOW_S, learned=frozenset({KEY})))  # a guard runs
    found = _standing(tmp_path, quiet)
    assert (found.next_command, found.learned) == ("apiward guard status", 1)


def test_a_store_that_is_away_is_said(tmp_path: Path) -> None:
    store = Store()
    store.is_away = True
    found = _standing(tmp_path, store)
    assert found.is_away
    assert "nobody is there" in found.problem
    assert found.next_command == "apiward guard status"


@pytest.mark.parametrize(("expires", "active", "ended"), [("2030-01-01", 1, ()), ("2020-01-01", 0, ("a",))])
def test_exclusions_that_have_ended_are_named(
    tmp_path: Path, expires: str, active: int, ended: tuple[str, ...]
) -> None:
    config, problems = parse_guard(
        '[guard]\nmode = "watch"\n[[guard.allowed]]\nid = "a"\noperation = "GET /a"\nrule = "shape.query"\n'
        f'place = "query q"\nexpires = "{expires}"\n'
    )
    assert problems == ()
    store = Store()
    store.found = (WOULD_BE,)
    found = _standing(tmp_path, store, config)
    assert (found.allowed, found.ended) == (active, ended)
    shape = next(one for one in found.standings if one.stage is StageName.SHAPE)
    assert shape.state is (State.READY if active else State.NOT_YET)
    assert shape.traffic == Traffic(500, 9, 8)
