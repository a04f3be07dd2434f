"""It fires where a deep query is taken, and only there."""

import base64
import json
import random
from types import SimpleNamespace
from typing import Any

import pytest

from apiward.core.api import GraphqlField, Operation
from apiward.core.exchange import Exchange, Request, Response
from apiward.core.verdict import Outcome
from apiward.scan.checks.graphql.depth import CHECK, _is_clear, _nobodys
from tests.scan.checks.graphql.phone import outcome, scanned

TRIGGERS: tuple[tuple[str, ...], ...] = (("any depth", "graphql-depth-unlimited"),)
SILENT: tuple[tuple[str, ...], ...] = (
    ("limited",),
    ("only fields unlimited", "graphql-aliases-unlimited"),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=[case[0] for case in TRIGGERS])
def test_fires(case: tuple[str, ...]) -> None:
    assert outcome(CHECK.code, *case[1:]) is Outcome.BROKEN


@pytest.mark.parametrize("case", SILENT, ids=[case[0] for case in SILENT])
def test_stays_silent(case: tuple[str, ...]) -> None:
    assert outcome(CHECK.code, *case[1:]) is Outcome.HOLDS


def test_nothing_is_asked_for_that_is_there() -> None:
    findings = scanned("graphql-depth-unlimited").report.findings
    (found,) = [one for one in findings if one.check == "GQL03"]
    assert found.evidence.attack.response is not None
    assert b"NOT_FOUND" in found.evidence.attack.response.body


@pytest.mark.parametrize(
    ("status", "body", "is_clear"),
    [
        (200, {"data": {"note": None}}, True),
        (200, {"data": None, "errors": [{"message": "Note not found", "path": ["note"]}]}, True),
        (200, {"errors": [{"message": "Note not found"}]}, False),
        (200, {"data": None, "errors": [{"message": "Please log in", "path": ["note"]}]}, False),
        (404, {"detail": "Not Found"}, False),
        (403, {"type": "about:blank", "status": 403}, False),
        (400, {"errors": [{"message": "too deep"}]}, False),
    ],
)
def test_only_a_field_that_was_run_shows_that_the_query_was_taken(status: int, body: object, *, is_clear: bool) -> None:
    field = GraphqlField("query", "note", "/graphql", "query note { note { id } }")
    response = Response(status, (), json.dumps(body).encode())
    exchange = Exchange(Request("POST", "http://api.test/graphql"), response)
    assert _is_clear(Operation("GET", "/notes/{id}", field=field), exchange) is is_clear


@pytest.mark.parametrize("value", [7, "12", "ab3", "T3JkZXI6MTI=", "5a0c1d2e-0000-4000-a000-000000000001"])
def test_an_identifier_of_nobody_has_the_form_of_its_kind(value: int | str) -> None:
    scene: Any = SimpleNamespace(rng=random.Random(1))
    other = _nobodys(scene, value)
    assert other != value
    assert type(other) is type(value)
    if value == "T3JkZXI6MTI=":
        assert base64.b64decode(str(other)).startswith(b"Order:9")
