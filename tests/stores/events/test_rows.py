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
