import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from apiward.stores.blocks.memory import Block
from apiward.stores.blocks.shared import SharedBlocks


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "blocks.db"


@pytest.fixture
def two(path: Path) -> Iterator[tuple[SharedBlocks, SharedBlocks]]:
    first, second = SharedBlocks(path, timeout_s=0.01), SharedBlocks(path, timeout_s=0.01)
    yield first, second
    first.close()
    second.close()


def test_what_one_worker_blocks_all_block_until_the_end(two: tuple[SharedBlocks, SharedBlocks]) -> None:
    first, second = two
    assert second.reason("user:42", 1.0) == ""
    first.block("user:42", reason="guessed passwords", until_s=100.0)
    for blocks in two:
        assert blocks.reason("user:42", 99.0) == "guessed passwords"
        assert blocks.reason("user:42", 100.0) == ""
        assert list(blocks.listed(99.0)) == [Block("user:42", "guessed passwords", 100.0)]
    second.block("user:43", reason="", until_s=100.0)
    assert first.reason("user:43", 1.0) == "blocked"
    assert first.reason("user:42", 1.0) == "guessed passwords"


def test_what_one_worker_unblocks_all_let_in(two: tuple[SharedBlocks, SharedBlocks]) -> None:
    first, second = two
    first.block("user:42", reason="x", until_s=100.0)
    assert second.reason("user:42", 1.0) == "x"
    assert second.unblock("user:42")
    assert first.reason("user:42", 1.0) == ""
    assert not second.unblock("user:42")
    assert list(first.listed(1.0)) == []


def test_wide_ones_are_known_to_all_workers(two: tuple[SharedBlocks, SharedBlocks]) -> None:
    first, second = two
    first.block("network:192.0.2.0/24", reason="x", until_s=100.0)
    first.block("tenant:acme", reason="x", until_s=100.0)
    for blocks in two:
        assert blocks.reason("network:192.0.2.0/24", 1.0) == "x"
        assert (blocks.lengths, blocks.has_tenants) == ((24,), True)
    second.unblock("tenant:acme")
    first.block("user:1", reason="x", until_s=300.0)
    for blocks in two:
        blocks.reason("user:1", 200.0)
        assert not blocks.has_tenants
    assert second.lengths == ()


def test_it_is_known_when_somebody_was_let_in_before_the_time(two: tuple[SharedBlocks, SharedBlocks]) -> None:
    first, second = two
    assert first.let_in_s("user:42") == 0.0
    first.block("user:42", reason="x", until_s=100.0)
    assert second.let_in_s("user:42") == 0.0
    second.unblock("user:42", now_s=50.0)
    assert (first.let_in_s("user:42"), second.let_in_s("user:42")) == (50.0, 50.0)
    first.block("user:42", reason="x", until_s=200.0)
    assert second.let_in_s("user:42") == 0.0


def test_blocks_outlast_a_restart(path: Path) -> None:
    first = SharedBlocks(path)
    first.block("user:42", reason="x", until_s=100.0)
    first.close()
    again = SharedBlocks(path)
    assert again.reason("user:42", 1.0) == "x"
    again.close()


def test_where_the_file_is_locked_a_block_holds_here_and_is_written_later(
    two: tuple[SharedBlocks, SharedBlocks], path: Path
) -> None:
    first, second = two
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        first.block("user:42", reason="x", until_s=100.0)
        assert first.failures == 1
        assert first.reason("user:42", 1.0) == "x"
        assert second.reason("user:42", 1.0) == ""
        other.execute("ROLLBACK")
    first.block("user:43", reason="y", until_s=100.0)
    assert second.reason("user:42", 1.0) == "x"
    assert second.reason("user:43", 1.0) == "y"


def test_where_the_file_cannot_be_read_what_is_known_holds_and_it_is_asked_again_later(
    two: tuple[SharedBlocks, SharedBlocks], path: Path
) -> None:
    first, second = two
    first.block("user:42", reason="x", until_s=100.0)
    assert second.reason("user:42", 1.0) == "x"
    first.block("user:43", reason="y", until_s=100.0)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("ALTER TABLE generation RENAME TO away")
        assert second.reason("user:42", 2.0) == "x"
        assert second.reason("user:43", 2.0) == ""
        assert second.failures == 1
        assert second.reason("user:43", 2.5) == ""
        assert second.failures == 1
        other.execute("ALTER TABLE away RENAME TO generation")
    assert second.reason("user:43", 3.0) == "y"


def test_when_full_those_that_end_first_make_room(path: Path) -> None:
    blocks = SharedBlocks(path, most=20)
    for number in range(30):
        blocks.block(f"user:{number}", reason="x", until_s=100.0 + number)
    kept = {block.key for block in blocks.listed(1.0)}
    assert "user:29" in kept
    assert "user:0" not in kept
    assert len(kept) <= 20
    blocks.close()
    again = SharedBlocks(path)
    assert {block.key for block in again.listed(1.0)} == kept
    again.close()


def test_who_shut_out_and_what_for_is_kept(two: tuple[SharedBlocks, SharedBlocks]) -> None:
    first, second = two
    before = second.generation
    made = Block("user:42", "guessed passwords", 100.0, 5.0, "owner:ada", "4f2a")
    assert first.add(made)
    assert list(second.listed(99.0)) == [made]
    assert second.generation == first.generation > before


def test_a_block_that_could_not_be_written_is_told(two: tuple[SharedBlocks, SharedBlocks], path: Path) -> None:
    first, _ = two
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert not first.add(Block("user:42", "x", 100.0))
        assert not first.unblock("user:42")
        other.execute("ROLLBACK")
    assert first.add(Block("user:43", "x", 100.0))
