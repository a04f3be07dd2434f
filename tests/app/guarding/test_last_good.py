from pathlib import Path

from apiward.app.guarding import last_good


def test_it_is_kept_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    last_good.keep(tmp_path, last_good.SETTINGS, b"[guard]\n")
    last_good.keep(tmp_path, last_good.SETTINGS, b"[guard] # new\n")
    assert [file.name for file in tmp_path.iterdir()] == [last_good.SETTINGS]
    assert (tmp_path / last_good.SETTINGS).read_bytes() == b"[guard] # new\n"


def test_nothing_to_keep_leaves_what_is_there(tmp_path: Path) -> None:
    last_good.keep(tmp_path, last_good.DESCRIPTION, b"")
    assert not list(tmp_path.iterdir())
    last_good.keep(tmp_path, last_good.DESCRIPTION, b"{}")
    last_good.keep(tmp_path, last_good.DESCRIPTION, b"")
    assert (tmp_path / last_good.DESCRIPTION).read_bytes() == b"{}"
