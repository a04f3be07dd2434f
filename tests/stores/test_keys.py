import errno
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest

from apiward.access.errors import AccessError
from apiward.access.keys.file_form import keys_from_text, keys_to_text
from apiward.access.keys.ring import KeyStore
from apiward.access.keys.values import ApiKey, LastUse, new_api_key
from apiward.stores import keys as module
from apiward.stores.keys import KeyFile


def _key(number: int) -> ApiKey:
    key, _ = new_api_key(f"shop {number}", random_bytes=lambda size: bytes([number]) * size, now_s=1.0)
    return key


def _store(path: Path) -> KeyFile[ApiKey, LastUse]:
    return KeyFile(path, keys_from_text, keys_to_text)


def test_it_is_the_store_that_the_key_ring_asks_for(tmp_path: Path) -> None:
    store: KeyStore = _store(tmp_path / "keys.json")
    assert store.load() == ()
    store.save([_key(1), _key(2)])
    assert {key.name for key in store.load()} == {"shop 1", "shop 2"}


def test_only_the_owner_reads_the_file_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "new" / "keys.json"
    _store(path).save([_key(1)])
    assert path.stat().st_mode & 0o077 == 0
    assert sorted(found.name for found in path.parent.iterdir()) == ["keys.json", "keys.json.lock"]


def test_uses_are_noted_and_never_set_back(tmp_path: Path) -> None:
    store = _store(tmp_path / "keys.json")
    key = _key(1)
    store.save([key])
    late, early = LastUse(9.0, "192.0.2.1", "GET /a"), LastUse(5.0, "192.0.2.1", "GET /b")
    store.record_uses({key.id: late, "gone": late})
    store.record_uses({key.id: early})
    assert [kept.last_use for kept in store.load()] == [late]


def test_nothing_is_written_where_nothing_changes(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    store = _store(path)
    store.save([_key(1)])
    before = path.stat().st_ino
    store.record_uses({})
    store.record_uses({"gone": LastUse(1.0, "", "")})
    assert path.stat().st_ino == before


def test_a_broken_file_is_said_and_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text("{")
    with pytest.raises(AccessError):
        _store(path).load()
    with pytest.raises(AccessError):
        _store(path).change(lambda keys: keys)
    assert path.read_text() == "{"


def test_a_write_that_fails_leaves_the_old_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    _store(path).save([_key(1)])

    def failing(_: Iterable[ApiKey]) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        KeyFile(path, keys_from_text, failing).save([_key(2)])
    assert [key.name for key in _store(path).load()] == ["shop 1"]


def test_a_full_disk_leaves_the_old_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    _store(path).save([_key(1)])
    script = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "from pathlib import Path; from tests.stores.test_keys import _key, _store\n"
        f"_store(Path({str(path)!r})).save([_key(2)])"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
    assert "File too large" in done.stderr
    assert [key.name for key in _store(path).load()] == ["shop 1"]
    assert sorted(found.name for found in tmp_path.iterdir()) == ["keys.json", "keys.json.lock"]


def test_a_file_that_is_far_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    with path.open("wb") as file:
        os.truncate(file.fileno(), module.MAX_FILE + 1)
    with pytest.raises(OSError, match="larger"):
        _store(path).load()


def test_changes_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"

    def add(number: int) -> None:
        _store(path).change(lambda keys: [*keys, _key(number)])

    threads = [threading.Thread(target=add, args=(number,)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(json.loads(path.read_text())["keys"]) == 8


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can write a file of somebody else")
def test_the_file_stays_with_whom_it_belonged_to(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    store = _store(path)
    store.save([_key(1)])
    os.chown(path, 12345, 12346)
    store.save([])
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 12346)
