from hypothesis import given
from hypothesis import strategies as st

from apiward.guard.answers.withholding import HELD, Withholder


def streamed(body: bytes, size: int) -> bytes:
    stream = Withholder(lambda piece: b"Traceback" in piece, b"instead")
    return b"".join([*(stream.feed(body[at : at + size]) for at in range(0, len(body), size)), stream.end()])


def test_what_tells_nothing_goes_on() -> None:
    for body in (b"", b"short", b"x" * (HELD * 2)):
        assert streamed(body, 1_000) == body


def test_what_tells_at_its_beginning_is_replaced() -> None:
    assert streamed(b"Traceback" + b"x" * (HELD * 2), 1_000) == b"instead"
    assert streamed(b"a Traceback", 3) == b"instead"


def test_what_tells_later_ends_there() -> None:
    body = b"x" * (HELD + 2_000) + b"Traceback" + b"secret" * 10_000
    assert set(streamed(body, 777)) <= set(b"xTraceb")
    assert b"secret" not in streamed(body, 777)


@given(st.integers(1, 64), st.integers(0, 3_000))
def test_no_sign_is_missed_between_two_pieces(size: int, at: int) -> None:
    body = b"x" * (HELD + at) + b"Traceback" + b"y" * 2_000
    assert b"Traceback" not in streamed(body, size * 40)
