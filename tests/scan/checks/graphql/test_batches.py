"""It fires where a list of queries is answered, and only there."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from apiward.core.api import Operation
from apiward.core.exchange import Exchange, Request, Response
from apiward.core.verdict import Outcome
from apiward.scan.calling.arguments import Arguments
from apiward.scan.checks.graphql.batches import CHECK, run
from tests.scan.checks.graphql.phone import outcome
from tests.spec.graphql.test_describing import named

TRIGGERS: tuple[tuple[str, ...], ...] = (("a list", "graphql-batches-unlimited"),)
SILENT: tuple[tuple[str, ...], ...] = (("one at a time",),)


@pytest.mark.parametrize("case", TRIGGERS, ids=[case[0] for case in TRIGGERS])
def test_fires(case: tuple[str, ...]) -> None:
    assert outcome(CHECK.code, *case[1:]) is Outcome.BROKEN


@pytest.mark.parametrize("case", SILENT, ids=[case[0] for case in SILENT])
def test_stays_silent(case: tuple[str, ...]) -> None:
    assert outcome(CHECK.code, *case[1:]) is Outcome.HOLDS


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_server_that_fails_at_a_list_is_no_proof(status: int) -> None:
    async def call(_operation: Operation, arguments: Arguments, _session: object) -> Exchange:
        request = Request("POST", "http://api.test/graphql")
        is_one = isinstance(arguments.body, dict)
        return Exchange(request, Response(200, (), b'{"data": {"a0": "Query"}}') if is_one else Response(status))

    scene: Any = SimpleNamespace(owner=None, call=call)
    assert asyncio.run(run(scene, named("me"))).outcome is Outcome.UNSURE
