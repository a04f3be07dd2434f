"""It fires where hidden names are given away, and only there."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from apiward.core.exchange import Exchange, Request, Response
from apiward.core.verdict import Outcome
from apiward.scan.checks.graphql.suggestions import CHECK, run
from tests.scan.checks.graphql.phone import outcome
from tests.spec.graphql.test_describing import named

TRIGGERS: tuple[tuple[str, ...], ...] = (("suggested", "graphql-suggestions"),)
SILENT: tuple[tuple[str, ...], ...] = (("plain errors",),)


@pytest.mark.parametrize("case", TRIGGERS, ids=[case[0] for case in TRIGGERS])
def test_fires(case: tuple[str, ...]) -> None:
    assert outcome(CHECK.code, *case[1:]) is Outcome.BROKEN


@pytest.mark.parametrize("case", SILENT, ids=[case[0] for case in SILENT])
def test_stays_silent(case: tuple[str, ...]) -> None:
    assert outcome(CHECK.code, *case[1:]) is Outcome.HOLDS


@pytest.mark.parametrize("answer", [Response(200, (), b'{"data": {"__sch', is_cut=True), Response(503)])
def test_without_a_whole_answer_nobody_knows_whether_the_schema_is_hidden(answer: Response) -> None:
    async def call(*_: object) -> Exchange:
        return Exchange(Request("POST", "http://api.test/graphql"), answer)

    scene: Any = SimpleNamespace(owner=None, call=call)
    assert asyncio.run(run(scene, named("me"))).outcome is Outcome.UNSURE
