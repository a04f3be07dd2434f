import multiprocessing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.stores.ownership.memory import MemoryFacts
from apiward.stores.ownership.shared import SharedFacts

KEY = st.integers(1, 2**64 - 1)
VALUE = st.integers(0, 2**64 - 1)


@pytest.fixture
def facts(tmp_path: Path) -> SharedFacts:
    return SharedFacts(tmp_path / "objects", most=8_000)


def test_facts_stay_over_a_restart_and_are_seen_by_others(tmp_path: Path) -> None:
    first, second = (SharedFacts(tmp_path / "objects", most=800) for _ in range(2))
    first.put(7, 9 << 16 | 3)
    assert second.get(7) == 9 << 16 | 3
    first.close()
    second.close()
    assert SharedFacts(tmp_path / "objects", most=800).get(7) == 9 << 16 | 3


def test_merge_adds_bits_and_keeps_the_last_day(facts: SharedFacts) -> None:
    assert facts.merge(5, 1 << 16, 10) == 0
    assert facts.merge(5, 4 << 16, 11) == 1 << 16 | 10
    assert facts.get(5) == 5 << 16 | 11


def test_zero_forgets(facts: SharedFacts) -> None:
    facts.put(5, 1)
    facts.put(5, 0)
    facts.put(6, 0)
    assert facts.get(5) == facts.get(6) == 0


def test_the_oldest_fact_makes_room(tmp_path: Path) -> None:
    facts = SharedFacts(tmp_path / "objects", most=8)
    for number in range(1, 9):
        facts.put(number, 1 << 16 | (50 if number == 3 else 100))
    facts.put(99, 1 << 16 | 100)
    assert facts.get(3) == 0
    assert facts.get(99)
    assert all(facts.get(number) for number in range(1, 9) if number != 3)


def test_the_file_keeps_its_size(tmp_path: Path) -> None:
    facts = SharedFacts(tmp_path / "objects", most=800)
    size = facts.size
    for number in range(1, 5_000):
        facts.put(number * 7_919, number << 16)
    assert facts.size == size == (tmp_path / "objects").stat().st_size


@given(st.lists(st.tuples(KEY, VALUE), max_size=30))
def test_it_says_what_a_dictionary_says(pairs: list[tuple[int, int]]) -> None:
    import tempfile  # noqa: PLC0415 - a folder for each example

    with tempfile.TemporaryDirectory() as folder:
        facts, plain = SharedFacts(Path(folder) / "objects", most=80_000), MemoryFacts()
        for key, value in pairs:
            facts.put(key, value)
            plain.put(key, value)
            assert facts.merge(key, 1 << 16, 5) == plain.merge(key, 1 << 16, 5)
        assert [facts.get(key) for key, _ in pairs] == [plain.get(key) for key, _ in pairs]
        facts.close()


def _add(path: Path, first: int) -> None:
    facts = SharedFacts(path, most=80_000)
    for number in range(400):
        facts.merge(number + 1, first << 16, 1)
    facts.close()


def test_workers_lose_nothing_to_each_other(tmp_path: Path) -> None:
    path = tmp_path / "objects"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_add, args=(path, bit)) for bit in (1, 2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    facts = SharedFacts(path)
    assert {facts.get(number + 1) for number in range(400)} == {3 << 16 | 1}
