import random
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.scan.proofs import sql_probes

TEXTS = st.text(alphabet=st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=12)


@given(value=TEXTS, seed=st.integers(0, 1000))
def test_texts_for_writing_never_widen(value: str, seed: int) -> None:
    for pair in sql_probes.meaning_pairs(value, random.Random(seed), reads=False):
        for text in (pair.same, pair.other):
            rest = text.replace(value, "")
            assert not any(mark in rest for mark in (" OR ", "||", "--", "'+'", "#", ";"))


@given(value=TEXTS, seed=st.integers(0, 1000))
def test_both_texts_of_a_pair_differ_from_the_value(value: str, seed: int) -> None:
    for pair in sql_probes.meaning_pairs(value, random.Random(seed), reads=True):
        assert len({value, pair.same, pair.other}) == 3


@given(number=st.integers(0, 10**9), seed=st.integers(0, 1000))
def test_the_other_sum_is_no_row(number: int, seed: int) -> None:
    pair = next(sql_probes.meaning_pairs(str(number), random.Random(seed), reads=False))
    database = sqlite3.connect(":memory:")
    same, other = (database.execute(f"SELECT {text}").fetchone()[0] for text in (pair.same, pair.other))
    database.close()
    assert same == number
    assert other < 0


def test_a_union_shows_its_mark() -> None:
    attack, harmless, mark = sql_probes.union_texts("9", 2, random.Random(1))
    database = sqlite3.connect(":memory:")
    assert database.execute(f"SELECT 1, 2 WHERE 1 = {attack}").fetchall() == [(mark, mark)]
    database.close()
    assert mark not in attack
    assert mark not in harmless


@pytest.mark.parametrize("delay", sql_probes.DELAYS, ids=lambda delay: delay.dialect)
def test_a_delay_keeps_the_value_in_front(delay: sql_probes.Delay) -> None:
    assert delay.after("olivia", 1.0).startswith("olivia'")
    assert "{load}" not in delay.after("olivia", 1.0)


def test_counting_adds_nothing_to_the_value() -> None:
    text = sql_probes.DELAYS[0].after("olivia", 0.001)
    database = sqlite3.connect(":memory:")
    assert database.execute(f"SELECT '{text}'").fetchone() == ("olivia",)
    database.close()
