from pathlib import Path

import pytest

from apiward.stores.events.keeping import Keeper, StoreAwayError
from apiward.stores.events.line_file import LineFile
from tests.stores.events.made import rows, sql


def test_both_stores_keep_and_both_say_the_same_way_that_they_are_away(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    sound: tuple[Keeper, ...] = (sql(tmp_path / "a.sqlite"), LineFile(tmp_path / "a.jsonl"))
    away: tuple[Keeper, ...] = (sql(tmp_path / "file" / "a.sqlite"), LineFile(tmp_path / "file" / "a.jsonl"))
    for keeper in sound:
        assert keeper.add(rows(1)) == ()
    for keeper in away:
        with pytest.raises(StoreAwayError):
            keeper.add(rows(1))
