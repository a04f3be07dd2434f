import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest

from apiward.core.exchange import Exchange, Failure, Request, Response
from apiward.spec.finding import MAX_REQUESTS, Found, find_description
from apiward.spec.places import CANDIDATES
from tests.spec.documents import openapi, swagger

API = json.dumps(openapi({"/x": {"get": {}}})).encode()
BASE = "http://127.0.0.1:8000"
JSON = "application/json"
HTML = "text/html"
SCRIPT = "application/javascript"

Site = Mapping[str, Response | Failure]


def page(body: str | bytes, kind: str = HTML, status: int = 200, **headers: str) -> Response:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Response(status, (("Content-Type", kind), *named), body.encode() if isinstance(body, str) else body)


def moved(target: str) -> Response:
    return Response(302, (("Location", target),))


@dataclass
class FakeSite:
    """Answers what stands at a path; everything else is not there, or as `otherwise` says."""

    site: Site
    otherwise: Response | Failure = Response(404)  # noqa: RUF009 - a frozen value
    asked: list[Request] = field(default_factory=list)

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        assert timeout_s
        self.asked.append(request)
        path = "/" + request.url.removeprefix(BASE).removeprefix("/")
        there = self.site.get(path, self.otherwise)
        if isinstance(there, Failure):
            return Exchange(request, failure=there)
        return Exchange(request, there)


def find(site: Site, base: str = BASE, otherwise: Response | Failure = Response(404)) -> tuple[Found, FakeSite]:  # noqa: B008
    fake = FakeSite(site, otherwise)
    return asyncio.run(find_description(fake, base)), fake


def test_the_places_are_many_unique_and_absolute() -> None:
    assert 40 <= len(CANDIDATES) == len(set(CANDIDATES)) < MAX_REQUESTS
    assert all(place.startswith("/") for place in CANDIDATES)


@pytest.mark.parametrize("place", CANDIDATES)
def test_a_description_is_found_at_every_place(place: str) -> None:
    found, _ = find({place: page(API, JSON)})
    assert found.api is not None
    assert found.api.source == BASE + place
    assert found.looked_at[-1] == (BASE + place, "OpenAPI 3.0 with 1 operations")


def test_the_address_itself_comes_first() -> None:
    found, fake = find({"/shop/describe": page(API, JSON)}, f"{BASE}/shop/describe")
    assert found.api is not None
    assert len(fake.asked) == 1
    assert fake.asked[0].method == "GET"
    assert (fake.asked[0].header("accept") or "").startswith("application/json, application/yaml")


def test_places_below_the_given_path_are_tried_as_well() -> None:
    found, _ = find({"/shop/openapi.json": page(API, JSON)}, f"{BASE}/shop/")
    assert found.api is not None
    found, _ = find({"/shop/openapi.json": page(API, JSON)}, f"{BASE}/shop/index.html")
    assert found.api is not None


@pytest.mark.parametrize(
    "body",
    [
        'SwaggerUIBundle({ url: "/hidden/openapi.json", dom_id: "#ui" })',
        "urls: [{url: '/hidden/openapi.json', name: 'v1'}]",
        '<redoc spec-url="hidden/openapi.json"></redoc>',
        "<rapi-doc spec-url = '/hidden/openapi.json'>",
        '<script id="api-reference" data-url="/hidden/openapi.json"></script>',
        'Redoc.init("/hidden/openapi.json", {})',
        '<link rel="service-desc" type="application/json" href="/hidden/openapi.json">',
        '<a href="/hidden/openapi.json">description</a>',
        'const definitionURL = "/hidden/openapi.json";',
        f'url: "{BASE}/hidden/openapi.json"',
    ],
)
def test_the_address_is_read_from_a_page(body: str) -> None:
    found, _ = find({"/": page(f"<html>{body}</html>"), "/hidden/openapi.json": page(API, JSON)}, f"{BASE}/")
    assert found.api is not None
    assert found.api.source == f"{BASE}/hidden/openapi.json"


def test_the_script_of_a_page_is_read() -> None:
    site = {
        "/docs": page('<script src="docs/swagger-initializer.js"></script>'),
        "/docs/swagger-initializer.js": page('window.ui = SwaggerUIBundle({ url: "/my/swagger.json" })', SCRIPT),
        "/my/swagger.json": page(json.dumps(swagger({"/x": {"get": {}}})), JSON),
    }
    found, _ = find(site)
    assert found.api is not None
    assert found.api.dialect == "Swagger 2.0"


