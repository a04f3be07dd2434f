import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from apiward.access.keys.ring import KeyRing
from apiward.access.keys.values import DAY_S, ApiKey
from apiward.app.guarding.keys import KeyDesk, KeyKeeper, KeyState, Wish, key_state, read_ring
from apiward.app.guarding.place import Overrides, Place
from apiward.app.guarding.source import ConfigSource
from apiward.config.errors import AdvisedError, ConfigError
from apiward.config.guarding import GuardConfig
from apiward.core.decision import Decision
from apiward.core.principal import Principal
from tests.guard.calls import raw_call

NOW_S = 1_800_000_000.0
WISH = Wish("partner", "apw", "live", 90 * DAY_S, scopes=("GET /orders/**",), roles=("shop",))


def desk(folder: Path, now_s: float = NOW_S) -> KeyDesk:
    return KeyDesk(folder, random_bytes=Random(), now_s=now_s)


class Random:
    """Bytes that differ from call to call, and are the same in every run."""

    def __init__(self) -> None:
        self._next = 0

    def __call__(self, size: int) -> bytes:
        self._next += 1
        return self._next.to_bytes(size, "big")


def shown(ring: KeyRing, text: str, now_s: float = NOW_S) -> Principal | Decision:
    return ring.check(text.encode(), method="GET", path="/orders/1", address="192.0.2.1", now_s=now_s)


def test_a_new_key_is_kept_without_its_secret(tmp_path: Path) -> None:
    key, text = desk(tmp_path / "data").new(WISH)
    assert desk(tmp_path / "data").listed() == (key,)
    kept = (tmp_path / "data" / "keys.json").read_text()
    assert text not in kept
    assert text.split("_")[3] not in kept
    assert isinstance(shown(read_ring(tmp_path / "data"), text), Principal)


def test_two_keys_never_get_one_id(tmp_path: Path) -> None:
    first = desk(tmp_path).new(WISH)[0]
    second = desk(tmp_path).new(WISH)[0]  # the same random bytes once more
    assert first.id != second.id
    assert {key.id for key in desk(tmp_path).listed()} == {first.id, second.id}


def test_a_rotated_key_is_good_twice_until_the_old_secret_ends(tmp_path: Path) -> None:
    made, old = desk(tmp_path).new(WISH)
    later_s = NOW_S + 10 * DAY_S
    turned, new = desk(tmp_path, later_s).rotate(made.id, overlap_s=DAY_S)
    ring = read_ring(tmp_path)
    assert isinstance(shown(ring, old, later_s), Principal)
    assert isinstance(shown(ring, new, later_s), Principal)
    assert isinstance(shown(ring, old, later_s + DAY_S), Decision)
    assert turned.expires_s == later_s + 90 * DAY_S, "as long as it was made for"
    assert [key_state(turned, later_s + days * DAY_S) for days in (0, 1, 90)] == ["rotating", "live", "expired"]


def test_a_key_that_never_ends_still_never_ends_after_a_rotation(tmp_path: Path) -> None:
    made = desk(tmp_path).new(Wish("x", "apw", "live", None))[0]
    assert desk(tmp_path).rotate(made.id, overlap_s=0)[0].expires_s is None
    assert desk(tmp_path).rotate(made.id, overlap_s=0, life_s=DAY_S)[0].expires_s == NOW_S + DAY_S


def test_a_revoked_key_stays_so(tmp_path: Path) -> None:
    made, text = desk(tmp_path).new(WISH)
    assert key_state(desk(tmp_path).revoke(made.id), NOW_S) is KeyState.REVOKED
    assert isinstance(shown(read_ring(tmp_path), text), Decision)
    with pytest.raises(AdvisedError, match="was revoked; make a new one"):
        desk(tmp_path).rotate(made.id, overlap_s=0)


def test_an_unknown_id_is_told_with_what_is_near(tmp_path: Path) -> None:
    with pytest.raises(AdvisedError, match="holds no keys"):
        desk(tmp_path / "none").revoke("AbCd1234")
    assert not (tmp_path / "none").exists()
    made = desk(tmp_path).new(WISH)[0]
    with pytest.raises(AdvisedError, match=f'Did you mean "{made.id}"'):
        desk(tmp_path).revoke(made.id[:-1])
    with pytest.raises(AdvisedError, match=f"It is the name of {made.id}"):
        desk(tmp_path).rotate("partner", overlap_s=0)
    for _ in range(11):
        desk(tmp_path).new(WISH)
    with pytest.raises(AdvisedError, match="There are 12 others"):
        desk(tmp_path).revoke("?")


