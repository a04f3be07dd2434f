import re
from importlib import resources

import pytest

from apiward.catalogue.counting import counted, filled

TEXT = "{count:request belongs|requests belong} to {who}."


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 requests belong to it."),
        (1, "1 request belongs to it."),
        ("1", "1 request belongs to it."),
        (2, "2 requests belong to it."),
        ("100000", "100,000 requests belong to it."),
        ("?", "? requests belong to it."),
        ("1.0", "1.0 requests belong to it."),
    ],
)
def test_the_word_fits_the_number(count: object, said: str) -> None:
    assert filled(TEXT, {"count": count, "who": "it"}) == said


def test_what_is_filled_in_is_never_read_as_a_place() -> None:
    assert filled("{who}", {"who": "{count:a|b} {0.__class__}"}) == "{count:a|b} {0.__class__}"


def test_a_number_has_the_word_that_fits_it() -> None:
    assert [counted(number, "day", "days") for number in (0, 1, 7_000)] == ["0 days", "1 day", "7,000 days"]


def test_no_text_of_the_catalogue_leaves_the_plural_to_its_reader() -> None:
    folder = resources.files("apiward.catalogue")
    files = [*folder.iterdir(), *(folder / "detections").iterdir(), *(folder / "playbooks").iterdir()]
    texts = {file.name: file.read_text("utf-8") for file in files if file.name.endswith(".toml")}
    assert len(texts) > 20
    assert not {name: found for name, text in texts.items() if (found := re.findall(r"\w+\((?:e?s)\)", text))}
