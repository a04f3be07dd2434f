"""Each line is read exactly once: while a log grows, is renamed, copied and emptied, compressed; and over restarts."""

import bz2
import gzip
import lzma
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apiward.app.watching.sources.files import FileSource, log_name
from apiward.app.watching.sources.model import Position, position_of
from apiward.config.errors import AdvisedError
from tests.app.watching.sources.test_xz import needing


def all_of(source: FileSource) -> list[str]:
    lines: list[str] = []
    while (chunk := source.read()) is not None:
        lines += chunk.lines
    return lines


def ids_of(source: FileSource) -> list[str]:
    ids: list[str] = []
    while (chunk := source.read()) is not None:
        ids += [f"{chunk.name}{chunk.number + at:x}" for at in range(len(chunk.lines))]
    return ids


def write(path: Path, *lines: str) -> None:
    with path.open("a") as file:
        file.write("".join(f"{line}\n" for line in lines))


def test_a_whole_file_also_without_a_last_line_feed(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(b"a\nb\x0b\x85\n\xff\nd")
    source = FileSource(log, "access.log")
    assert all_of(source) == ["a", "b\x0b\\x85", "\\xff", "d"]
    assert source.is_over
    assert source.done_bytes == source.size == 9


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_archives_are_told_by_their_first_bytes(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    log = tmp_path / "old"
    log.write_bytes(pack(b"a\n" * 300_000))
    assert all_of(FileSource(log, "old")) == ["a"] * 300_000


def test_a_damaged_archive_is_read_as_far_as_it_goes_and_a_broken_one_said(tmp_path: Path) -> None:
    log = tmp_path / "old.gz"
    lines = "".join(f"{number * 7919}\n" for number in range(200_000)).encode()
    log.write_bytes(gzip.compress(lines)[:-200_000])
    source = FileSource(log, "old")
    found = all_of(source)
    assert source.damage.startswith("old.gz is damaged: ")
    assert found[:2] == ["0", "7919"]
    assert len(found) > 1_000
    log.write_bytes(gzip.compress(b"abc\n" * 1_000)[:12] + b"\xff" * 40)
    with pytest.raises(AdvisedError, match="damaged"):
        all_of(FileSource(log, "old"))
    log.write_bytes(b"\x1f\x8b" + b"x" * 100)
    with pytest.raises(AdvisedError, match="damaged"):
        all_of(FileSource(log, "old"))


def test_an_archive_that_asks_for_too_much_memory_is_no_damaged_one(tmp_path: Path) -> None:
    log = tmp_path / "old.xz"
    log.write_bytes(needing(40))
    with pytest.raises(AdvisedError) as caught:
        all_of(FileSource(log, "old"))
    assert "It takes more than 128 MB of memory" in str(caught.value)
    log.write_bytes(lzma.compress(b"a\n" * 1_000_000) + needing(40))
    source = FileSource(log, "old")
    assert len(all_of(source)) > 300_000, "what came before it is read"
    assert source.damage == "old.xz takes more than 128 MB of memory to be unpacked"


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(AdvisedError, match="cannot be read"):
        FileSource(tmp_path / "none.log", "none").read()
    with pytest.raises(AdvisedError, match="cannot be read"):
        FileSource(tmp_path, "folder").read()
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04xxxx")
    with pytest.raises(AdvisedError, match="ZIP"):
        FileSource(tmp_path / "a.zip", "a").read()


def test_it_is_followed_while_it_grows(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    source = FileSource(log, "access.log", is_followed=True)
    assert source.read() is None, "it is not there yet"
    write(log, "1")
    with log.open("a") as file:
        file.write("2")
        file.flush()
        assert all_of(source) == ["1"]
        file.write("2\n")
    assert all_of(source) == ["22"]
    assert not source.is_over
    source.close()


def test_renamed_and_made_anew(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    write(log, "1", "2")
    source = FileSource(log, "access.log", is_followed=True)
    assert all_of(source) == ["1", "2"]
    write(log, "3")
    log.rename(tmp_path / "access.log.1")
    assert all_of(source) == ["3"]
    with (tmp_path / "access.log.1").open("a") as late:  # the server has it open a moment longer
        late.write("4\n")
    assert all_of(source) == ["4"]
    write(log, "5")
    assert all_of(source) == ["5"]
    source.close()


def test_renamed_twice_between_two_looks(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    write(log, "1")
    source = FileSource(log, "access.log", is_followed=True)
    assert all_of(source) == ["1"]
    write(log, "2")
    log.rename(tmp_path / "access.log.2")
    os.utime(tmp_path / "access.log.2", (1_000, 1_000))
    (tmp_path / "access.log.1").write_text("3\n")
    os.utime(tmp_path / "access.log.1", (2_000, 2_000))
    write(log, "4")
    assert all_of(source) == ["2", "3", "4"]
    source.close()


def test_copied_and_emptied_also_where_it_has_grown_beyond_before(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    write(log, "1", "2")
    source = FileSource(log, "access.log", is_followed=True)
    assert all_of(source) == ["1", "2"]
    write(log, "3")
    shutil.copy(log, tmp_path / "access.log.1")
    log.write_text("")
    write(log, "4", "5", "6", "7", "8", "9")
    assert all_of(source) == ["3", "4", "5", "6", "7", "8", "9"]
    source.close()


@pytest.mark.parametrize("name", ["access.log.1", "access.log-20261130", "access.log.1.gz"])
def test_a_restart_finds_what_was_put_aside_meanwhile(tmp_path: Path, name: str) -> None:
    log = tmp_path / "access.log"
    write(log, "1", "2")
    source = FileSource(log, "access.log", is_followed=True)
    chunk = source.read()
    assert chunk is not None
    kept = chunk.end.text()
    source.close()
    write(log, "3")
    aside = tmp_path / name
    aside.write_bytes(gzip.compress(log.read_bytes()) if name.endswith("gz") else log.read_bytes())
    log.unlink()
    write(log, "4")
    again = FileSource(log, "access.log", position_of(kept), is_followed=True)
    assert all_of(again) == ["3", "4"]
    again.close()


def test_ids_are_the_same_however_and_wherever_a_log_is_read(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    write(log, "1", "2", "3")
    first = ids_of(FileSource(log, "access.log"))
    (tmp_path / "access.log.7.gz").write_bytes(gzip.compress(log.read_bytes()))
    assert ids_of(FileSource(tmp_path / "access.log.7.gz", "access.log")) == first
    source = FileSource(log, "access.log")
    chunk = source.read()
    assert chunk is not None
    source.close()
    rest = FileSource(log, "access.log", chunk.start.after(2))
    assert ids_of(rest) == first[2:]
    assert len({*first, *ids_of(FileSource(log, "other"))}) == 6


def test_comments_do_not_name_a_file(tmp_path: Path) -> None:
    names = set()
    for day in ("1", "2"):
        log = tmp_path / f"u_ex{day}.log"
        log.write_text(f"#Software: IIS\n#Fields: date\n{day}\n")
        names.add(ids_of(FileSource(log, "iis"))[0])
    assert len(names) == 2


_STEPS = st.lists(st.sampled_from(("write", "write", "part", "rename", "copy", "restart", "read")), max_size=25)


@settings(deadline=None)
@given(steps=_STEPS)
def test_each_line_exactly_once_whatever_happens(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    folder = tmp_path_factory.mktemp("log")
    log = folder / "access.log"
    source = FileSource(log, "access.log", is_followed=True)
    kept, seen, written, turned = Position(), list[str](), list[str](), 0

    def read() -> None:
        nonlocal kept
        while (chunk := source.read()) is not None:
            seen.extend(chunk.lines)
            kept = chunk.end

    for step in ["write", "read", *steps, "write", "read", "read"]:
        if step in {"write", "part"}:
            line = f"line {len(written)}"
            written.append(line)
            text = f"{line}\n"
            with log.open("a") as file:
                file.write(text[:4])
                if step == "part" and log.stat().st_size:
                    file.flush()
                    read()
                file.write(text[4:])
        elif step in {"rename", "copy"} and log.exists() and log.stat().st_size:
            turned += 1
            aside = folder / f"access.log.{turned:05}"
            if step == "rename":
                log.rename(aside)
            else:
                shutil.copy(log, aside)
                log.write_text("")
            os.utime(aside, (turned, turned))
        elif step == "restart":
            source.close()
            source = FileSource(log, "access.log", kept, is_followed=True)
        elif step == "read":
            read()
    source.close()
    assert seen == written


@pytest.mark.parametrize(
    ("name", "log"),
    [("access.log", "access.log"), ("access.log.1", "access.log"), ("access.log.12.gz", "access.log"),
     ("access.log-20261130", "access.log"), ("access.log-20261130.xz", "access.log"), ("access.log.gz", "access.log"),
     ("access.log.old", "access.log"), ("access-2026.log", "access-2026.log")],
)  # fmt: skip
def test_the_name_before_it_was_put_aside(name: str, log: str) -> None:
    assert log_name(Path(name)) == log
