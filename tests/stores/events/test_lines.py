import json

from hypothesis import given
from hypothesis import strategies as st

from apiward.stores.events.lines import encode_line
from apiward.stores.events.rows import packed, row_of, unpacked
from tests.stores.events.made import MARKS, REFUSAL, event

_hard_text = st.text(st.characters(exclude_categories=()) | st.sampled_from('\n\r\x1b\x7f\u2028\x85"\\'), max_size=80)


def test_a_line_names_every_field() -> None:
    line = encode_line(row_of(event(1, rulings=(REFUSAL,), at_s=1_800_000_000.25)))
    shown = json.loads(line)
    assert shown["time"] == "2027-01-15T08:00:00.250000Z"
    assert shown["id"] == "00000001"
    assert shown["rulings"] == [
        {
            "rule": "flood.too-many",
            "effect": "deny",
            "applied": True,
            "place": "address",
            "saw": "200 in 10 s",
            "retry_after_s": 3,
        }
    ]
    assert json.loads(encode_line(row_of(event(2))))["rulings"] == []


def test_a_line_shows_marks_as_an_object() -> None:
    assert json.loads(encode_line(row_of(event(1, marks=MARKS))))["marks"] == dict(MARKS)
    assert json.loads(encode_line(row_of(event(2))))["marks"] == {}


@given(_hard_text, _hard_text, st.floats())
def test_no_text_makes_another_line_or_field_or_reaches_the_terminal(path: str, said: str, at_s: float) -> None:
    (row,) = unpacked(packed(event(1, path=path, said=said, at_s=at_s)))
    line = encode_line(row)
    assert all(0x20 <= byte < 0x7F for byte in line[:-1])
    assert line[-1:] == b"\n"
    shown = json.loads(line)
    assert (shown["path"], shown["said"]) == (row[4], row[15])
    assert list(shown)[:3] == ["time", "id", "at_s"]
