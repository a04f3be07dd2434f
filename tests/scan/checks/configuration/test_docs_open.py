from collections.abc import Callable
from functools import partial

import pytest

from apiward.scan.checks.configuration.docs_open import CHECK
from tests.scan.checks.configuration.places import PAGE, serving
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.small_api import Case, Pair

SWAGGER = "<!DOCTYPE html><html><head><title>Shop - Swagger UI</title></head></html>"
GRAPHIQL = "<!doctype html><html><head><title>GraphiQL</title></head></html>"
TRIGGERS: tuple[Case, ...] = (
    ("/docs", partial(serving, {"/docs": SWAGGER})),
    ("/ui/", partial(serving, {"/ui/": SWAGGER})),
    ("/graphql", partial(serving, {"/graphql": GRAPHIQL})),
)
SILENT: tuple[Case, ...] = (
    ("nothing there", partial(serving, {})),
    ("one page for all", partial(serving, {}, missing=PAGE)),
    ("the description for all", partial(serving, {}, missing=SWAGGER)),
    ("documents of a shop", partial(serving, {"/docs": "<html><title>Your documents</title></html>"})),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK) == {f"GET {name}"}


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)


def test_without_a_clear_answer_it_is_unsure() -> None:
    assert not looked_at(partial(serving, {}, status=503), CHECK)
