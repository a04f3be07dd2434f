import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from apiward.app.forwarding.running import place_name
from apiward.app.guarding.sinks import TALLIES, open_sink
from apiward.config.guarding import ForwardConfig, GuardConfig
from apiward.core.outgoing import LineForm
from apiward.net.proxy.tallies import totals
from tests.app.forwarding.receiving import Got, receiver
from tests.app.recording.made import guard, refusal


def wait_for(is_there: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end_s = time.monotonic() + 30
    while not is_there():
        assert time.monotonic() < end_s
        time.sleep(0.01)


def ids(got: Got) -> list[str]:
    """Return the ids of events that came."""
    return [found["id"] for line in got.lines if (found := json.loads(line)).get("id", "").isdigit()]


def test_a_guard_sends_what_it_stores_and_shows_how_that_stands(tmp_path: Path) -> None:
    with receiver() as got:
        config = GuardConfig(forward=(ForwardConfig(to=got.address, form=LineForm.JSONL, sends_old=True),))
        sink = open_sink(tmp_path, tmp_path, config, [], [])
        sink.start()
        for number in range(5):
            sink.offer(refusal(number))
        wait_for(lambda: len(ids(got)) == 5)
        shown = {meter.name: value for meter, value in totals(tmp_path / TALLIES).items()}
        assert shown["apiward_forward_failing"] == 0
        sink.close()
    shown = {meter.name: value for meter, value in totals(tmp_path / TALLIES).items()}
    assert shown["apiward_forwarded_total"] >= 5
    assert ids(got) == [f"{number:08d}" for number in range(5)]


def test_of_two_workers_one_sends_and_the_other_goes_on_at_its_end(tmp_path: Path) -> None:
    with receiver() as got:
        config = GuardConfig(forward=(ForwardConfig(to=got.address, form=LineForm.JSONL, sends_old=True),))
        first, second = (open_sink(tmp_path, tmp_path, config, [], []) for _ in range(2))
        first.start()
        first.offer(refusal(0))
        wait_for(lambda: len(ids(got)) == 1)
        second.start()
        first.close()
        second.offer(refusal(1))
        wait_for(lambda: len(ids(got)) == 2)
        second.close()
    assert ids(got) == ["00000000", "00000001"]


@pytest.mark.long
def test_a_killed_command_leaves_nothing_out(tmp_path: Path) -> None:
    words = ("-m", "apiward", "events", "forward", "--follow", "--format", "jsonl", "--data", "data", "--to")
    data = str(tmp_path / "data")
    guard(10, folder=data)
    with receiver() as got:
        for round_ in range(1, 4):
            command = [sys.executable, *words, got.address]
            with subprocess.Popen(command, cwd=tmp_path, env=dict(os.environ), stderr=subprocess.DEVNULL) as sender:
                wait_for(lambda number=10 * round_: len(set(ids(got))) >= number)  # type: ignore[misc] # a default
                guard(10, first=10 * round_, folder=data)
                if round_ < 3:
                    sender.kill()
                else:
                    wait_for(lambda: len(set(ids(got))) == 40)
                    sender.send_signal(signal.SIGTERM)
                    assert sender.wait(20) == 0
    assert sorted(set(ids(got))) == [f"{number:08d}" for number in range(40)]


def test_the_place_of_a_receiver_is_kept_without_its_address() -> None:
    assert place_name("https://a/t0k3n") != place_name("https://a/other")
    assert "t0k3n" not in place_name("https://a/t0k3n")
