from datetime import date

import pytest

from apiward.catalogue.loading import CatalogueError
from apiward.catalogue.prose import Manner, prose_problems
from apiward.catalogue.retention import KINDS, load_retention, read_retention

GOOD = "".join(
    f'[{name}]\ntitle="T"\ndays=3\nwhy="W."\nlaw="L."\nlonger="M."\nsource="S"\nchecked_on=2026-11-30\n'
    for name in KINDS
)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_time_a_reason_and_a_source_that_was_looked_up(kind: str) -> None:
    entry = load_retention()[kind]
    assert 1 <= entry.days <= 3_650
    assert entry.checked_on >= date(2026, 1, 1)
    for text in (entry.why, entry.law, entry.longer):
        assert list(prose_problems(text, Manner(300))) == []
    assert list(prose_problems(entry.title, Manner(70, is_sentence=False))) == []


def test_audit_history_is_kept_for_a_year_at_least() -> None:
    assert load_retention()["audit"].days >= 365


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("x = [", "no TOML"),
        ("", "must have the tables"),
        (GOOD.replace("[audit]", "[other]"), "must have the tables"),
        (GOOD.replace("days=3", "days=0", 1), "days: missing"),
        (GOOD.replace("days=3", 'days="3"', 1), "days: missing"),
        (GOOD.replace("checked_on=2026-11-30", "", 1), "checked_on: missing"),
        (GOOD.replace("days=3", "days=3\nmore=1", 1), "more: unknown"),
    ],
)
def test_a_slip_is_told_with_its_place(text: str, word: str) -> None:
    assert read_retention(GOOD)["audit"].days == 3
    with pytest.raises(CatalogueError, match=word):
        read_retention(text)
