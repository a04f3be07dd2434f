import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from apiward.app.guarding.place import Place
from apiward.app.guarding.upkeep import SPOOL
from apiward.app.page import working
from apiward.app.page.working import Workshop, command_of
from apiward.app.page.works import Work, WorkKind, Works
from apiward.app.patching.filing import standing_rules
from apiward.config.errors import AdvisedError
from apiward.config.rules_file import add_rules

WAITS = "import sys, time; print('begun', file=sys.stderr, flush=True); time.sleep(60)"
RULE = {"operation": "GET /a", "kind": "method-off", "reason": "r"}
Made = Callable[..., Workshop]


def place_in(folder: Path) -> Place:
    data = folder / ".apiward"
    data.mkdir(exist_ok=True)
    return Place(folder / "apiward.toml", folder, data)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    """Make workshops whose command is a program that is given; all of them are closed in the end."""
    shops = []

    def make(program: str, **more: float) -> Workshop:
        def command(kind: WorkKind, finding: str, by: str) -> Sequence[str]:
            return (sys.executable, "-I", "-S", "-c", program, kind.value, finding, by)

        shops.append(Workshop(place_in(tmp_path), lambda: 100.0, command=command, **more))
        return shops[-1]

    yield make
    for one in shops:
        one.close()


def ended(shop: Workshop, finding: str = "f1") -> Work:
    watching = shop._watching
    assert watching is not None
    watching.join(30)
    work = shop.of(finding)
    assert work is not None
    assert work.ended_s is not None
    return work


def spoken(shop: Workshop) -> None:
    """Wait until the command has said something."""
    end_s = time.monotonic() + 30
    while time.monotonic() < end_s:
        work = shop.of("f1")
        if work is not None and "begun" in work.talk:
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never began")


def recorded(folder: Path) -> str:
    """Return what waits for the audit record, as the bytes that stand there."""
    return "".join(path.read_bytes().decode("utf-8", "replace") for path in (folder / ".apiward" / SPOOL).iterdir())


def test_what_a_command_says_and_how_it_ended_is_kept(made: Made, tmp_path: Path) -> None:
    shop = made("import sys; print('held', sys.argv[1:]); print('step 1', file=sys.stderr); sys.exit(3)")
    shop.start(WorkKind.HOLD, "f1", "person:ada")
    work = ended(shop)
    assert (work.code, work.told, work.talk) == (3, "held ['hold', 'f1', 'person:ada']\n", "step 1\n")
    assert (work.by, work.ended_by, shop.under_way()) == ("person:ada", "", "")
    assert Workshop(place_in(tmp_path), lambda: 0.0).of("f1") == work
    assert "To hold shut the finding f1: begun from the page." in recorded(tmp_path)


def test_one_thing_at_a_time_also_where_the_page_was_started_again(made: Made) -> None:
    shop, other = made(WAITS), made("pass")
    shop.start(WorkKind.HOLD, "f1", "ada")
    for one in (shop, other):
        with pytest.raises(AdvisedError, match="Something else is being tried"):
            one.start(WorkKind.PLAN, "f2", "ada")
        assert one.under_way() == "f1"
    spoken(other)
    other.end("f1", "bob")  # from the page that was started again
    assert ended(shop).code not in (0, None)
    assert shop.under_way() == ""
    other.start(WorkKind.PLAN, "f2", "ada")
    assert ended(other, "f2").code == 0


def test_what_is_ended_says_by_whom(made: Made, tmp_path: Path) -> None:
    shop = made(WAITS)
    shop.start(WorkKind.REPLAY, "f1", "ada")
    spoken(shop)
    shop.end("f1", "bob")
    work = ended(shop)
    assert work.ended_by == "bob"
    with pytest.raises(AdvisedError, match="ended by itself"):
        shop.end("f1", "bob")
    with pytest.raises(AdvisedError, match="ended by itself"):
        shop.end("f2", "bob")
    assert "ended from the page" in recorded(tmp_path)


def test_what_takes_too_long_is_ended_and_leaves_no_rule_that_was_not_shown_to_hold(made: Made, tmp_path: Path) -> None:
    add_rules(tmp_path, "patch", [{**RULE, "id": "old", "finding": "f1"}, {**RULE, "id": "else", "finding": "f2"}])
    deaf = (
        "import pathlib, signal, sys, time\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        f"path = pathlib.Path({str(tmp_path)!r}, 'apiward.rules.toml')\n"
        'more = \'[[patch]]\\nid = "new"\\noperation = "GET /b"\\nkind = "method-off"\\n\'\n'
        'more += \'reason = "r"\\nfinding = "f1"\\n\'\n'
        "path.write_text(path.read_text() + more)\n"
        "print('begun', file=sys.stderr, flush=True)\ntime.sleep(60)\n"
    )
    shop = made(deaf, most_s=0.4, grace_s=0.1)
    shop.start(WorkKind.HOLD, "f1", "ada")
    assert ended(shop).code == -9
    assert [one.id for one in standing_rules(tmp_path)] == ["old", "else"]


def test_what_was_cut_off_is_told_as_such(made: Made, tmp_path: Path) -> None:
    shop = made("pass")
    Works(tmp_path / ".apiward").keep(Work(WorkKind.HOLD, "f1", "ada", 5.0, process=1))
    work = shop.of("f1")
    assert work is not None
    assert (work.code, work.ended_s) == (None, 5.0)
    assert shop.under_way() == ""
    with pytest.raises(AdvisedError):
        shop.end("f1", "ada")  # and process 1 is left alone


def test_a_page_that_ends_ends_what_it_began(made: Made) -> None:
    shop = made(WAITS)
    shop.close()
    shop.start(WorkKind.HOLD, "f1", "ada")
    spoken(shop)
    shop.close()
    assert shop.under_way() == ""
    deaf = made("import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN)\n" + WAITS, grace_s=0.2)
    deaf.start(WorkKind.HOLD, "f1", "ada")
    spoken(deaf)
    deaf.close()
    assert ended(deaf).code == -9


def test_without_a_record_nothing_is_begun(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "tell", lambda *_, **__: False)
    shop = made("pass")
    with pytest.raises(AdvisedError, match="audit record"):
        shop.start(WorkKind.HOLD, "f1", "ada")
    assert shop.of("f1") is None


def test_the_command_is_what_people_would_write(tmp_path: Path) -> None:
    place = place_in(tmp_path)
    command = command_of(place)
    assert command(WorkKind.REPLAY, "f1", "ada")[1:] == ("-m", "apiward", "replay", "--", "f1")
    place.base.joinpath("apiward.toml").touch()
    named = f"--config={tmp_path / 'apiward.toml'}"
    assert command(WorkKind.HOLD, "-f", "ada")[3:] == ("patch", "hold", named, "--owner=ada", "--", "-f")
    assert "--dry-run" in command(WorkKind.PLAN, "f1", "ada")
