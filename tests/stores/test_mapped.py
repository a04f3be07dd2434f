from pathlib import Path

from apiward.stores.mapped import SIZE, mapped_number


def test_two_see_the_same_number(tmp_path: Path) -> None:
    one, other = mapped_number(tmp_path / "n"), mapped_number(tmp_path / "n")
    assert one[:SIZE] == bytes(SIZE)
    one[:SIZE] = (7).to_bytes(SIZE, "little")
    assert other[:SIZE] == one[:SIZE]
    one.close()
    other.close()
