from hypothesis import given
from hypothesis import strategies as st

from apiward.prove.neutral import CUT_MARK, neutral, one_line, shortened


def test_escape_sequences_and_direction_marks_are_written_out() -> None:
    assert neutral("\x1b[2Ja\u202eb\u200b") == "\\x1b[2Ja\\u202eb\\u200b"
    assert neutral("\ud800\U000e0041") == "\\ud800\\U000e0041"


def test_ordinary_text_of_any_language_stays() -> None:
    assert neutral("Grüße, ग्राहक, 顧客 🙂") == "Grüße, ग्राहक, 顧客 🙂"


@given(st.text())
def test_nothing_hidden_is_left(text: str) -> None:
    assert neutral(text).isprintable()
    assert one_line(text).isprintable()
    assert all(ch.isprintable() or ch == "\n" for ch in neutral(text, keep="\n"))


def test_a_cut_is_marked() -> None:
    assert shortened("abcdef", 3) == "abc" + CUT_MARK
    assert shortened("abc", 3) == "abc"
