"""Findings have ids that stay, and severities that compare."""

from hypothesis import given
from hypothesis import strategies as st

from apiward.core.finding import Severity, finding_id

TEXTS = st.text(st.characters(exclude_categories=()), max_size=12)


def test_the_id_of_a_weakness_never_changes() -> None:
    assert finding_id("OBJ01", "GET /orders/{id}", "path id") == "8b27a10e95"


@given(TEXTS, TEXTS, TEXTS)
def test_any_place_has_an_id_of_ten_hex_digits(check: str, operation: str, place: str) -> None:
    one = finding_id(check, operation, place)
    assert len(one) == 10
    assert int(one, 16) >= 0
    assert one != finding_id(check, operation, place + "x")


def test_severities_compare_and_have_words() -> None:
    assert max(Severity) is Severity.CRITICAL
    assert [severity.word for severity in Severity] == ["note", "low", "medium", "high", "critical"]
