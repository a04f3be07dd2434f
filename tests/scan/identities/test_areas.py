"""Areas: operations that share their security schemes, each with its own way in."""

import json
from typing import Any

import pytest
from starlette.requests import Request as WebRequest
from starlette.responses import JSONResponse
from starlette.routing import Route

from apiward.core.api import Api, Operation
from apiward.core.exchange import Exchange, Request, Response
from apiward.scan.calling.arguments import Arguments
from apiward.scan.identities.areas import areas_of, schemes_of
from apiward.scan.identities.probing import Probe
from tests.scan.door import Door, described, in_header
from tests.scan.harness import scan_app

REFUSED = Exchange(Request("GET", "http://api.test/"), Response(401))


def _op(path: str, *alternatives: tuple[str, ...]) -> Operation:
    return Operation("GET", path, security=alternatives or None)


def _areas(*operations: Operation) -> list[frozenset[str]]:
    probes = [Probe(one, Arguments(), REFUSED) for one in operations]
    return [area.schemes for area in areas_of(Api("t", "1", operations), probes)]


def test_there_is_always_an_area() -> None:
    assert _areas() == [frozenset()]
    assert _areas(_op("/a")) == [frozenset()]


def test_each_set_of_schemes_is_an_area_the_largest_first() -> None:
    found = _areas(_op("/s", ("shop",)), _op("/a", ("main",)), _op("/b", ("main",)))
    assert found == [frozenset({"main"}), frozenset({"shop"})]


def test_what_declares_nothing_belongs_to_the_largest_area() -> None:
    operations = (_op("/a", ("main",)), _op("/b"))
    (area,) = areas_of(Api("t", "1", operations), [Probe(one, Arguments(), REFUSED) for one in operations])
    assert len(area.probes) == 2


def test_all_schemes_of_an_operation_are_named() -> None:
    assert schemes_of(_op("/a", ("x", "y"), (), ("z",))) == {"x", "y", "z"}
    assert schemes_of(_op("/a")) == frozenset()


@pytest.mark.parametrize("place", ["/shop/orders", "/shop/my/orders"], ids=["asked later", "asked first"])
def test_an_account_enters_two_areas_with_two_credentials(place: str) -> None:
    made = Door()
    app, api = made.pair()
    shop: Any = in_header("x-shop-key")
    served: list[str] = []
    keys: dict[str, str] = {}

    async def shop_log_in(request: WebRequest) -> JSONResponse:
        data = json.loads(await request.body())
        if made.users.get(data["username"], {}).get("password") != data["password"]:
            return JSONResponse({"detail": "wrong"}, 401)
        keys[f"shopkey-{len(keys):04d}-{data['username'][:4]}"] = data["username"]
        return JSONResponse({"key": list(keys)[-1]})

    async def orders(request: WebRequest) -> JSONResponse:
        name = keys.get(shop(request))
        served.extend([name] if name else [])
        return JSONResponse({"orders": []}) if name else JSONResponse({"detail": "log in"}, 401)

    async def order(request: WebRequest) -> JSONResponse:
        # A gateway in front looks at the form of whatever bears a good token, before the shop is asked for whom.
        if request.headers.get("authorization", "").removeprefix("Bearer ") in made.tokens:
            return JSONResponse({"detail": "a body is missing"}, 422)
        return await orders(request)

    app.router.routes += [  # type: ignore[attr-defined]
        Route("/shop/login", shop_log_in, methods=["POST"]),
        Route("/shop/orders", orders),
        Route(place, order, methods=["POST"]),
    ]
    text = {"type": "string"}
    api["paths"]["/shop/login"] = {"post": described({"username": text, "password": text})}
    secured = {**described(), "security": [{"shop": []}]}
    api["paths"]["/shop/orders"] = {"get": secured}
    api["paths"].setdefault(place, {})["post"] = secured
    api["components"]["securitySchemes"]["shop"] = {"type": "apiKey", "in": "header", "name": "X-Shop-Key"}
    scanned = scan_app(app, api, [])
    assert len(set(made.served)) == 2
    assert len(set(served)) == 2
    assert {"GET /me", "GET /shop/orders"} <= set(scanned.report.operations_answered)
