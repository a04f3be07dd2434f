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
    ],
)
def test_what_attackers_try_first(password: str) -> None:
    assert WEAK.is_common(password)


@pytest.mark.parametrize("password", ["correct horse battery", "a-long-Quiet-word", "kT9#vLq2xW", "tea.moon.bridge7"])
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
