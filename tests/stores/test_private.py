import os
import stat
from contextlib import closing
from pathlib import Path

import pytest

from apiward.stores.blocks.shared import SharedBlocks
from apiward.stores.outbox import Outbox
from apiward.stores.private import give_to_owner, made_private


def _rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_made_for_its_owner_alone_and_left_as_it_is_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "it"
    before = os.umask(0)
    try:
        made_private(path)
    finally:
        os.umask(before)
    assert (_rights(path), path.read_bytes()) == (0o600, b"")
    path.write_bytes(b"kept")
    made_private(path)
    assert path.read_bytes() == b"kept"


def test_where_a_link_stands_nothing_is_written(tmp_path: Path) -> None:
    aim = tmp_path / "aim"
    (tmp_path / "it").symlink_to(aim)
    with pytest.raises(OSError, match="link"):
        made_private(tmp_path / "it")
    aim.write_bytes(b"of somebody else")
    with pytest.raises(OSError, match="link"):
        Outbox(tmp_path / "it")
    assert aim.read_bytes() == b"of somebody else"


def test_blocks_and_messages_are_read_by_nobody_else(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        SharedBlocks(tmp_path / "blocks").block("user:7", reason="x", until_s=1.0)
        with closing(Outbox(tmp_path / "outbox")) as outbox:
            outbox.keep_number("n", 1.0)
            rights = {path.name: _rights(path) for path in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert {"blocks", "outbox", "outbox-wal"} <= rights.keys()
    assert set(rights.values()) == {0o600}


def test_what_a_link_leads_to_is_not_given_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[str, bool]] = []
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(
        "os.chown", lambda path, *_, follow_symlinks=True: given.append((Path(path).name, follow_symlinks))
    )
    (tmp_path / "blocks-link").symlink_to("/etc/passwd")
    made_private(tmp_path / "blocks")
    give_to_owner(tmp_path / "blocks-link", tmp_path)
    assert given == [("blocks", False), ("blocks-link", False)]
    given.clear()
    monkeypatch.setattr("os.geteuid", lambda: 1_000)
    give_to_owner(tmp_path / "blocks", tmp_path)
    assert given == []
