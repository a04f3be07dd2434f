import multiprocessing
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from apiward.stores.counters.memory import MemoryCounters
from apiward.stores.counters.shared import SharedCounters

NOW_S = 1_800_000_000.0
SPAWN = multiprocessing.get_context("spawn")


def count_up(path: str, times: int) -> int:
    """Count in another process; how many fitted."""
    counters = SharedCounters(Path(path))
    return sum(counters.hit("a", limit=1_500, window_s=60, now_s=NOW_S).is_within for _ in range(times))


def count_for_ever(path: str) -> None:
    """Count until killed."""
    counters = SharedCounters(Path(path))
    while True:
        counters.hit("b", limit=10**9, window_s=60, now_s=NOW_S)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "counts"


def test_it_counts_as_the_counters_in_memory_do(path: Path) -> None:
    shared, memory = SharedCounters(path), MemoryCounters()
    for step in range(300):
        key, cost, now_s = f"k{step % 7}", step % 3, NOW_S + step * 1.7
        asked = {"limit": 9, "window_s": 60, "now_s": now_s}
        assert shared.hit(key, cost=cost, **asked) == memory.hit(key, cost=cost, **asked)  # type: ignore[arg-type]
        assert shared.peek(key, **asked) == memory.peek(key, **asked)  # type: ignore[arg-type]


def test_workers_count_together(path: Path) -> None:
    own = SharedCounters(path)
    with SPAWN.Pool(2) as pool:
        fitted = pool.starmap(count_up, [(str(path), 1_000)] * 2)
    assert sum(fitted) == 1_500
    assert not own.hit("a", limit=1_500, window_s=60, now_s=NOW_S).is_within


def test_threads_count_together(path: Path) -> None:
    counters = SharedCounters(path)

    def some(_: int) -> int:
        return sum(counters.hit("a", limit=1_500, window_s=60, now_s=NOW_S).is_within for _ in range(500))

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(some, range(4))) == 1_500


def test_a_worker_that_is_killed_leaves_no_lock_behind(path: Path) -> None:
    own = SharedCounters(path)
    worker = SPAWN.Process(target=count_for_ever, args=(str(path),))
    worker.start()
    while own.peek("b", limit=10**9, window_s=60, now_s=NOW_S).remaining > 10**9 - 1_000:
        pass
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    before = own.peek("b", limit=10**9, window_s=60, now_s=NOW_S).remaining
    assert own.hit("b", limit=10**9, window_s=60, now_s=NOW_S).remaining == before - 1


def test_counts_outlast_a_restart(path: Path) -> None:
    first = SharedCounters(path)
    first.hit("a", limit=5, window_s=86_400, now_s=NOW_S, cost=4)
    first.close()
    assert SharedCounters(path).peek("a", limit=5, window_s=86_400, now_s=NOW_S).remaining == 1


def test_the_file_never_grows_and_the_longest_over_make_room(path: Path) -> None:
    counters = SharedCounters(path, most_keys=64)
    size = path.stat().st_size
    for number in range(2_000):
        assert counters.hit(f"k{number}", limit=5, window_s=60, now_s=NOW_S + number).is_within
    assert path.stat().st_size == size < 4_096
    assert counters.peek("k1999", limit=5, window_s=60, now_s=NOW_S + 2_000).remaining == 4


def test_the_file_is_for_its_owner_alone(path: Path) -> None:
    SharedCounters(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_none_of_ours_is_made_anew(path: Path) -> None:
    path.write_bytes(b"something else")
    assert SharedCounters(path).hit("a", limit=1, window_s=60, now_s=NOW_S).is_within
