import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.classify.fields import classify_json, kinds_of_field
from apiward.classify.kinds import Kind
from apiward.core.jsonvalue import Json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["password", "value", "name", "x", ""]), inner),
    max_leaves=20,
)


def _kinds(value: Json) -> set[Kind]:
    return {found.kind for found in classify_json(value)}


@pytest.mark.parametrize("value", ["pass1", "hunter2", "correct horse battery staple", "p", "secret123", "12345"])
def test_password_counts(value: str) -> None:
    found = classify_json({"users": [{"password": value}]})
    assert [(f.pointer, f.name, f.kind, f.text) for f in found] == [
        (("users", 0, "password"), "password", Kind.PASSWORD, value)
    ]


@pytest.mark.parametrize("value", [
    "", " ", "***", "********", "p***d", "[redacted]", "<hidden>", "string", "null", None, True, False, "xxxxxx", "•••",
    "…(8+)", "{{password}}", "YOUR_CLIENT_KEY_1", "your_password", "Ab02...", "This field is required.",
    "must be at least 8 characters", [], {},
])  # fmt: skip
def test_masked_or_empty_password_does_not(value: Json) -> None:
    assert _kinds({"password": value}) == set()


def test_error_reports_are_no_leak() -> None:
    assert _kinds({"errors": {"password": ["Too short"], "token": "bad"}}) == set()
    assert _kinds({"data": {"password": "Too short"}}) == {Kind.PASSWORD}


@pytest.mark.parametrize(("name", "value", "kind"), [
    ("password", "5f4dcc3b5aa765d61d8327deb882cf99", Kind.PASSWORD_HASH), ("access_token", "a1b2c3d4e5f6", Kind.TOKEN),
    ("secret", "secret for bookTitle1", Kind.SECRET), ("otp", 123456, Kind.SECRET), ("cvv", "123", Kind.CARD_NUMBER),
    ("phone", "5551234567", Kind.PHONE), ("phone", 5551234567, Kind.PHONE), ("ssn", "536904399", Kind.SSN),
    ("firstName", "Ann", Kind.NAME), ("street", "12 High Street", Kind.ADDRESS), ("dob", "1990-02-01", Kind.BIRTH_DATE),
    ("geburtsdatum", "01.02.1990", Kind.BIRTH_DATE), ("lat", 52.5163, Kind.GEO), ("allergies", "peanuts", Kind.HEALTH),
    ("notes", "Has asthma, takes insulin daily", Kind.HEALTH), ("aadhaar", "234567890124", Kind.AADHAAR),
    ("pan", "ABCPK1234L", Kind.PAN), ("pan", "4111111111111111", Kind.CARD_NUMBER), ("id", 7, Kind.IDENTIFIER),
    ("number", 4111111111111111, Kind.CARD_NUMBER), ("vpa", "me@newbank", Kind.UPI),
    ("cpf", "111.444.777-35", Kind.SSN),
    ("contact", "write to a@b.io", Kind.EMAIL), ("clientIp", "10.1.2.3", Kind.IP_ADDRESS),
])  # fmt: skip
def test_name_and_value_together(name: str, value: Json, kind: Kind) -> None:
    assert kind in _kinds({name: value})


@pytest.mark.parametrize(("name", "value"), [
    ("access_token", "required"), ("session", "morning yoga"), ("token", "https://x.test/t"), ("phone", "call us"),
    ("phone", True), ("cvv", "M"), ("dob", "unknown"), ("iban", "yes"), ("lat", 3), ("long", "a long story"),
    ("version", "1.2.3.4"), ("created", 1700000000000), ("order_number", "234567890124"), ("amount", 536904399),
    ("notes", "Bring a towel and some water"), ("summary", "insulin"), ("barcode", "5901234123457"),
    ("pan", "no stick"),
    ("email", "none"), ("allergies", "none"), ("address", "https://x.test"), ("full_name", "org/repo"),
    ("size", 10**30), ("name", "Blue shirt"),
])  # fmt: skip
def test_look_alike_fields(name: str, value: Json) -> None:
    assert _kinds({name: value}) == set()


def test_an_id_that_looks_like_a_card_is_an_id() -> None:
    assert _kinds({"order_id": "4111111111111111"}) == {Kind.IDENTIFIER}


def test_lists_and_pairs_give_their_name() -> None:
    assert _kinds({"passwords": ["hunter2"]}) == {Kind.PASSWORD}
    assert _kinds({"fields": [{"name": "password", "value": "hunter2"}]}) == {Kind.PASSWORD}
    assert _kinds({"value": "hunter2"}) == set()


def test_raw_text_is_not_in_the_repr() -> None:
    assert "hunter2" not in repr(classify_json({"password": "hunter2"}))


@given(JSON)
def test_any_json_is_taken(value: Json) -> None:
    assert classify_json(value) == classify_json(value)


@given(st.text(), st.text())
def test_any_field_is_taken(name: str, text: str) -> None:
    kinds_of_field(name, text)


def test_depth_and_size_are_bounded() -> None:
    deep: Json = "a@b.io"
    for _ in range(500):
        deep = [deep]
    assert classify_json(deep) == ()
    wide: Json = json.loads("[" + '"a@b.io",' * 30_000 + '""]')
    assert len(classify_json(wide)) < 20_001
