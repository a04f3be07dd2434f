import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from apiward.access.revocations import RevocationList, mark
from apiward.app.guarding.blocks_in_use import ENDED, FOLDER, BlockFollower, InUse, blocks_in_use
from apiward.core.api import Api
from apiward.core.decision import Mode
from apiward.guard.stage import StageName
from apiward.stores.blocks.memory import Block
from apiward.stores.blocks.shared import SharedBlocks

SUBJECT = mark("sub", "https://id.example", "42")


@pytest.fixture
def blocks(tmp_path: Path) -> Iterator[SharedBlocks]:
    with closing(SharedBlocks(tmp_path / "blocks")) as made:
        yield made


def follower(
    folder: Path, blocks: SharedBlocks, revocations: RevocationList | None = None, *, off: tuple[StageName, ...] = ()
) -> BlockFollower:
    modes: Mapping[StageName, Mode] = {name: Mode.OFF if name in off else Mode.WATCH for name in StageName}
    situation: tuple[Mapping[StageName, Mode], Api | None] = (modes, None)
    return BlockFollower(folder, blocks, revocations or RevocationList(), lambda: situation, lambda: 50.0)


def test_a_worker_says_how_far_it_has_come(tmp_path: Path, blocks: SharedBlocks) -> None:
    assert blocks_in_use(tmp_path) == ()
    worker = follower(tmp_path, blocks, off=(StageName.ORIGIN, StageName.QUOTA))
    worker.look()
    (said,) = blocks_in_use(tmp_path)
    assert said == InUse(0, frozenset({"origin"}))
    blocks.add(Block("operation:GET /a", "x", 100.0))
    worker.look()
    assert blocks_in_use(tmp_path) == (InUse(1, frozenset({"origin"}), frozenset({"operation:GET /a"})),)


def test_whom_a_guard_cannot_tell_apart_it_does_not_know(tmp_path: Path, blocks: SharedBlocks) -> None:
    worker = follower(tmp_path, blocks)
    blocks.add(Block("asn:64500", "x", 100.0))
    worker.look()
    assert blocks_in_use(tmp_path)[0].unknown == {"asn:64500"}
    worker._can_locate = lambda: True
    blocks.add(Block("user:1", "x", 100.0))
    worker.look()
    assert blocks_in_use(tmp_path)[0].unknown == frozenset()


def test_tokens_of_who_is_out_are_taken_back_and_given_back(tmp_path: Path, blocks: SharedBlocks) -> None:
    revocations = RevocationList()
    worker = follower(tmp_path, blocks, revocations)
    blocks.add(Block(f"{ENDED}{SUBJECT}", "x", 100.0, since_s=40.0))
    worker.look()
    assert revocations.is_revoked((SUBJECT,), 39.0, 50.0)
    assert not revocations.is_revoked((SUBJECT,), 41.0, 50.0)  # logged in again since
    assert not revocations.is_revoked((SUBJECT,), 39.0, 101.0)
    blocks.unblock(f"{ENDED}{SUBJECT}")
    worker.look()
    assert not revocations.is_revoked((SUBJECT,), 39.0, 50.0)


def test_what_cannot_be_written_or_read_stops_nothing(tmp_path: Path, blocks: SharedBlocks) -> None:
    (tmp_path / FOLDER).write_text("in the way")
    worker = follower(tmp_path, blocks)
    worker.look()
    assert blocks_in_use(tmp_path) == ()
    (tmp_path / FOLDER).unlink()
    worker.look()
    (file,) = (tmp_path / FOLDER).iterdir()
    assert json.loads(file.read_text()) == [0, [], []]
    file.write_text("{}")
    assert blocks_in_use(tmp_path) == ()
