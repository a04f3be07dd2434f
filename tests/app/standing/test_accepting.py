from datetime import date
from pathlib import Path

import pytest

from apiward.app.guarding.place import Place
from apiward.app.standing.accepting import USUAL, accepted_file, read_accepted
from apiward.config.errors import AdvisedError
from apiward.prove.baseline import Accepted, Baseline, dumped

ENTRY = Accepted("0123456789", "OBJ01", "GET /a", "It is old.", date(2026, 1, 1), date(2027, 1, 1))


def placed(folder: Path, settings: str | None = None) -> Place:
    file = folder / "apiward.toml"
    if settings is not None:
        file.write_text(settings)
    return Place(file if settings is not None else None, folder, folder / ".apiward")


def test_without_a_file_nothing_is_accepted(tmp_path: Path) -> None:
    assert read_accepted(placed(tmp_path)) == Baseline()
    (tmp_path / USUAL).write_text(dumped(Baseline((ENTRY,))))
    assert read_accepted(placed(tmp_path)).accepted == (ENTRY,)


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ('[scan]\nbaseline = "lived-with.json"', "lived-with.json"),
        ("[scan]\nbaseline = 3", USUAL),
        ("scan = 3", USUAL),
        ("", USUAL),
        ("[", USUAL),
    ],
)
def test_the_settings_may_name_another_file(tmp_path: Path, settings: str, name: str) -> None:
    assert accepted_file(placed(tmp_path, settings)) == tmp_path / name


@pytest.mark.parametrize("text", [b"{", b"\xff", b'{"schema":"x"}', b" " * 1_048_577])
def test_a_file_that_cannot_be_used_is_told(tmp_path: Path, text: bytes) -> None:
    (tmp_path / USUAL).write_bytes(text)
    with pytest.raises(AdvisedError, match="What is accepted cannot be read"):
        read_accepted(placed(tmp_path))


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / USUAL).mkdir()
    with pytest.raises(AdvisedError, match="What is accepted cannot be read"):
        read_accepted(placed(tmp_path))
