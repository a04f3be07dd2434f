from dataclasses import replace

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.decision import Decision, Edit, Effect, Ruling
from apiward.core.event import Event
from apiward.stores.events.rows import (
    COLUMNS,
    MAX_CUT_RECORD,
    MAX_MARKS,
    MAX_RECORD,
    MAX_RULINGS,
    event_of,
    packed,
    row_of,
    rows_of,
    unpacked,
)
from tests.stores.events.made import MARKS, PLAIN, REFUSAL, SEEN, event

_texts = st.text(max_size=50)
_any_text = st.text(st.characters(exclude_categories=()), max_size=600)
_floats = st.floats(allow_nan=False, allow_infinity=False)
_decisions = st.builds(
    Decision,
    rule=_any_text,
    effect=st.sampled_from(Effect),
    place=_any_text,
    saw=_any_text,
    retry_after_s=st.none() | st.integers(),
    delay_s=_floats,
)
_events = st.builds(
    Event,
    id=_any_text,
    at_s=st.floats(),
    method=_any_text,
    operation=_any_text,
    path=_any_text,
    status=st.integers(),
    outcome=_any_text,
    client=_any_text,
    principal=_any_text,
    rulings=st.lists(st.builds(Ruling, _decisions, st.booleans()), max_size=40).map(tuple),
    own_s=st.floats(),
    elapsed_s=st.floats(),
    request_size=st.integers(),
    answer_size=st.integers(),
    kind=_any_text,
    said=_any_text,
    marks=st.lists(st.tuples(_any_text, _any_text), max_size=40).map(tuple),
)


def test_an_event_comes_back_as_it_was() -> None:
    given_event = event(
        1, rulings=(REFUSAL, SEEN), outcome="refused", status=429, said="slow down", kind="guard", marks=MARKS
    )
    assert event_of(unpacked(packed(given_event))[0]) == given_event


def test_a_row_has_one_cell_for_each_field_of_an_event() -> None:
    assert Event.__match_args__ == COLUMNS
    assert len(row_of(PLAIN)) == len(COLUMNS)


def test_an_event_without_marks_has_an_empty_cell_for_them() -> None:
    assert row_of(PLAIN)[-1] == ""
    assert event_of(row_of(PLAIN)).marks == ()


def test_a_long_mark_is_cut_and_a_nul_in_it_is_shown_as_a_sign() -> None:
    back = event_of(unpacked(packed(event(marks=(("agent", "a\0b"), ("session", "s" * 9_000)))))[0])
    assert back.marks[0] == ("agent", "a␀b")
    assert back.marks[1] == ("session", "s" * 99 + "…")


def test_headers_and_edits_are_not_kept() -> None:
    decision = Decision("conceal.trace", Effect.EDIT, headers=((b"x-a", b"hunter2"),), edit=Edit(body=b"hunter2"))
    assert b"hunter2" not in packed(event(rulings=(Ruling(decision, is_applied=True),)))


@given(_events)
def test_whatever_is_in_an_event_its_record_is_one_bounded_readable_line(given_event: Event) -> None:
    record = packed(given_event)
    assert len(record) < MAX_CUT_RECORD
    assert record.count(b"\n") == 1
    assert record.endswith(b"\n")
    assert b"\0" not in record
    back = event_of(unpacked(record)[0])
    assert len(back.rulings) <= MAX_RULINGS
    assert len(back.marks) <= MAX_MARKS
    assert event_of(row_of(back)) == back


def test_long_texts_are_cut_only_where_the_record_is_long() -> None:
    assert event_of(unpacked(packed(event(said="x" * 2_000)))[0]).said == "x" * 2_000
    record = packed(event(said="x" * 9_000, principal="p" * 9_000))
    assert len(record) < MAX_RECORD
    assert event_of(unpacked(record)[0]).said.endswith("x…")


def test_a_lone_surrogate_is_shown_escaped() -> None:
    assert event_of(unpacked(packed(event(said="a\udcffb")))[0]).said == "a\\udcffb"


def test_a_nul_in_a_ruling_is_shown_as_a_sign() -> None:
    ruling = replace(REFUSAL, decision=replace(REFUSAL.decision, place="a\0b"))
    assert event_of(row_of(event(rulings=(ruling,)))).rulings[0].decision.place == "a␀b"


def test_a_damaged_record_is_no_row() -> None:
    with pytest.raises(orjson.JSONDecodeError):
        unpacked(packed(PLAIN)[:-20] + b"\n")


def test_the_path_of_a_described_operation_stays_and_another_is_masked() -> None:
    secret = "/reset/8f7d6a5b4c3e2f1a0b9c8d7e"
    assert row_of(event(path=secret, operation=""))[4] == "/reset/…(20+)"
    assert row_of(event(path=secret))[4] == secret


_short = st.text("ab/1?}{,'", max_size=9)
_usual_events = st.builds(
    Event,
    id=_short,
    at_s=_floats,
    method=_short,
    operation=_short,
    path=_short,
    status=st.integers(0, 999),
    outcome=_short,
    client=_short,
    principal=_short,
    rulings=st.just(()) | st.just((REFUSAL, SEEN)),
    own_s=_floats,
    elapsed_s=_floats,
    request_size=st.integers(0, 9_000),
    answer_size=st.integers(0, 9_000),
    kind=st.just("request"),
    said=_short,
    marks=st.lists(st.tuples(_short, _short), max_size=4).map(tuple),
)


@given(st.lists(_usual_events, max_size=5))
def test_rows_that_are_made_together_are_those_that_are_made_one_by_one(events: list[Event]) -> None:
    assert [list(row) for row in rows_of(events)] == [row_of(one) for one in events]


@given(st.lists(_usual_events | _events, max_size=2))
def test_whatever_the_events_their_rows_can_be_stored_and_are_those_of_the_spool(events: list[Event]) -> None:
    rows = rows_of(events)

    assert len(rows) == len(events)
    for row, one in zip(rows, events, strict=True):
        text = "".join(cell for cell in row if isinstance(cell, str))
        assert text.isprintable() or text.encode().count(0) == 0
        spooled = unpacked(packed(one))[0]
        assert list(row) == [cell.replace("\0", "␀") if isinstance(cell, str) else cell for cell in spooled] or (
            text.isascii() and list(row) == row_of(one)
        )


@pytest.mark.parametrize("mark", ["},{", "{}", "", "\0", '"},{"'])
def test_a_mark_that_looks_like_the_cut_between_two_events_stays_whole(mark: str) -> None:
    given_events = [event(number, marks=(("agent", mark), ("tenant", str(number)))) for number in range(3)]

    assert [event_of(row).marks for row in rows_of(given_events)] == [
        (("agent", mark.replace("\0", "␀")), ("tenant", str(number))) for number in range(3)
    ]


def test_many_events_of_which_one_is_long_are_rows_in_their_order() -> None:
    given_events = [event(number, said="x" * (9_000 if number == 250 else 9)) for number in range(450)]

    rows = rows_of(given_events)

    assert [row[0] for row in rows] == [one.id for one in given_events]
    assert [len(str(row[COLUMNS.index("said")])) > 9 for row in rows] == [number == 250 for number in range(450)]
    assert len(str(rows[250][COLUMNS.index("said")])) < 9_000


def test_no_events_are_no_rows() -> None:
    assert rows_of([]) == []
