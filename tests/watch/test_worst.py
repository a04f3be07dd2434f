from hypothesis import given
from hypothesis import strategies as st

from apiward.watch.worst import may_be_worse, worst_facts

WORST = (("objects", "3"), ("given", "given out"))


def test_what_is_as_bad_takes_the_place_of_what_was_known() -> None:
    more = {"objects": "4", "given": "refused"}
    assert worst_facts(WORST, more.items(), is_as_bad=True) == more
    assert worst_facts(WORST, (("accounts", "1"),), is_as_bad=True) == {"accounts": "1"}


def test_an_attack_that_ebbs_away_is_told_with_the_numbers_of_its_worst_moment() -> None:
    peak = {"failed": "199", "addresses": "197"}
    assert worst_facts(peak.items(), (("failed", "41"), ("addresses", "23")), is_as_bad=True) == peak
    mixed = {"failed": "41", "addresses": "300"}
    assert worst_facts(peak.items(), mixed.items(), is_as_bad=True) == mixed


def test_what_is_less_bad_changes_no_words_and_lets_numbers_only_grow() -> None:
    milder = (("objects", "57"), ("given", "refused"), ("more", "1"))
    assert worst_facts(WORST, milder, is_as_bad=False) == {"objects": "57", "given": "given out"}
    assert worst_facts(WORST, (("objects", "2"), ("given", "9")), is_as_bad=False) == dict(WORST)
    assert worst_facts(WORST, (("objects", "9" * 5_000),), is_as_bad=False) == dict(WORST)


_VALUES = st.sampled_from(("0", "1", "9", "10", "41", "199", "refused", "given out", "1.5", "unknown"))
_FACTS = st.dictionaries(st.sampled_from(("accounts", "failed", "given")), _VALUES)


@given(before=_FACTS, now=_FACTS)
def test_the_short_way_comes_to_the_same(before: dict[str, str], now: dict[str, str]) -> None:
    if may_be_worse([*before.items()], [*now.items()]):
        assert worst_facts(before.items(), now.items(), is_as_bad=True) == now
