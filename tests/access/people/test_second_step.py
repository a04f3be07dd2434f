import base64

from apiward.access.people.second_step import address, step_of, step_secret, written
from apiward.core.one_time_codes import STEP_S, code_at

RFC = b"12345678901234567890"
"""The secret of the examples in RFC 6238, appendix B."""


def test_a_code_is_good_for_a_while_and_once() -> None:
    now_s = 1_111_111_111.0
    now = int(now_s) // STEP_S
    assert step_of(RFC, "050471", now_s, after=0) == now, "the code that the standard gives"
    for step in (now - 1, now, now + 1):
        assert step_of(RFC, code_at(RFC, step), now_s, after=0) == step
        assert step_of(RFC, code_at(RFC, step), now_s, after=step) is None
    for step in (now - 2, now + 2):
        assert step_of(RFC, code_at(RFC, step), now_s, after=0) is None
    for text in ("", "12345", "1234567", "äöüäöü", "abcdef"):
        assert step_of(RFC, text, now_s, after=0) is None


def test_the_secret_needs_the_key_and_is_of_one_person() -> None:
    one = step_secret(b"key", "anna", "salt")
    assert len(one) == 20
    assert len({one, step_secret(b"other", "anna", "salt"), step_secret(b"key", "ben", "salt")}) == 3


def test_apps_read_the_secret() -> None:
    assert base64.b32decode(written(RFC).replace(" ", "")) == RFC
    assert address(RFC, "a&b@x").startswith("otpauth://totp/apiward:a%26b%40x?secret=GEZDGNBV")
