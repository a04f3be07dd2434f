import pytest

from apiward.inspection.model import Profile
from apiward.inspection.profiles import profile_of


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x", "Please leave the parcel with the neighbour at number twelve"),
        ("note", "Please ring the bell twice"),
        ("x", "Bitte klingeln Sie beim Nachbarn, wenn niemand zu Hause ist"),
    ],
)
def test_prose(name: str, text: str) -> None:
    assert profile_of(name, text) is Profile.PROSE


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x", "Please ring the bell twice"),
        ("note", "Thank you"),
        ("x", "a"),
        ("note", "1' or 1=1 -- and 2=2 union select 1,2,3,4,5,6,7"),
        ("x", "{{a}} <b> $(c) [d] {e} (f) <g> ((h)) $(words) {{more}} <words> [here]"),
    ],
)
def test_value(name: str, text: str) -> None:
    assert profile_of(name, text) is Profile.VALUE


@pytest.mark.parametrize(("name", "text"), [("password", "]|8-`'2kt0"), ("new_passwd", "x")])
def test_secret(name: str, text: str) -> None:
    assert profile_of(name, text) is Profile.SECRET


@pytest.mark.parametrize(("name", "text"), [("password", ""), ("password", "a b"), ("user", "x")])
def test_no_secret(name: str, text: str) -> None:
    assert profile_of(name, text) is Profile.VALUE
