"""What may be declared of a kind of object, and how slips are told."""

from typing import Any

import pytest

from apiward.access.ownership.rules import ObjectMode, ObjectRule

GOOD: dict[str, Any] = {"id": "note", "operations": ("GET /notes/{id}",)}


def test_a_rule_only_shadows_at_first() -> None:
    assert ObjectRule(**GOOD).mode is ObjectMode.SHADOW


@pytest.mark.parametrize("own", ["path.id == token.sub", "body.note.id in token.notes"])
def test_own_is_a_place_and_a_claim(own: str) -> None:
    assert ObjectRule(**GOOD, own=own).own == own


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"id": ""}, "id:"),
        ({"operations": ()}, "operations:"),
        ({"place": "id"}, "place:"),
        ({"own": "path.id is token.sub"}, "own:"),
        ({"tenant_field": "org"}, "belong together"),
    ],
)
def test_slips_are_told(given: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        ObjectRule(**{**GOOD, **given})
