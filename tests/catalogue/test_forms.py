"""What a value must be is tested before it is used, and used values are frozen."""

import pytest

from apiward.catalogue.forms import HOURS, LEVEL, NUMBERS, TEXT, TEXTS, fits, shaped
from apiward.core.finding import Severity


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        (TEXT, "a", ""),
        (TEXTS, [], [1]),
        (NUMBERS, [89], [True]),
        (HOURS, [0.5, 2], [1, 2, 3]),
        (LEVEL, "note", "NOTE"),
    ],
)
def test_a_form_tells_good_from_bad(form: str, good: object, bad: object) -> None:
    assert fits(good, form)
    assert not fits(bad, form)
    assert not fits(None, form)


def test_values_are_frozen() -> None:
    assert shaped(["a"], TEXTS) == ("a",)
    assert shaped([1, 2.5], HOURS) == (1.0, 2.5)
    assert shaped("low", LEVEL) is Severity.LOW
    assert shaped("low", TEXT) == "low"
