"""Stores of guards, made by hand in the folder where a test runs."""

import time
from pathlib import Path

from apiward.app.guarding.sinks import open_sink
from apiward.config.guarding import GuardConfig
from apiward.core.event import Event
from tests.stores.record.made import refused


def guard(number: int, *, first: int = 0, folder: str = ".apiward", config: GuardConfig | None = None) -> None:
    """Let a guard record that many refusals, as one that ran and ended."""
    data = Path(folder)
    data.mkdir(exist_ok=True)
    sink = open_sink(data, Path(), config or GuardConfig(), [], [])
    sink.start()
    for at in range(first, first + number):
        sink.offer(refusal(at))
    sink.close()


def refusal(number: int) -> Event:
    """Return a refusal of now."""
    return refused(number, at_s=time.time())
