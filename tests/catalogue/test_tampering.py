import pytest

from apiward.catalogue.loading import CatalogueError
from apiward.catalogue.prose import Manner, prose_problems
from apiward.catalogue.tampering import FLAWS, load_tampering, read_tampering
from apiward.stores.record.verifying import FlawKind

GOOD = "".join(f'[{name}]\ntitle="T"\nwhat="W."\ndo="D."\n' for name in FLAWS)


def test_each_kind_that_is_found_has_words() -> None:
    assert tuple(FLAWS) == tuple(kind.value for kind in FlawKind)
    assert tuple(load_tampering()) == FLAWS


@pytest.mark.parametrize("kind", FLAWS)
def test_the_words_are_plain(kind: str) -> None:
    entry = load_tampering()[kind]
    assert list(prose_problems(entry.title, Manner(30, is_sentence=False))) == []
    for text in (entry.what, entry.do):
        assert list(prose_problems(text, Manner(200))) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("x = [", "no TOML"),
        (GOOD.replace("[early]", "[late]"), "must have the tables"),
        (GOOD.replace('do="D."', "", 1), "edited: must have texts"),
        (GOOD.replace('do="D."', "do=1", 1), "edited: must have texts"),
    ],
)
def test_a_slip_is_told_with_its_place(text: str, word: str) -> None:
    assert read_tampering(GOOD)["edited"].title == "T"
    with pytest.raises(CatalogueError, match=word):
        read_tampering(text)
