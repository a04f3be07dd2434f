import pytest

from apiward.app.guarding.mentions import unknown_mentions
from apiward.config.guarding import parse_guard
from apiward.spec.reading import read_description

DOCUMENT = b"""{"openapi": "3.1.0", "info": {"title": "shop", "version": "1"}, "paths": {
  "/orders/{id}": {"get": {"operationId": "getOrder", "tags": ["staff"], "responses": {"200": {"description": ""}}}},
  "/orders": {"post": {"responses": {"200": {"description": ""}}}}}}"""
API = read_description(DOCUMENT, source="x")


def mentions(settings: str) -> list[str]:
    config, problems = parse_guard(settings)
    assert not problems
    return unknown_mentions(config, API)


@pytest.mark.parametrize(
    ("settings", "meant"),
    [
        ('[guard.permit]\nprivate = ["GET /ordrs/{id}"]', "GET /orders/{id}"),
        ('[guard.permit]\nprivate = ["/order"]', "/orders"),
        ('[guard.permit]\nprivate = ["tag:stuff"]', "tag:staff"),
        ('[guard.permit]\nprivate = ["getOrdr"]', "getOrder"),
        ('[[guard.permit.rules]]\nname = "a"\noperations = ["POST /order"]\nroles = ["x"]', "POST /orders"),
        ('[[guard.permit.roles]]\nname = "a"\ngrants = ["POST /order"]', "POST /orders"),
        ('[guard.quota]\ncosts = { "POST /order" = 3 }', "POST /orders"),
        ('[guard.shape]\nopen_operations = ["POST /order"]', "POST /orders"),
        ('[[guard.route.retired]]\noperations = ["POST /order"]\nretired = "2027-01-01"', "POST /orders"),
        ('[[guard.exceptions]]\noperation = "POST /order"\nmode = "watch"', "POST /orders"),
    ],
)
def test_what_names_nothing_is_said_with_the_nearest(settings: str, meant: str) -> None:
    (said,) = mentions(settings)
    assert f'Did you mean "{meant}"?' in said


@pytest.mark.parametrize(
    "settings",
    [
        '[guard.permit]\nprivate = ["GET /orders/*", "/orders/**", "tag:staff", "getOrder", "*"]',
        '[[guard.exceptions]]\noperation = "* /orders/*"\nmode = "watch"',
        '[[guard.exceptions]]\npath = "/static/**"\nmode = "off"',
    ],
)
def test_what_names_something_is_not(settings: str) -> None:
    assert mentions(settings) == []


def test_without_a_description_nothing_can_be_said() -> None:
    config, _ = parse_guard('[guard.permit]\nprivate = ["GET /x"]')
    assert unknown_mentions(config, None) == []


def test_what_is_like_nothing_is_said_without_a_guess() -> None:
    (said,) = mentions('[guard.permit]\nprivate = ["tag:zzzzzz"]')
    assert said.endswith("the description knows.")
