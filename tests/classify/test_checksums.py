import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.classify.checksums import luhn_holds, mod97_holds, verhoeff_holds
from apiward.classify.numbers import is_aadhaar, is_iban, is_named_card_number, is_ssn

DIGITS = st.text(alphabet="0123456789", min_size=10, max_size=18)


def _other(digit: str, step: int) -> str:
    return str((int(digit) + step) % 10)


@given(DIGITS, st.data())
def test_luhn_and_verhoeff_take_one_digit_and_see_every_single_change(body: str, data: st.DataObject) -> None:
    for holds in (luhn_holds, verhoeff_holds):
        good = [body + digit for digit in "0123456789" if holds(body + digit)]
        assert len(good) == 1
        at = data.draw(st.integers(0, len(body)))
        changed = _other(good[0][at], data.draw(st.integers(1, 9)))
        assert not holds(good[0][:at] + changed + good[0][at + 1 :])


@given(st.text(alphabet="0123456789", min_size=18, max_size=18), st.data())
def test_mod97_takes_its_check_digits_and_sees_every_single_change(account: str, data: st.DataObject) -> None:
    check = next(f"{n:02}" for n in range(2, 99) if mod97_holds(f"DE{n:02}{account}"))
    iban = f"DE{check}{account}"
    assert is_iban(iban)
    at = data.draw(st.integers(4, 21))
    changed = iban[:at] + _other(iban[at], data.draw(st.integers(1, 9))) + iban[at + 1 :]
    assert not is_iban(changed)


@pytest.mark.parametrize("digits", ["4111111111111111", "6759649826438453", "501800000009"])
def test_named_card_may_be_shorter_or_longer(digits: str) -> None:
    assert is_named_card_number(digits)


@pytest.mark.parametrize("digits", ["", "1", "0000000000000000", "1700000000000000", "4111111111111112"])
def test_not_every_number_is_a_card(digits: str) -> None:
    assert not is_named_card_number(digits)


def test_ssn_and_aadhaar_need_their_length() -> None:
    assert is_ssn("536904399")
    assert not is_ssn("53690439")
    assert not is_aadhaar("")
