import threading

import pytest

from apiward.app.incidents.beside import beside


def test_it_runs_until_the_end_of_the_block() -> None:
    steps = []
    begun = threading.Event()

    def run(ending: threading.Event) -> None:
        begun.set()
        assert ending.wait(20)
        steps.append(threading.current_thread().name)

    with beside(run, "told"):
        assert begun.wait(20)
        assert steps == []
    assert steps == ["what is told"]


def test_where_it_cannot_go_on_that_is_told_and_the_block_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    def run(_: threading.Event) -> None:
        raise OSError("the disk is full")

    with beside(run, "held off"):
        pass
    said = capsys.readouterr().err
    assert "Nothing is held off: the outbox cannot be used." in said
    assert "the disk is full" in said
