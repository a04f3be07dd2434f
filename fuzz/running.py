"""Runs one target for so many seconds: `python -m fuzz.<target> [seconds] [folder of found inputs]`."""

import sys
from collections.abc import Callable
from pathlib import Path

import atheris


def run(target: Callable[[bytes], None], name: str) -> None:
    """Fuzz `target` until the time is over; exits with an error, and the input beside, when it raises."""
    seconds = sys.argv[1] if len(sys.argv) > 1 else "120"
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else f".fuzz/{name}")
    folder.mkdir(parents=True, exist_ok=True)
    limits = [f"-max_total_time={seconds}", "-max_len=8192", "-timeout=5", "-rss_limit_mb=2048", "-print_final_stats=1"]
    atheris.Setup([name, *limits, f"-artifact_prefix={folder}/found-", str(folder)], target)
    atheris.Fuzz()
