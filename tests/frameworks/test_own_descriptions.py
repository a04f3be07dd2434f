"""Without a description given, the guard asks the app itself, before the first request."""

import json
from pathlib import Path

import litestar
import pytest
import starlette.applications
import starlette.middleware.gzip
import starlette.middleware.trustedhost
import starlette.responses
import starlette.routing
from litestar.params import FromPath

from apiward import Guard
from apiward.net.messages import Message, Receive, Send
from tests.frameworks.driving import Server
from tests.frameworks.shops import DESCRIPTION, fastapi_shop, starlette_shop

ORDER = {"item": "tea", "quantity": 1}


def test_fastapi_describes_itself(tmp_path: Path) -> None:
    with Server(Guard(fastapi_shop(), {}, data=tmp_path)) as server:
        assert server.post("/orders", {**ORDER, "note": ""}).status == 201
        assert server.post("/orders", {**ORDER, "price": 0}).rule == "shape.undeclared"
        assert server.get("/hidden").rule == "route.undescribed"
        assert server.get("/me").rule == "permit.log-in"


def test_litestar_describes_itself(tmp_path: Path) -> None:
    @litestar.get("/items/{id:int}", sync_to_thread=False)
    def item(id: FromPath[int]) -> dict[str, int]:  # noqa: A002 - the name in the path
        return {"id": id}

    with Server(Guard(litestar.Litestar([item]), {}, data=tmp_path)) as server:
        assert server.get("/items/7").json == {"id": 7}
        assert server.get("/items/tea").status == 400
        assert server.get("/other").rule == "route.undescribed"


def test_an_app_that_hides_its_description_is_guarded_without(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Server(Guard(fastapi_shop(openapi_url=None), {}, data=tmp_path)) as server:
        assert server.get("/hidden").json == {"secret": True}
        assert server.get("/orders?q=1%27%20OR%201=1--").rule == "inspect.sql"
    said = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    told = next(line for line in said if line["what"].startswith("There is no description."))
    assert "Guard(app, description=...)" in told["why"]


def test_hosts_that_the_app_demands_are_asked_for(tmp_path: Path) -> None:
    app = fastapi_shop()
    app.add_middleware(starlette.middleware.trustedhost.TrustedHostMiddleware, allowed_hosts=["shop.test"])
    with Server(Guard(app, {"protocol": {"hosts": ["shop.test"]}}, data=tmp_path)) as server:
        assert server.get("/hidden").rule == "route.undescribed"


@pytest.mark.parametrize("target", ["/orders?q=tea", "/api/v1/orders?q=tea"])
@pytest.mark.filterwarnings("ignore:The `root_path` parameter")
def test_a_prefix_that_a_proxy_takes_off_is_no_part_of_the_paths(tmp_path: Path, target: str) -> None:
    with Server(Guard(fastapi_shop(root_path="/api/v1"), {}, data=tmp_path)) as server:
        assert server.get(target).json == {"q": "tea"}
        assert server.get(target.replace("orders?q=tea", "hidden")).rule == "route.undescribed"


def test_a_prefix_that_the_app_itself_serves_stays(tmp_path: Path) -> None:
    app = starlette.applications.Starlette(routes=[starlette.routing.Mount("/v1", starlette_shop())])
    described = {**DESCRIPTION, "servers": [{"url": "https://shop.test/v1"}]}
    with Server(Guard(app, {}, description=described, data=tmp_path)) as server:
        assert server.get("/v1/orders?q=tea").json == {"q": "tea"}
        assert server.get("/orders?q=tea").rule == "route.undescribed"
        assert server.get("/v1/hidden").rule == "route.undescribed"


@pytest.mark.parametrize("prefix", ["", "/shop", "/a/b"])
def test_a_guarded_app_that_is_mounted_is_guarded(tmp_path: Path, prefix: str) -> None:
    guarded = Guard(starlette_shop(), {}, description=DESCRIPTION, data=tmp_path)
    mounted = starlette.applications.Starlette(routes=[starlette.routing.Mount("/inner", guarded)])
    routes = [starlette.routing.Mount(prefix, mounted)] if prefix else [starlette.routing.Mount("/inner", guarded)]
    with Server(starlette.applications.Starlette(routes=routes)) as server:
        assert server.get(f"{prefix}/inner/orders?q=tea").json == {"q": "tea"}
        assert server.get(f"{prefix}/inner/hidden").rule == "route.undescribed"
        assert server.get(f"{prefix}/inner//hidden").rule == "protocol.path-ambiguous"
        assert server.get(f"{prefix}/inner/%2e%2e/inner/hidden").rule == "protocol.path-ambiguous"


def test_what_is_judged_is_the_path_that_the_app_is_given(tmp_path: Path) -> None:
    """Litestar cuts the prefix off the path alone, leaves the escaped path as it was, and adds a slash."""

    async def told(scope: Message, receive: Receive, send: Send) -> None:
        await starlette.responses.JSONResponse({"q": scope["path"]})(scope, receive, send)

    described = {**DESCRIPTION, "paths": {"/orders/": DESCRIPTION["paths"]["/orders"]}}
    guarded = Guard(told, {}, description=described, data=tmp_path)

    @litestar.asgi("/inner", is_mount=True, copy_scope=True)
    async def inner(scope: Message, receive: Receive, send: Send) -> None:
        await guarded(dict(scope), receive, send)

    with Server(litestar.Litestar([inner])) as server:
        assert server.get("/inner/orders?q=tea").json == {"q": "/orders/"}
        assert server.get("/inner/hidden").rule == "route.undescribed"
        assert server.get("/inner/inner/orders").rule == "route.undescribed"


def test_all_that_is_mounted_within_is_guarded(tmp_path: Path) -> None:
    app = fastapi_shop()
    app.mount("/deep", fastapi_shop())
    with Server(Guard(app, {}, data=tmp_path)) as server:
        assert server.get("/deep/hidden").rule == "route.undescribed"
        assert server.get("/deep/orders").rule == "route.undescribed"


def test_it_stands_as_one_middleware_among_others(tmp_path: Path) -> None:
    app = fastapi_shop()
    app.add_middleware(Guard, config={}, data=tmp_path)
    with Server(app) as server:
        assert server.get("/orders?q=tea").json == {"q": "tea"}
        assert server.get("/hidden").rule == "route.undescribed"


def test_what_would_be_compressed_is_judged(tmp_path: Path) -> None:
    app = fastapi_shop()
    app.add_middleware(starlette.middleware.gzip.GZipMiddleware, minimum_size=10)
    with Server(Guard(app, {}, data=tmp_path)) as server:
        told = server.send("GET", "/customers/7", headers={"accept-encoding": "gzip"})
        assert "41111111" not in told.json["card"]


def test_a_file_is_answered_in_pieces_that_are_judged(tmp_path: Path) -> None:
    (tmp_path / "card.json").write_text('{"id": 7, "name": "Ada", "card": "4111111111111111"}')

    async def file(_: object) -> starlette.responses.Response:
        return starlette.responses.FileResponse(tmp_path / "card.json", media_type="application/json")

    app = starlette.applications.Starlette(routes=[starlette.routing.Route("/customers/{id}", file)])
    with Server(Guard(app, {}, description=DESCRIPTION, data=tmp_path)) as server:
        assert "41111111" not in server.get("/customers/7").json["card"]
