import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.access.people.passwords import LEAST, MOST, Lack, lack_of


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "grün Kamel orbit teapot",
        "Xq7#vT9!mZ2@pL5w",
        "我的狗喜欢在雨里跑来跑去吃苹果糖",
        "dieKatzeSchläftAufDemKlavier",
    ],
)
def test_long_ones_of_ones_own_are_taken(password: str) -> None:
    assert lack_of(password, ("apiward", "anna", "Annas Blumenladen")) is None


@pytest.mark.parametrize(
    ("password", "lack"),
    [
        ("Xq7#vT9!mZ2@", Lack.SHORT),
        ("x" * (LEAST - 1), Lack.SHORT),
        ("x" * (MOST + 1), Lack.LONG),
        ("aaaaaaaaaaaaaaaaaaaa", Lack.COMMON),
        ("abcabcabcabcabcabcabc", Lack.COMMON),
        ("passwordpassword1", Lack.COMMON),
        ("Password123456789", Lack.COMMON),
        ("1234567890123456789", Lack.COMMON),
        ("abcdefghijklmnopqrst", Lack.COMMON),
        ("qwertyuiopasdfghjkl", Lack.COMMON),
        ("annas-blumenladen-1", Lack.COMMON),
        ("apiwardapiward2026", Lack.COMMON),
    ],
)
def test_short_and_common_ones_are_not(password: str, lack: Lack) -> None:
    assert lack_of(password, ("apiward", "anna", "Annas Blumenladen")) is lack


def test_one_that_was_stolen_elsewhere_is_not() -> None:
    stolen = "correct horse battery staple"
    assert lack_of(stolen, stolen={stolen}) is Lack.STOLEN
    assert lack_of(f"{stolen} x", stolen={stolen}) is None


@given(st.text(max_size=300))
def test_every_text_has_an_answer(password: str) -> None:
    lack = lack_of(password, (password,))
    assert (lack is Lack.SHORT) == (len(password) < LEAST)
    assert (lack is Lack.LONG) == (len(password) > MOST)
