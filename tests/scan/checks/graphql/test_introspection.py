"""It fires where the schema is told to everybody, and only there."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from apiward.core.exchange import Exchange, Request, Response
from apiward.core.verdict import Outcome
from apiward.scan.checks.graphql.introspection import CHECK, run
from tests.scan.checks.graphql.phone import outcome
from tests.spec.graphql.test_describing import named

TRIGGERS: tuple[tuple[str, ...], ...] = (("told", "graphql-introspection"),)
SILENT: tuple[tuple[str, ...], ...] = (
    ("refused",),
    ("only names suggested", "graphql-suggestions"),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=[case[0] for case in TRIGGERS])
def test_fires(case: tuple[str, ...]) -> None:
    assert outcome(CHECK.code, *case[1:]) is Outcome.BROKEN


@pytest.mark.parametrize("case", SILENT, ids=[case[0] for case in SILENT])
def test_stays_silent(case: tuple[str, ...]) -> None:
    assert outcome(CHECK.code, *case[1:]) is Outcome.HOLDS


def test_a_schema_that_is_longer_than_we_read_is_not_taken_for_none() -> None:
    async def call(*_: object) -> Exchange:
        return Exchange(Request("POST", "http://api.test/graphql"), Response(200, (), b'{"data": {"__sch', is_cut=True))

    scene: Any = SimpleNamespace(owner=None, call=call)
    assert asyncio.run(run(scene, named("me"))).outcome is Outcome.UNSURE
