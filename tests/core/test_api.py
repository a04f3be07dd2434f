"""Operations as they are described."""

import pytest

from apiward.core.api import Answer, Api, Body, Operation, Parameter, Place
from apiward.core.schema import Schema

TEXT = Schema(types=("string",))


def test_the_key_names_method_and_whole_path() -> None:
    assert Operation("GET", "/users/{id}", "/api/v1").key == "GET /api/v1/users/{id}"


@pytest.mark.parametrize(("method", "is_safe"), [("GET", True), ("HEAD", True), ("POST", False), ("DELETE", False)])
def test_which_methods_promise_to_change_nothing(method: str, is_safe: bool) -> None:  # noqa: FBT001
    assert Operation(method, "/").is_safe is is_safe


@pytest.mark.parametrize(
    ("security", "is_secured"),
    [(None, False), ((), False), ((("bearer",),), True), ((("bearer",), ()), False), ((("a", "b"), ("c",)), True)],
)
def test_who_must_show_who_they_are(security: tuple[tuple[str, ...], ...] | None, is_secured: bool) -> None:  # noqa: FBT001
    assert Operation("GET", "/", security=security).is_secured is is_secured


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["application/xml", "multipart/form-data", "application/json"], "application/json"),
        (["application/x-www-form-urlencoded", "application/hal+json"], "application/hal+json"),
        (["multipart/form-data", "application/x-www-form-urlencoded"], "application/x-www-form-urlencoded"),
        (["text/csv", "multipart/form-data"], "multipart/form-data"),
        (["text/csv", "application/xml"], "text/csv"),
    ],
)
def test_the_body_that_is_sent(offered: list[str], chosen: str) -> None:
    operation = Operation("POST", "/", bodies=tuple(Body(media, Schema(name=media)) for media in offered))
    body = operation.preferred_body()
    assert body is not None
    assert body.media_type == chosen
    assert operation.body_schema() is body.schema


def test_no_body_is_none() -> None:
    assert Operation("GET", "/").preferred_body() is None
    assert Operation("GET", "/").body_schema() is None


def test_parameters_by_place_and_good_answers() -> None:
    parameters = (Parameter("a", Place.QUERY), Parameter("b", Place.PATH), Parameter("c", Place.QUERY))
    answers = (Answer("200", bodies=(Body("application/json", TEXT),)), Answer("404", bodies=(Body("x/y"),)))
    operation = Operation("GET", "/{b}", parameters=parameters, answers=answers)
    assert [p.name for p in operation.parameters_in(Place.QUERY)] == ["a", "c"]
    assert operation.answer_schemas() == (TEXT,)


def test_only_a_written_description_tells_all() -> None:
    assert Api("T", "1", (), dialect="OpenAPI 3.1").tells_all
    assert not any(Api("T", "1", (), dialect=said).tells_all for said in ("", "learned", "HAR 1.2", "discovered"))
