"""The time limits: in plain words, each with its law, its source and the day on which it was looked up."""

from dataclasses import replace
from datetime import date

import pytest

from apiward.catalogue.clocks import CERTAINTIES, TEMPLATES, Clock, clock_problems, load_clocks, read_clocks
from apiward.catalogue.loading import CatalogueError

CLOCKS = load_clocks()
GOOD = """
[it]
regime = "It"
duty = "Tell it."
to = "Them"
within = "6h"
starts = "noticed"
data = ["personal"]
template = "people"
law = "A law"
source = "A source"
certainty = "text"
checked_on = 2026-11-30
"""


@pytest.mark.parametrize("name", CLOCKS)
def test_a_limit_is_in_plain_words_and_complete(name: str) -> None:
    assert list(clock_problems(CLOCKS[name])) == []
    assert CLOCKS[name].checked_on >= date(2026, 11, 1)


def test_the_limits_that_must_be_there_are() -> None:
    told = {name: (clock.within, clock.starts) for name, clock in CLOCKS.items()}
    assert told["cert-in"] == ("6h", "noticed")
    assert told["dpdp-board-details"] == ("72h", "noticed")
    assert told["gdpr-authority"] == ("72h", "noticed")
    assert told["hipaa-people"] == ("60d", "noticed")
    assert told["hipaa-authority-small"] == ("60d", "year-end")
    assert told["california-people"] == ("30d", "noticed")
    assert told["california-attorney"] == ("15d", "told")
    assert told["nis2-warning"] == ("24h", "noticed")
    assert told["pci"] == ("at once", "noticed")
    assert {clock.template for clock in CLOCKS.values()} == set(TEMPLATES)
    assert {clock.certainty for clock in CLOCKS.values()} == set(CERTAINTIES)


@pytest.mark.parametrize(
    "change",
    [
        {"duty": "Mitigate the threat."},
        {"ask": "It is so."},
        {"within": "soon"},
        {"starts": "when"},
        {"risk": "odd"},
        {"certainty": "sure"},
        {"template": "poem"},
        {"business_in": ("Mars",)},
        {"data": ("odd",)},
        {"roles": ("odd",)},
        {"least_people": 5, "most_people": 4},
        {"business_in": (), "people_in": (), "data": ()},
    ],
)
def test_what_is_wrong_is_found(change: dict[str, object]) -> None:
    clock: Clock = replace(CLOCKS["gdpr-authority"], **change)  # type: ignore[arg-type] # fields of a clock
    assert list(clock_problems(clock))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "="),
        ('law = "A law"', ""),
        ('law = "A law"', 'law = ""'),
        ('law = "A law"', 'law = "A law"\nmore = 1'),
        ("checked_on = 2026-11-30", 'checked_on = "today"'),
        ('data = ["personal"]', "data = []"),
        ('data = ["personal"]', "least_people = 0"),
        ("[it]", "x = 1\n[it]"),
    ],
)
def test_a_slip_in_the_data_is_an_error_with_its_place(old: str, new: str) -> None:
    assert read_clocks(GOOD)["it"].within == "6h"
    with pytest.raises(CatalogueError, match=r"clocks\.toml"):
        read_clocks(GOOD.replace(old, new, 1))
