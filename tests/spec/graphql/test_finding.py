"""GraphQL is found where it answers, and other APIs are not taken for it."""

import asyncio
import json
from typing import ClassVar
from urllib.parse import urlsplit

import pytest

from apiward.core.exchange import Exchange, Request, Response
from apiward.core.jsonvalue import Json
from apiward.spec.graphql.finding import MAX_LOOKED_AT, PLACES, FoundGraphql, find_graphql, is_graphql

_TOLD: Json = {
    "data": {
        "__schema": {
            "queryType": {"name": "Q"},
            "types": [{"kind": "OBJECT", "name": "Q", "fields": [{"name": "a", "type": {"name": "Int"}}]}],
        }
    }
}


class _Server:
    """Answers at one path."""

    def __init__(self, path: str, told: Json) -> None:
        self.path, self.told = path, told
        self.asked: list[str] = []

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        self.asked.append(request.url)
        if request.url != f"http://api.test{self.path}":
            return Exchange(request, Response(404, (), b'{"detail": "Not Found"}'))
        body: Json = self.told if b"__schema" in request.body else {"data": {"__typename": "Q"}}
        return Exchange(request, Response(200, (), json.dumps(body).encode()))


def _find(server: _Server, url: str = "http://api.test/") -> FoundGraphql:
    return asyncio.run(find_graphql(server, url))


def test_a_server_tells_its_schema() -> None:
    found = _find(_Server("/api/graphql", _TOLD))
    assert found.api is not None
    assert [op.key for op in found.api.operations] == ["POST /api/graphql query a"]
    assert found.looked_at[-1] == ("http://api.test/api/graphql", "GraphQL with 1 operations")


def test_the_given_address_is_asked_first() -> None:
    server = _Server("/shop/data", _TOLD)
    assert _find(server, "http://api.test/shop/data").endpoint == "/shop/data"
    assert {urlsplit(url).path for url in server.asked} == {"/shop/data"}


def test_nothing_is_posted_where_data_is_read() -> None:
    class Collection(_Server):
        posted: ClassVar[list[str]] = []

        async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
            if request.method == "POST":
                self.posted.append(request.url)
                return await super().send(request, timeout_s=timeout_s)
            return Exchange(request, Response(200, (), b'[{"id": 1, "title": "a post"}]'))

    server = Collection("/nowhere", _TOLD)
    found = _find(server, "http://api.test/posts")
    assert found.looked_at[0] == ("http://api.test/posts", "data, no GraphQL")
    assert server.posted == [f"http://api.test{place}" for place in PLACES]


def test_a_server_that_tells_nothing_is_found_all_the_same() -> None:
    found = _find(_Server("/graphql", {"errors": [{"message": "introspection is off"}]}))
    assert (found.endpoint, found.api) == ("/graphql", None)


@pytest.mark.parametrize("answer", [Response(200, (), b'{"data": {"__sch', is_cut=True), Response(503)])
def test_half_an_answer_is_not_taken_for_none(answer: Response) -> None:
    class Long(_Server):
        async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
            if b"__schema" in request.body:
                return Exchange(request, answer)
            return await super().send(request, timeout_s=timeout_s)

    found = _find(Long("/graphql", _TOLD))
    assert (found.endpoint, found.api, found.is_unclear) == ("/graphql", None, True)
    assert not _find(_Server("/graphql", {"errors": [{"message": "introspection is off"}]})).is_unclear


def test_where_there_is_none_it_ends() -> None:
    server = _Server("/nowhere", _TOLD)
    assert (_find(server).endpoint, len(server.asked)) == ("", len(PLACES))


def test_a_redirect_is_followed_on_the_same_server_only() -> None:
    class Moved(_Server):
        async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
            to = {"http://api.test/graphql": "/data/", "http://api.test/gql": "http://other.test/gql"}.get(request.url)
            moved = Exchange(request, Response(307, (("Location", to or ""),)))
            return moved if to else await super().send(request, timeout_s=timeout_s)

    assert _find(Moved("/data/", _TOLD)).endpoint == "/data/"
    away = Moved("/nowhere", _TOLD)
    assert _find(away).endpoint == ""
    assert not [url for url in away.asked if "other.test" in url]


def test_redirects_without_end_are_left() -> None:
    class Leading(_Server):
        async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
            self.asked.append(request.url)
            if len(self.asked) > 1_000:
                raise AssertionError("it never ends")
            return Exchange(request, Response(307, (("Location", f"/{len(self.asked)}"),)))

    server = Leading("/nowhere", _TOLD)
    assert _find(server).endpoint == ""
    assert len(server.asked) == MAX_LOOKED_AT


def test_other_apis_are_told_apart() -> None:
    def says(body: Json) -> bool:
        return is_graphql(Response(400, (), json.dumps(body).encode()))

    assert says({"data": {"__typename": "Query"}})
    assert says({"errors": [{"message": "Please log in", "extensions": {"code": "UNAUTHENTICATED"}}]})
    assert not says({"errors": [{"message": "title is missing"}]})
    assert not says({"errors": [{"message": "no", "locations": []}], "status": 400})
    assert not says({"errors": {"title": ["is missing"]}})
    assert not says({"data": {"id": 1}})
    assert not says([])