def test_a_description_inside_a_script_is_read() -> None:
    site = {
        "/api-docs": page('<script src="./swagger-ui-init.js"></script>'),
        "/swagger-ui-init.js": page(b'let options = {"swaggerDoc": ' + API + b', "customOptions": {}};', SCRIPT),
    }
    found, _ = find(site)
    assert found.api is not None
    assert found.api.source == f"{BASE}/swagger-ui-init.js"


def test_headers_and_catalogues_are_read() -> None:
    there = page(API, JSON)
    found, _ = find({"/": page("hi", Link='</d/one>; rel="service-desc"'), "/d/one": there}, f"{BASE}/")
    assert found.api is not None
    catalogue = json.dumps({"linkset": [{"anchor": BASE, "service-desc": [{"href": f"{BASE}/d/two"}]}]})
    found, _ = find({"/.well-known/api-catalog": page(catalogue, "application/linkset+json"), "/d/two": there})
    assert found.api is not None
    groups = json.dumps([{"name": "default", "location": "/v9/api-docs?group=a", "swaggerVersion": "2.0"}])
    found, _ = find({"/swagger-resources": page(groups, JSON), "/v9/api-docs?group=a": there})
    assert found.api is not None


def test_other_origins_are_never_asked() -> None:
    body = 'url: "https://petstore.example/openapi.json" <redoc spec-url="//other.example/openapi.json">'
    found, fake = find({"/": page(body), "/openapi.json": moved("https://other.example/openapi.json")}, f"{BASE}/")
    assert found.api is None
    assert all(request.url.startswith(f"{BASE}/") for request in fake.asked)
    assert (f"{BASE}/openapi.json", "leads to another server; not followed") in found.looked_at


def test_addresses_that_are_no_description_are_left_alone() -> None:
    body = """<a href="/logout">x</a> $.ajax({url: "/api/reset"}) var link = "/createdb"; <form data-url="/delete">"""
    _, fake = find({"/": page(body)}, f"{BASE}/")
    asked = {urlsplit(request.url).path for request in fake.asked}
    assert asked <= {"/", *CANDIDATES}


def test_three_redirects_are_followed_and_not_more() -> None:
    chain = {"/openapi.json": moved("/1"), "/1": moved("/2"), "/2": moved("/3")}
    found, _ = find({**chain, "/3": page(API, JSON)})
    assert found.api is not None
    found, _ = find({**chain, "/3": moved("/4"), "/4": page(API, JSON)})
    assert found.api is None


def test_a_redirect_loop_ends() -> None:
    found, fake = find({}, otherwise=moved("/openapi.json"))
    assert found.api is None
    assert len(fake.asked) <= MAX_REQUESTS


def test_a_silent_server_ends_the_search_at_once() -> None:
    found, fake = find({}, otherwise=Failure.UNREACHABLE)
    assert (found.api, len(fake.asked)) == (None, 1)
    assert found.looked_at == ((BASE, "no answer (unreachable)"),)
    found, fake = find({}, otherwise=Failure.TIMEOUT)
    assert len(fake.asked) == 3


def test_requests_are_bounded_whatever_the_pages_say() -> None:
    links = "".join(f'<a href="/openapi-{i}.json">x</a>' for i in range(500))
    found, fake = find({}, otherwise=page(links))
    assert found.api is None
    assert len(fake.asked) <= MAX_REQUESTS
    assert len(found.looked_at) == len(fake.asked)


def test_what_was_there_is_said() -> None:
    site = {
        "/openapi.json": page("no", JSON, 401),
        "/swagger.json": page(json.dumps(openapi({})), JSON),
        "/v3/api-docs": page('{"a": 1}', JSON),
        "/openapi.yaml": page("boom", HTML, 500),
    }
    found, _ = find(site)
    said = {urlsplit(url).path: words for url, words in found.looked_at}
    assert said["/openapi.json"] == "401, needs a log-in"
    assert said["/swagger.json"] == "OpenAPI 3.0 without operations"
    assert said["/v3/api-docs"] == "200, application/json, no description"
    assert said["/openapi.yaml"] == "500"
    assert found.api is not None
    assert found.api.operations == ()


@pytest.mark.parametrize("base", ["", "x", "http://[", "http://127.0.0.1:99999999", "ftp://a.example"])
def test_odd_addresses_do_not_raise(base: str) -> None:
    found, _ = find({}, base, Failure.NOT_SENDABLE)
    assert found.api is None


@pytest.mark.parametrize(
    "body",
    ['<a href="' * 40_000, "url:" * 80_000, "<link " * 40_000, '"swaggerDoc": {' * 20_000, '"spec":{"a":' * 20_000],
    ids=["href", "url", "link", "doc", "nested"],
)
def test_hostile_pages_end_quickly(body: str) -> None:
    found, _ = find({"/": page(body)}, f"{BASE}/")
    assert found.api is None
