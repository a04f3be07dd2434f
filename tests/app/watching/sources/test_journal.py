"""A small program stands for journalctl: it is held against what systemd's manual says of `-o json`."""

import json
import sys
from pathlib import Path

import pytest

from apiward.app.watching.sources.journal import JournalSource
from apiward.app.watching.sources.model import BEGINNING, Position
from apiward.config.errors import AdvisedError

_PROGRAM = """
import json, sys
entries = json.load(open(sys.argv[1]))
after = next((one.split("=", 1)[1] for one in sys.argv if one.startswith("--after-cursor=")), "")
if "--unit=none" in sys.argv:
    sys.exit("No journal files were found.")
for number, entry in enumerate(entries):
    if not after or number > int(after):
        print(json.dumps(entry) if isinstance(entry, dict) else entry, flush=True)
"""


@pytest.fixture
def program(tmp_path: Path) -> list[str]:
    entries = [
        {"__CURSOR": "0", "MESSAGE": "first"},
        {"__CURSOR": "1", "MESSAGE": [115, 101, 255, 99]},
        "no JSON",
        {"MESSAGE": "without a cursor"},
        {"__CURSOR": "4", "MESSAGE": None},
        {"__CURSOR": "5", "MESSAGE": "last"},
    ]
    (tmp_path / "entries.json").write_text(json.dumps(entries))
    (tmp_path / "journal.py").write_text(_PROGRAM)
    return [sys.executable, str(tmp_path / "journal.py"), str(tmp_path / "entries.json")]


def read(program: list[str], position: Position = BEGINNING) -> tuple[list[str], list[str], Position]:
    source = JournalSource("nginx.service", "nginx", position, program=program)
    lines, ids = list[str](), list[str]()
    while not source.is_over:
        chunk = source.read()
        if chunk is not None:
            lines += chunk.lines
            ids += chunk.ids
            position = chunk.end
    source.close()
    return lines, ids, position


def test_messages_with_the_place_to_go_on(program: list[str]) -> None:
    lines, ids, end = read(program)
    assert lines == ["first", "se\\xffc", "last"]
    assert end.cursor == "5"
    again, later, _ = read(program, Position(cursor="1"))
    assert again == ["last"]
    assert later == ids[-1:]
    assert len(set(ids)) == 3


def test_a_journal_that_cannot_be_read_says_why(program: list[str]) -> None:
    source = JournalSource("none", "none", program=program)
    with pytest.raises(AdvisedError, match="No journal files were found"):
        source.read()
    source.close()


@pytest.mark.parametrize("is_followed", [False, True])
def test_one_that_complains_much_does_not_stand_still(tmp_path: Path, *, is_followed: bool) -> None:
    (tmp_path / "complains.py").write_text(
        'import sys\nsys.stderr.write(\'a broken file\\n\' * 50_000)\nprint(\'{"__CURSOR": "0", "MESSAGE": "here"}\')\n'
    )
    command = [sys.executable, str(tmp_path / "complains.py")]
    source = JournalSource("x", "x", is_followed=is_followed, program=command)
    found = list[str]()
    while not source.is_over:
        chunk = source.read()
        found += chunk.lines if chunk is not None else ()
    source.close()
    assert found == ["here"]


def test_where_there_is_no_journal() -> None:
    with pytest.raises(AdvisedError, match="There is no journal here"):
        JournalSource("nginx.service", "nginx", program=["no-such-program-here"])


def test_one_that_is_followed_does_not_wait_and_is_ended(tmp_path: Path) -> None:
    (tmp_path / "waits.py").write_text("import time\ntime.sleep(60)\n")
    source = JournalSource("x", "x", is_followed=True, program=[sys.executable, str(tmp_path / "waits.py")])
    assert source.read() is None
    assert not source.is_over
    source.close()
