"""The admin port's answers, from the tallies of workers that are there, and that are not."""

import asyncio
from pathlib import Path

import pytest

from apiward.net.proxy.administration import READY, AdminApp
from apiward.net.proxy.messages import Message
from apiward.net.proxy.tallies import Meter, Tally


def _ask(directory: Path, path: str, method: str = "GET") -> tuple[int, str]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError("nothing is read here")

    asyncio.run(AdminApp(directory)({"type": "http", "method": method, "path": path}, receive, send))
    return sent[0]["status"], sent[1]["body"].decode()


def test_ready_is_said_while_a_worker_is(tmp_path: Path) -> None:
    assert _ask(tmp_path, "/-/ready") == (503, "not ready\n")
    tally = Tally(tmp_path, [READY])
    tally.set(tally.place(READY.name), 1)
    assert _ask(tmp_path, "/-/ready") == (200, "ready\n")
    tally.set(tally.place(READY.name), 0)
    assert _ask(tmp_path, "/-/ready") == (503, "not ready\n")
    tally.close()


def test_figures_are_shown(tmp_path: Path) -> None:
    Tally(tmp_path, [READY]).close()
    status, text = _ask(tmp_path, "/-/metrics")
    assert status == 200
    assert text.endswith("# TYPE apiward_workers_ready gauge\napiward_workers_ready 0\n")


@pytest.mark.parametrize(
    ("method", "path", "status"), [("POST", "/-/health", 405), ("GET", "/", 404), ("HEAD", "/-/health", 200)]
)
def test_nothing_else_is_there(tmp_path: Path, method: str, path: str, status: int) -> None:
    assert _ask(tmp_path, path, method)[0] == status


def test_times_are_shown_as_histograms(tmp_path: Path) -> None:
    meters = [Meter(f"took_{rest}", "Seconds.") for rest in ('bucket{le="1"}', 'bucket{le="+Inf"}', "sum")]
    tally = Tally(tmp_path, meters)
    for meter, value in zip(meters, (3.0, 2.0, 9.5), strict=True):
        tally.add(tally.place(meter.name), value)
    status, text = _ask(tmp_path, "/-/metrics")
    tally.close()
    assert status == 200
    assert "# TYPE took histogram\n" in text
    assert 'took_bucket{le="+Inf"} 5\ntook_sum 9.5\ntook_count 5\n' in text
