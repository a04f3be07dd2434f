"""Figures of several processes."""

import multiprocessing
import os
import signal
from pathlib import Path

from apiward.net.proxy.tallies import Meter, Tally, totals

REQUESTS = Meter('requests_total{status="2xx"}', "Requests.")
OTHERS = Meter('requests_total{status="5xx"}', "Requests.")
OPEN = Meter("open", "Open now.", is_gauge=True)


def _work(directory: Path, count: int, *, is_killed: bool) -> None:
    tally = Tally(directory, [REQUESTS, OTHERS, OPEN])
    place = tally.place(REQUESTS.name)
    for _ in range(count):
        tally.add(place)
    tally.set(tally.place(OPEN.name), 5)
    if is_killed:
        os.kill(os.getpid(), signal.SIGKILL)
    tally.close()


def test_counts_of_the_dead_stay_and_their_gauges_go(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    for is_killed in (True, False):
        worker = spawn.Process(target=_work, args=(tmp_path, 10), kwargs={"is_killed": is_killed})
        worker.start()
        worker.join()
    _work(tmp_path, 3, is_killed=False)
    assert totals(tmp_path) == {REQUESTS: 23.0, OTHERS: 0.0, OPEN: 5.0}


def test_a_file_that_is_just_being_made_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "1.tally").write_bytes(b"")
    assert totals(tmp_path) == {}
