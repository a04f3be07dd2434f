"""Invented people answer for the fields that ask for a person, and for no others."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.scan.identities.personas import Persona, invent
from apiward.scan.ownership import objects

ANN = Persona("wann", "wann@example.com", "Kq7!x", "5550001", "Ann Wann")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("email", "wann@example.com"),
        ("user_email", "wann@example.com"),
        ("emailAddress", "wann@example.com"),
        ("mail", "wann@example.com"),
        ("password", "Kq7!x"),
        ("password2", "Kq7!x"),
        ("confirmPassword", "Kq7!x"),
        ("pwd", "Kq7!x"),
        ("username", "wann"),
        ("user_name", "wann"),
        ("login", "wann"),
        ("nickname", "wann"),
        ("customerUsername", "wann"),
        ("phone", "5550001"),
        ("mobile_number", "5550001"),
        ("firstName", "Ann"),
        ("last_name", "Wann"),
        ("name", "Ann Wann"),
        ("full_name", "Ann Wann"),
    ],
)
def test_what_a_person_enters(name: str, expected: str) -> None:
    assert ANN.value_for(name) == expected


@pytest.mark.parametrize("name", ["", "title", "order_id", "filename", "product", "street", "passenger", "id"])
def test_other_fields_are_not_personal(name: str) -> None:
    assert ANN.value_for(name) is None


@given(st.integers(), st.text(max_size=20))
def test_people_are_repeatable_recognisable_and_answer_any_name(seed: int, name: str) -> None:
    one = invent(random.Random(seed))
    assert one == invent(random.Random(seed))
    assert objects.marks_in(one.handle) == {one.handle}
    assert len(objects.marks_in(one.email) - {one.handle}) == 1
    assert one.password not in repr(one)
    assert len(one.password) >= 12
    one.value_for(name)