def test_a_damaged_file_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{}")
    with pytest.raises(ConfigError, match="Put it back from a backup"):
        desk(tmp_path).new(WISH)
    assert (tmp_path / "keys.json").read_text() == "{}"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AdvisedError, match="cannot be written"):
        desk(tmp_path / "file").new(WISH)


def test_a_running_guard_takes_new_keys_and_lets_go_of_old_ones(tmp_path: Path) -> None:
    ring = KeyRing()
    keeper = KeyKeeper(tmp_path, ring)
    keeper.read()
    made, text = desk(tmp_path).new(WISH)
    assert isinstance(shown(ring, text), Decision)
    keeper._look()
    assert isinstance(shown(ring, text), Principal)
    desk(tmp_path).revoke(made.id)
    keeper._look()
    assert isinstance(shown(ring, text), Decision)


def test_a_running_guard_keeps_the_last_good_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, text = desk(tmp_path).new(WISH)
    ring = KeyRing()
    keeper = KeyKeeper(tmp_path, ring)
    keeper.read()
    (tmp_path / "keys.json").write_text("broken")
    keeper._look()
    keeper._look()
    assert isinstance(shown(ring, text), Principal)
    assert capsys.readouterr().err.count("The keys cannot be used") == 1
    (tmp_path / "keys.json").unlink()
    keeper._look()
    assert ring.is_empty, "no file, no keys: as after a new start"


def test_the_last_use_is_noted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made, text = desk(tmp_path).new(WISH)
    ring = KeyRing()
    keeper = KeyKeeper(tmp_path, ring)

    async def live() -> None:
        keeper.read()
        keeper.follow(look_s=60)
        shown(ring, text)
        await keeper.stop()

    asyncio.run(live())
    use = desk(tmp_path).listed()[0].last_use
    assert use is not None
    assert (use.at_s, use.address, use.operation) == (NOW_S, "192.0.2.1", "GET /orders/1")
    keeper._look()
    assert "in use" not in capsys.readouterr().err, "a note is no new key"
    assert ring.get(made.id) is not None


def test_uses_that_cannot_be_noted_are_kept_for_later(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, text = desk(tmp_path).new(WISH)
    good = (tmp_path / "keys.json").read_text()
    ring = read_ring(tmp_path)
    keeper = KeyKeeper(tmp_path, ring)
    shown(ring, text)
    (tmp_path / "keys.json").write_text("broken")
    asyncio.run(keeper._note())
    asyncio.run(keeper._note())
    assert capsys.readouterr().err.count("cannot be noted now") == 1
    (tmp_path / "keys.json").write_text(good)
    asyncio.run(keeper._note())
    assert desk(tmp_path).listed()[0].last_use is not None


def test_following_takes_what_changes(tmp_path: Path) -> None:
    ring = KeyRing()
    keeper = KeyKeeper(tmp_path, ring)

    async def live() -> None:
        keeper.read()
        keeper.follow(look_s=0.001, note_s=0.001)
        _, text = await asyncio.to_thread(desk(tmp_path).new, WISH)
        await until(lambda: isinstance(shown(ring, text), Principal))
        await until(lambda: desk(tmp_path).listed()[0].last_use is not None)
        await keeper.stop()

    asyncio.run(live())


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - what is waited for happens in a file
            await asyncio.sleep(0)


def test_a_whole_guard_knows_its_keys_and_is_not_built_anew_for_them(tmp_path: Path) -> None:
    place = Place(None, tmp_path, tmp_path / "data")
    key, text = desk(place.data).new(WISH)

    async def live() -> ApiKey:
        source = ConfigSource(place, Overrides(), config=GuardConfig())
        gate = await source.start()
        source.settled(gate)
        call = raw_call(
            "GET", b"/orders/1", headers=((b"host", b"shop.test"), (b"x-api-key", text.encode())), started_s=NOW_S
        )
        assert await gate.judge_head(call) is None
        assert call.principal.key == f"key:{key.id}"
        desk(place.data).new(WISH)
        assert not source.is_changed()
        await source.stop()
        return desk(place.data).listed()[0]

    noted = asyncio.run(live())
    assert noted.last_use is not None
    assert noted.last_use.address == "192.0.2.1"
