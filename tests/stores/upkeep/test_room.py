from pathlib import Path

from apiward.stores.upkeep.room import AGAIN_S, Room, free_bytes


def test_little_room_is_told_of_once_a_day_until_there_is_room_again() -> None:
    free = [100]
    room = Room(Path("/data"), 100_000_000, lambda _: free[0])
    (said,) = room.run(0.0)
    assert "nearly full: 0 MB are free where /data is" in said
    assert room.run(1.0) == ()
    assert len(room.run(AGAIN_S)) == 1
    free[0] = 110_000_000
    assert room.run(AGAIN_S + 1) == (), "a little above is not enough: it would be told of again and again"
    free[0] = 130_000_000
    assert room.run(AGAIN_S + 2) == ("There is room on the disk again.",)
    assert room.run(AGAIN_S + 3) == ()


def test_where_there_is_room_nothing_is_said(tmp_path: Path) -> None:
    assert free_bytes(tmp_path) > 0
    assert Room(tmp_path, 1).run(0.0) == ()
    assert Room(tmp_path, 1 << 60).run(0.0, is_last=True) == ()
