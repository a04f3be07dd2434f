"""What is open on purpose, told by an answer alone; with whole scans, OBJ02, OBJ05 and AUT01 are tried on it."""

import json

import pytest

from apiward.core.exchange import Exchange, Request, Response
from apiward.core.jsonvalue import Json
from apiward.core.verdict import Confidence
from apiward.scan.checks.authentication.missing import CHECK as MISSING
from apiward.scan.proofs.openness import is_of_people
from tests.scan.checks.judged import sure_of
from tests.scan.checks.objects.shapes import shelf


def answered(body: Json | str) -> Exchange:
    text = body if isinstance(body, str) else json.dumps(body)
    return Exchange(Request("GET", "http://h/x"), Response(200, (("Content-Type", "application/json"),), text.encode()))


@pytest.mark.parametrize(
    ("body", "is_private"),
    [
        ([{"title": "Tea", "author": {"name": "Anna Brook", "username": "anna"}}], False),
        ({"shop": "Tea", "address": "12 Main Street", "latitude": 48.1}, False),
        ([{"email": "anna@home.test"}], True),
        ({"iban": "DE89370400440532013000"}, True),
        ({"password": "willow-Station-27"}, True),
        ("no json", False),
    ],
)
def test_what_nobody_publishes_is_told_from_what_is_published(body: Json | str, is_private: bool) -> None:  # noqa: FBT001
    assert is_of_people(answered(body)) is is_private


def test_what_every_account_finds_in_the_list_is_not_kept_back() -> None:
    at = "GET /notes/{note_id}"
    assert sure_of(shelf(weak=["anonymous"]), MISSING)[at] is Confidence.PROVED
    assert sure_of(shelf(lists="all", weak=["anonymous"]), MISSING)[at] is Confidence.LIKELY
