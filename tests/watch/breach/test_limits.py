"""Which time limits run: told surely where all is known, kept open where it is not, never left out in doubt."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.catalogue.clocks import DATA, RISKS, ROLES, Clock, load_clocks
from apiward.watch.breach.limits import Facts, Running, running

CLOCKS = load_clocks()
NOTICED = datetime(2026, 11, 30, 14, 0, tzinfo=UTC).timestamp()  # a Monday
KNOWN = Facts(NOTICED, business_in=("US",), people_in=("US-CA",), data=(), roles=(), people=10, risk="some")


def _told(facts: Facts) -> dict[str, Running]:
    return {one.clock.name: one for one in running(facts, CLOCKS.values())}


def _sure(facts: Facts) -> set[str]:
    return {name for name, one in _told(facts).items() if one.is_sure}


def _hours(facts: Facts, name: str) -> float:
    until_s = _told(facts)[name].until_s
    assert until_s is not None
    return (until_s - NOTICED) / 3_600


def test_a_shop_in_germany_has_seventy_two_hours() -> None:
    facts = Facts(NOTICED, ("DE",), ("DE", "FR"), ("personal",), (), 40, "some")
    assert _sure(facts) == {"gdpr-authority"}
    assert _hours(facts, "gdpr-authority") == 72
    assert _sure(replace(facts, risk="high")) == {"gdpr-authority", "gdpr-people"}
    assert _sure(replace(facts, risk="none")) == set()
    assert _sure(replace(facts, roles=("processor",))) == {"gdpr-authority", "gdpr-customer"}


def test_a_shop_in_india_has_six_hours_whatever_was_touched() -> None:
    facts = Facts(NOTICED, ("IN",), ("IN",), (), (), 0, "none")
    assert set(_told(facts)) == {"cert-in"}
    assert _hours(facts, "cert-in") == 6
    later = datetime(2027, 6, 1, tzinfo=UTC).timestamp()
    told = _told(replace(facts, noticed_s=later, data=("personal",)))
    assert set(told) == {"cert-in", "dpdp-board", "dpdp-board-details", "dpdp-people"}
    assert told["dpdp-board"].until_s == later
    assert "rbi" in _told(replace(facts, roles=("financial",)))


def test_a_clinic_in_america_has_sixty_days_and_the_number_decides_the_rest() -> None:
    facts = replace(KNOWN, people_in=("US-NV",), data=("health",), roles=("health",), people=499)
    assert _sure(facts) == {"hipaa-people", "hipaa-authority-small"}
    assert _hours(facts, "hipaa-people") == 60 * 24
    small = _told(facts)["hipaa-authority-small"].until_s
    assert small == datetime(2027, 3, 2, tzinfo=UTC).timestamp()
    assert _sure(replace(facts, people=500)) == {"hipaa-people", "hipaa-authority-large"}
    assert "hipaa-media" in _told(replace(facts, people=501))


def test_california_has_thirty_days_and_the_attorney_fifteen_after_the_letter() -> None:
    facts = replace(KNOWN, data=("personal",), people=501)
    assert _hours(facts, "california-people") == 30 * 24
    assert _told(facts)["california-attorney"].until_s is None
    told = replace(facts, told_s=NOTICED + 86_400)
    assert _hours(told, "california-attorney") == 16 * 24
    assert "california-attorney" not in _told(replace(facts, people=500))
    assert "california-people" not in _told(replace(facts, noticed_s=datetime(2025, 12, 31, tzinfo=UTC).timestamp()))


def test_a_country_leaves_its_states_open() -> None:
    one = _told(replace(KNOWN, people_in=("US",), data=("personal",)))["california-people"]
    assert not one.is_sure
    assert "live" in one.questions[0]


def test_cards_are_everywhere_and_working_days_skip_the_weekend() -> None:
    assert _sure(replace(KNOWN, data=("card",))) == {"pci"}
    friday = datetime(2026, 11, 27, 22, tzinfo=UTC).timestamp()
    brazil = _told(Facts(friday, ("BR",), ("BR",), ("personal",), (), 1, "some"))["brazil"]
    assert brazil.until_s == datetime(2026, 12, 2, 23, 59, 59, tzinfo=UTC).timestamp()


def test_what_is_said_to_be_europe_is_and_what_follows_a_judgement_waits() -> None:
    assert "gdpr-authority" in _sure(Facts(NOTICED, ("EU",), (), ("financial",), (), 1, "some"))
    facts = Facts(NOTICED, ("SG",), (), ("personal",), (), 1, "some")
    assert _told(facts)["singapore"].until_s is None
    assert _told(replace(facts, judged_s=NOTICED))["singapore"].until_s == NOTICED + 3 * 86_400


def test_the_nearest_comes_first_and_what_has_no_end_yet_last() -> None:
    told = running(Facts(NOTICED), CLOCKS.values())
    ends = [one.until_s for one in told if one.until_s is not None]
    assert ends == sorted(ends)
    assert [one.until_s is None for one in told] == sorted(one.until_s is None for one in told)


def test_where_nothing_is_known_everything_is_open() -> None:
    told = _told(Facts(NOTICED))
    assert set(told) == {name for name in CLOCKS if not name.startswith("dpdp")}
    assert all(one.questions for one in told.values())


PLACES = st.lists(st.sampled_from(["IN", "DE", "GB", "US", "US-CA", "BR", "EU", "JP"]), max_size=3).map(tuple)
FACTS = st.builds(
    Facts,
    noticed_s=st.floats(NOTICED, NOTICED + 4e7),
    business_in=st.none() | PLACES,
    people_in=st.none() | PLACES,
    data=st.none() | st.lists(st.sampled_from(DATA), max_size=2).map(tuple),
    roles=st.none() | st.lists(st.sampled_from(ROLES), max_size=2).map(tuple),
    people=st.none() | st.integers(0, 2_000),
    risk=st.none() | st.sampled_from(RISKS),
)


@given(FACTS, st.sampled_from(["business_in", "people_in", "data", "roles", "people", "risk"]))
def test_to_know_less_never_hides_a_limit(facts: Facts, name: str) -> None:
    told = _told(facts)
    less = _told(replace(facts, **{name: None}))  # type: ignore[arg-type] # each of them may be None
    assert set(told) <= set(less)
    assert {name for name, one in less.items() if one.is_sure} <= {name for name, one in told.items() if one.is_sure}


@pytest.mark.parametrize("clock", CLOCKS.values(), ids=lambda clock: clock.name)
def test_every_limit_can_run_and_can_be_ruled_out(clock: Clock) -> None:
    name = clock.name
    at_s = datetime(2027, 6, 1, tzinfo=UTC).timestamp()
    places = ("IN", "DE", "GB", "US", "US-CA", "US-NY", "KR", "SG", "AU", "BR")
    full = Facts(at_s, places, places, DATA, ROLES, 501, "high", at_s, at_s)
    assert name in _told(full) or name in _told(replace(full, people=10))
    assert name not in _told(Facts(at_s, ("JP",), ("JP",), (), (), 0, "none", at_s, at_s))
