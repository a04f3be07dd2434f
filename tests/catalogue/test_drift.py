import pytest

from apiward.catalogue.drift import load_drift, read_drift
from apiward.catalogue.loading import CatalogueError, load_catalogue
from apiward.core.finding import Severity
from apiward.spec.learning.drift import DriftKind

GOOD = '[a]\ntitle = "T"\nseverity = "low"\ncheck = "INV01"\nmeaning = "M."\nfix = "F."\n'


def test_every_kind_has_words_and_a_check() -> None:
    assert set(load_drift()) == set(DriftKind)
    assert {one.check for one in load_drift().values()} <= set(load_catalogue().checks)


def test_an_entry_is_read() -> None:
    assert read_drift(GOOD)["a"].severity is Severity.LOW


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[a", "no TOML"),
        (GOOD.replace("low", "odd"), "must be one of"),
        (GOOD.replace('"M."', '" "'), "not empty"),
        (GOOD + 'more = "x"\n', "nothing else"),
        ("a = 1", "nothing else"),
    ],
)
def test_what_is_wrong_is_told(text: str, what: str) -> None:
    with pytest.raises(CatalogueError, match=what):
        read_drift(text)
