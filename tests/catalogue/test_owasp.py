"""The map between the two editions is whole."""

from apiward.catalogue.owasp import OWASP_2019_TO_2023, OWASP_2023


def test_every_entry_of_2019_has_a_place_or_none_in_2023() -> None:
    assert list(OWASP_2019_TO_2023) == [f"API{number}:2019" for number in range(1, 11)]
    assert {later for later in OWASP_2019_TO_2023.values() if later} <= OWASP_2023


def test_what_is_new_in_2023_came_from_nowhere() -> None:
    assert OWASP_2023 - set(OWASP_2019_TO_2023.values()) == {"API6:2023", "API7:2023", "API10:2023"}
