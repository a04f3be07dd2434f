import pytest

from apiward.core.person import Person, Role, name_of


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (" Anna ", "anna"),
        ("anna@example.com", "anna@example.com"),
        ("a", "a"),
        ("", ""),
        ("-anna", ""),
        ("an na", ""),
        ("anna\n", "anna"),
        ("\u0430nna", ""),  # begins with a letter of another alphabet that looks the same
        ("x" * 65, ""),
    ],
)
def test_a_name_has_one_spelling(text: str, name: str) -> None:
    assert name_of(text) == name


def test_a_viewer_only_looks() -> None:
    assert [role.may_act for role in Role] == [True, True, False]
    assert Person("1", "anna", Role.OWNER, 0.0).by == "person:anna"
