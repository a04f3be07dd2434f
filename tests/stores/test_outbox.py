import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from apiward.stores.outbox import Outbox, Telling

ONE = Telling("4f2a", "mail", due_s=10.0, kind="first")


def test_what_waits_outlasts_a_restart_and_comes_when_it_is_due(tmp_path: Path) -> None:
    with closing(Outbox(tmp_path / "outbox")) as outbox:
        assert outbox.get("4f2a", "mail") == Telling("4f2a", "mail")
        outbox.put(ONE, 1.0)
        outbox.put(replace(ONE, channel="slack", due_s=5.0), 1.0)
        outbox.put(replace(ONE, channel="ntfy", due_s=None), 1.0)
        outbox.keep_number("read", 42)
    with closing(Outbox(tmp_path / "outbox")) as again:
        assert [one.channel for one in again.due(10.0)] == ["slack", "mail"]
        assert [one.channel for one in again.due(9.0)] == ["slack"]
        assert again.get("4f2a", "mail") == ONE
        told = replace(
            ONE, due_s=None, severity=3, state="open", told_s=11.0, thread="17.5", why="x", tries=2, updates=1
        )
        again.put(told, 11.0)
        assert again.get("4f2a", "mail") == told
        assert (again.number("read"), again.number("other")) == (42.0, 0.0)
    assert (tmp_path / "outbox").stat().st_mode & 0o077 == 0


def test_what_is_old_and_does_not_wait_is_forgotten(tmp_path: Path) -> None:
    with closing(Outbox(tmp_path / "outbox")) as outbox:
        outbox.put(ONE, 0.0)
        outbox.put(replace(ONE, channel="old", due_s=None, kind="x"), 0.0)
        outbox.forget_old(101 * 86_400.0)
        assert outbox.get("4f2a", "old") == Telling("4f2a", "old")
        assert outbox.get("4f2a", "mail") == ONE


def test_a_file_that_cannot_be_used_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "outbox").mkdir()
    with pytest.raises(OSError, match="cannot be used"):
        Outbox(tmp_path / "outbox")
    with closing(Outbox(tmp_path / "other")) as outbox:
        pass
    with pytest.raises(OSError, match="cannot be used"):
        outbox.due(0.0)


def test_two_tell_one_after_the_other(tmp_path: Path) -> None:
    with closing(Outbox(tmp_path / "outbox")) as one, closing(Outbox(tmp_path / "outbox")) as other:
        order: list[str] = []

        def second() -> None:
            with other.alone():
                order.append("second")

        with one.alone():
            thread = threading.Thread(target=second)
            thread.start()
            thread.join(0.2)
            order.append("first")
        thread.join(10)
        assert order == ["first", "second"]
