import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.guard.conducts.passwords import WeakPasswords

WEAK = WeakPasswords()


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "Password1!",
        "P@ssw0rd",
        "qwerty2024",
        "12345678",
        "87654321",
        "abcdefgh",
        "aaaaaaaa",
        "abababab",
        "asdfghjkl",
        "letmein!!",
        "abcabcabc",
        "abcabcabcabcabcabc",
        "1qaz2wsx",
        "q1w2e3r4",
        "zxcvbnm123",
        "789456123",
        "14021987",
        "jessica1",
        "2024michelle!",
        "Liverpool",
        "ch0colate99",
        "sunflowers",
        "jordanjordan",
        "a123456789",
        "12345678ab",
    ],
)
def test_what_attackers_try_first(password: str) -> None:
    assert WEAK.is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "a-long-Quiet-word",
        "kT9#vLq2xW",
        "tea.moon.bridge7",
        "jessica loves tea",
        "qwerZm4!kt",
        "48291746205",
        "liverpool-to-oslo",
        "sehr guter Apfelstrudel",
        "pl8ghzuw",
    ],
)
def test_what_they_do_not(password: str) -> None:
    assert not WEAK.is_common(password)


def test_names() -> None:
    assert WEAK.holds_name("jo.winter1", ("jo.winter@mail.example",))
    assert WEAK.holds_name("retniw-oj!", ("jo-winter",))
    assert not WEAK.holds_name("winter is long and dark", ("winter",))
    assert not WEAK.holds_name("something else", ("jo", ""))


@given(st.text(max_size=400))
def test_never_raises(password: str) -> None:
    WEAK.is_common(password)
    WEAK.holds_name(password, (password, "a@b"))


def test_it_is_quick_on_what_is_long() -> None:
    assert not WEAK.is_common("xq7 " * 10_000)
    assert WEAK.is_common("qwe" * 10_000)
