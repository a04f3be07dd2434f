import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.access.ownership.texts import canonical, shape_of, text_of


@pytest.mark.parametrize("text", ["7", "007", "+7", "7.0", " 7 ", "\u0667"])
def test_one_id_has_one_form(text: str) -> None:
    assert canonical(text) == "7"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("ABC-1", "abc-1"),
        ("{6F9619FF-8B86-D011-B42D-00CF4FC964FF}", "6f9619ff-8b86-d011-b42d-00cf4fc964ff"),
        ("urn:uuid:6f9619ff-8b86-d011-b42d-00cf4fc964ff", "6f9619ff-8b86-d011-b42d-00cf4fc964ff"),
        ("7.5", "7.5"),
        ("0", "0"),
        ("", ""),
    ],
)
def test_other_forms(text: str, form: str) -> None:
    assert canonical(text) == form


@pytest.mark.parametrize(
    ("value", "text"),
    [(7, "7"), (7.0, "7"), ("A", "a"), (True, ""), (None, ""), (7.5, ""), ([1], ""), (float("inf"), "")],
)
def test_scalars_are_what_they_would_be_in_a_path(value: object, text: str) -> None:
    assert text_of(value) == text  # type: ignore[arg-type] # any JSON


@given(st.text(max_size=300))
def test_a_form_stays_what_it_is(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once or not text.isascii() or "{" in text or "urn" in text.lower() or "}" in text


def test_names_of_one_kind() -> None:
    assert [shape_of(one) for one in ("17", "a@b.test", "6f9619ff-8b86-d011-b42d-00cf4fc964ff", "anna")] == [
        "number",
        "address",
        "uuid",
        "text",
    ]
