import io
import sys

import pytest

from apiward.cli.progress import Lines, Moving, Silent, watcher
from apiward.core.verdict import Outcome, Verdict
from apiward.scan.events import Event, ItemDone, PhaseBegan, Sent

DONE = ItemDone(Verdict("OBJ01", "GET /x", Outcome.HOLDS, "It held."), 12, 34.5)
EVENTS: tuple[Event, ...] = (
    PhaseBegan("getting accounts", 0),
    Sent(3, 10.0),
    PhaseBegan("reading", 2),
    DONE,
    DONE,
    PhaseBegan("never begun", 9),
)


def test_lines(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    lines.note("about")
    for event in EVENTS:
        lines.listen(event)
    lines.close()
    lines.close()
    assert capsys.readouterr().err.splitlines() == [
        "about",
        "getting accounts; 3 requests sent to your API, 10 a second",
        "reading: 2 of 2; 12 requests sent to your API, 34 a second",
    ]


def test_silent(capsys: pytest.CaptureFixture[str]) -> None:
    silent = Silent()
    for event in EVENTS:
        silent.listen(event)
    silent.note("no")
    silent.tell("yes")
    silent.close()
    assert capsys.readouterr().err == "yes\n"


def test_moving(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    moving = Moving()
    for event in EVENTS:
        moving.listen(event)
    moving.tell("[bold]said")
    moving.close()
    assert "[bold]said" in screen.getvalue()
    assert "2/2" in screen.getvalue()


def test_which_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    assert isinstance(watcher(is_quiet=True), Silent)
    assert isinstance(watcher(is_quiet=False), Lines)
    monkeypatch.setenv("CI", "1")
    assert not isinstance(watcher(is_quiet=False), Lines)
