import asyncio
from pathlib import Path

from apiward.access.ownership.written_book import as_json, take_in
from apiward.app.guarding.kinds import KINDS, BookKeeper
from tests.access.ownership.test_learned import business

PEPPER = bytes(32)


def keeper(folder: Path) -> BookKeeper:
    made = BookKeeper(folder, PEPPER)
    made.read()
    return made


def test_what_one_worker_has_learned_another_one_reads(tmp_path: Path) -> None:
    first = keeper(tmp_path)
    take_in(first.book, as_json(business().rights.book))
    first.write()
    assert keeper(tmp_path).book.kinds["/notes"].objects == 32


def test_a_file_that_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / KINDS).write_bytes(b"{broken")
    assert keeper(tmp_path).book.kinds == {}


def test_it_is_written_at_the_end(tmp_path: Path) -> None:
    made = keeper(tmp_path)

    async def run() -> None:
        made.follow()
        await made.stop()

    asyncio.run(run())
    assert (tmp_path / KINDS).exists()


def test_a_folder_that_is_gone_is_told_and_raises_nothing(tmp_path: Path) -> None:
    BookKeeper(tmp_path / "gone", PEPPER).write()
