import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.cli.moments import moment_of, shown
from apiward.config.errors import AdvisedError

NOW_S = 1_800_000_000.0


@pytest.mark.parametrize(
    ("typed", "at_s"),
    [
        ("2027-01-15", 1_799_971_200.0),
        ("2027-01-15T08:00", NOW_S),
        ("2027-01-15 08:00:00", NOW_S),
        ("2027-01-15T08:00:00Z", NOW_S),
        ("2027-01-15T09:00:00+01:00", NOW_S),
        ("30m", NOW_S - 1_800),
        (" 24h ", NOW_S - 86_400),
        ("7d", NOW_S - 604_800),
    ],
)
def test_times_are_read_as_people_type_them(typed: str, at_s: float) -> None:
    assert moment_of(typed, "--since", NOW_S) == at_s


@pytest.mark.parametrize("typed", ["", "soon", "7w", "2027-13-01", "9999999d", "-1h"])
def test_what_is_no_time_is_said(typed: str) -> None:
    with pytest.raises(AdvisedError, match=r"--since .* is no time"):
        moment_of(typed, "--since", NOW_S)


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(typed: str) -> None:
    try:
        assert isinstance(moment_of(typed, "--since", NOW_S), float)
    except AdvisedError:
        return


@given(st.floats(allow_nan=False))
def test_every_time_can_be_shown(at_s: float) -> None:
    assert len(shown(at_s)) == 19
