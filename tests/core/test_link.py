import pytest

from apiward.core.link import Link


def test_a_link_is_a_value() -> None:
    link = Link("role-then-staff", "a" * 10, "", "GET /a", "It was served.")
    assert link == Link("role-then-staff", "a" * 10, "", "GET /a", "It was served.", None)
    with pytest.raises(AttributeError):
        link.story = "x"  # type: ignore[misc] # that is the test
