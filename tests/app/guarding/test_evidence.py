"""Notes of the guard that runs: kept, read, and mistrusted where they are damaged."""

from pathlib import Path

import pytest

from apiward.app.guarding.evidence import FILE, Notes, place_of, read_notes, started, write_notes
from apiward.config.guarding import GuardConfig, parse_guard
from apiward.core.api import Api, Operation
from apiward.core.decision import Mode
from apiward.guard.stage import StageName

API = Api("shop", "1", (Operation("GET", "/a"), Operation("POST", "/b")))
_HEAD = '{"schema": "apiward.evidence/1", "paused": "", "problem": "", '
NOTES = Notes(5.0, "held", "away", {"GET /a": ("digest", 3.0)}, {"GET /a": ("shape",)}, frozenset({"POST /b"}))


def test_notes_are_kept(tmp_path: Path) -> None:
    write_notes(tmp_path, NOTES)
    assert read_notes(tmp_path) == NOTES
    assert [file.name for file in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"schema": "other"}',
        '{"schema": "apiward.evidence/1"}',
        _HEAD + '"looked_s": "x", "starts": {}, "silent": {}}',
        _HEAD + '"looked_s": 1, "starts": {"a": 1}, "silent": {}}',
        _HEAD + '"looked_s": 1, "starts": [], "silent": {}}',
        _HEAD + '"looked_s": 1, "starts": {"a": []}, "silent": {}}',
        _HEAD + '"looked_s": 1, "starts": {}, "silent": {}, "learned": {}}',
    ],
)
def test_damaged_notes_are_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    assert read_notes(tmp_path) == Notes()


def test_no_notes_are_none(tmp_path: Path) -> None:
    assert read_notes(tmp_path) == Notes()


def test_what_stays_as_it_is_keeps_its_start() -> None:
    first = started(GuardConfig(), API, Notes(), 10.0)
    assert {start_s for _, start_s in first.values()} == {10.0}
    again = started(GuardConfig(), API, Notes(starts=first), 20.0)
    assert again == first
    off, _ = parse_guard('[guard]\nexceptions = [{operation = "GET /a", modes = {shape = "off"}}]\n')
    changed = started(off, API, Notes(starts=first), 20.0)
    assert changed["GET /a"][1] == 20.0
    assert changed["POST /b"] == first["POST /b"]
    assert started(GuardConfig(), None, Notes(), 1.0) == {}


def test_from_watching_to_enforcing_is_no_change_of_what_is_judged_by() -> None:
    first = started(GuardConfig(mode=Mode.WATCH), API, Notes(), 10.0)
    assert started(GuardConfig(mode=Mode.ENFORCE), API, Notes(starts=first), 20.0) == first


def test_stages_that_the_owner_set_are_known() -> None:
    config, _ = parse_guard(
        '[guard]\nmodes = {permit = "watch"}\nexceptions = [{operation = "GET /a", modes = {shape = "watch"}}]\n'
        'switched = [{operation = "GET /a", stage = "conduct", mode = "watch", by = "anna"},'
        '{operation = "GET /a", stage = "inspect", mode = "watch", by = "autopilot"}]\n'
    )
    assert place_of(config, "GET /a", NOTES).owned == {StageName.PERMIT, StageName.SHAPE, StageName.CONDUCT}
    assert place_of(config, "POST /b", NOTES).owned == {StageName.PERMIT}
    assert place_of(config, "GET /a", NOTES).silent == {StageName.SHAPE}


def test_notes_of_before_say_nothing_of_learning(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(_HEAD + '"looked_s": 1, "starts": {}, "silent": {}}')
    assert read_notes(tmp_path) == Notes(1.0)


def test_what_depends_on_a_learned_description_watches_unless_it_was_switched() -> None:
    modes = place_of(GuardConfig(), "POST /b", NOTES).modes
    assert (modes[StageName.SHAPE], modes[StageName.INSPECT]) == (Mode.WATCH, Mode.ENFORCE)
    assert place_of(GuardConfig(), "GET /a", NOTES).modes[StageName.SHAPE] is Mode.ENFORCE
    config, _ = parse_guard(
        '[guard]\nswitched = [{operation = "POST /b", stage = "shape", mode = "enforce", by = "autopilot"}]\n'
    )
    assert place_of(config, "POST /b", NOTES).modes[StageName.SHAPE] is Mode.ENFORCE
