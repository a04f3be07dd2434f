"""What a flag of a record says of who may read it is told by counts that chance would seldom give."""

import pytest

from apiward.access.ownership.model import KindModel, Votes

PEOPLE = {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    ("private", "common", "is_alone"),
    [
        (Votes(12, 12, PEOPLE), Votes(40, 28, PEOPLE), True),
        (Votes(6, 6, PEOPLE), Votes(40, 12, PEOPLE), True),
        (Votes(6, 6, PEOPLE), Votes(40, 28, PEOPLE), False),
        (Votes(4, 4, PEOPLE), Votes(40, 4, PEOPLE), False),
        (Votes(6, 6, {1, 2, 3}), Votes(40, 12, PEOPLE), False),
        (Votes(8, 7, PEOPLE), Votes(40, 12, PEOPLE), False),
        (Votes(12, 12, PEOPLE), Votes(11, 3, PEOPLE), False),
    ],
    ids=[
        "twelve of twelve",
        "six, where colleagues read most others",
        "six may be chance, where they read few",
        "four are too few",
        "three callers",
        "a colleague has read one",
        "others are too few",
    ],
)
def test_a_flag_sets_apart_what_only_owners_read(private: Votes, common: Votes, *, is_alone: bool) -> None:
    flags = {"private=True": private, "private=False": common}
    kind = KindModel("/papers", mates=Votes(100, 90, PEOPLE), flags=flags)
    assert kind.is_alone({"id": 1, "private": True}) is is_alone
    assert not kind.is_alone({"id": 1, "private": False})
