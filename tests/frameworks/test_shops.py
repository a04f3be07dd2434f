"""The same shop in every framework, with the guard around it: sound requests pass, the others do not."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from apiward import Guard
from tests.frameworks.driving import CLIENT, Server
from tests.frameworks.shops import DESCRIPTION, DONE, PIECES, SHOPS, WITH_WEBSOCKETS
from tests.frameworks.tokens import settings_in, token

pytestmark = pytest.mark.long

ORDER = {"item": "Tea for O'Brien & sons", "quantity": 2, "note": "Ring twice; the bell is weak."}


@pytest.fixture(scope="module", params=sorted(SHOPS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def shop(name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp(name)
    config = {**settings_in(folder), "route": {"open": ["/talk"]}}
    with Server(Guard(SHOPS[name](), config, description=DESCRIPTION, data=folder)) as server:
        yield server


@pytest.fixture(scope="module")
def bare(name: str) -> Iterator[Server]:
    with Server(SHOPS[name](), has_lifespan=False) as server:
        yield server


def test_sound_requests_pass_unchanged(shop: Server, bare: Server) -> None:
    told, plain = shop.get("/orders?q=green%20tea"), bare.get("/orders?q=green%20tea")
    assert (told.status, told.body) == (plain.status, plain.body)
    assert told.json == {"q": "green tea"}
    told = shop.post("/orders", ORDER)
    assert (told.status, told.json) == (201, ORDER)


@pytest.mark.parametrize(
    ("document", "rule"),
    [
        ({**ORDER, "price": 0}, "shape.undeclared"),
        ({**ORDER, "note": "x' OR '1'='1' -- "}, "inspect.sql"),
        (b'{"item": "tea", "quantity": 1, "quantity": 100}', "protocol.duplicate-key"),
    ],
)
def test_an_odd_body_is_refused(shop: Server, document: object, rule: str) -> None:
    refused = shop.post("/orders", document)
    assert (400 <= refused.status < 500, refused.rule) == (True, rule)


@pytest.mark.parametrize(
    ("target", "status", "rule"),
    [
        ("/hidden", 404, "route.undescribed"),
        ("/orders?q=1%27%20UNION%20SELECT%20password%20FROM%20users--", 400, "inspect.sql"),
        ("/orders/%2e%2e/hidden", 400, "protocol.path-ambiguous"),
        ("/%6frders", 400, "protocol.path-ambiguous"),
        ("/orders%2f..%2fhidden", 400, "protocol.path-ambiguous"),
        ("/me", 401, "permit.log-in"),
    ],
)
def test_an_odd_request_is_refused(shop: Server, target: str, status: int, rule: str) -> None:
    refused = shop.get(target)
    assert (refused.status, refused.rule) == (status, rule)


def test_a_forged_token_is_refused(shop: Server) -> None:
    good = token(now_s=time.time())
    assert shop.get("/me", authorization=f"Bearer {good[:-4]}AAAA").status == 401


def test_the_app_is_told_who_calls_and_from_where(shop: Server) -> None:
    told = shop.get("/me", authorization=f"Bearer {token(now_s=time.time())}")
    assert told.json == {"key": "user:https://id.test|ada", "address": CLIENT[0]}


def test_a_card_number_in_an_answer_is_masked(shop: Server, bare: Server) -> None:
    assert "4111111111111111" in bare.get("/customers/7").body.decode()
    told = shop.get("/customers/7")
    assert (told.status, told.json["name"]) == (200, "Ada Lovelace")
    assert told.json["card"].endswith("1111")
    assert "41111111" not in told.json["card"]


def test_a_stream_comes_piece_by_piece(shop: Server) -> None:
    told = shop.get("/words")
    assert (told.status, told.body.decode()) == (200, "".join(PIECES))


def test_work_in_the_background_goes_on(name: str, shop: Server) -> None:
    shop.post("/orders", ORDER)
    assert (name in DONE) == (name in {"starlette", "fastapi"})


def test_a_websocket_is_open(name: str, shop: Server) -> None:
    if name not in WITH_WEBSOCKETS:
        pytest.skip("this framework has no WebSockets")
    said = shop.talk("/talk", "tea")
    assert [said[0]["type"], said[1].get("text")] == ["websocket.accept", "TEA"]


def test_a_websocket_that_nobody_described_is_refused(shop: Server) -> None:
    assert [message["type"] for message in shop.talk("/other", "tea")] == ["websocket.close"]


def test_the_end_of_life_is_told(name: str, tmp_path: Path) -> None:
    server = Server(Guard(SHOPS[name](), {}, description=DESCRIPTION, data=tmp_path))
    with server:
        assert [message["type"] for message in server.said] == ["lifespan.startup.complete"]
    assert [message["type"] for message in server.said][1:] == ["lifespan.shutdown.complete"]


def test_a_server_that_tells_no_start_is_served(name: str, tmp_path: Path) -> None:
    with Server(Guard(SHOPS[name](), {}, description=DESCRIPTION, data=tmp_path), has_lifespan=False) as server:
        assert server.get("/orders?q=tea").json == {"q": "tea"}
        assert server.get("/hidden").rule == "route.undescribed"


@pytest.mark.parametrize("root", ["/shop", "/a/b"])
def test_below_a_prefix_the_same_holds(name: str, tmp_path: Path, root: str) -> None:
    guard = Guard(SHOPS[name](), {}, description=DESCRIPTION, data=tmp_path)
    with Server(guard, root_path=root) as server:
        assert server.get("/orders?q=tea").json == {"q": "tea"}
        assert server.get("/hidden").rule == "route.undescribed"
        assert server.get("/orders/../hidden").rule == "protocol.path-ambiguous"
        assert server.get("//hidden").rule == "protocol.path-ambiguous"
        assert server.post("/orders", {**ORDER, "price": 0}).rule == "shape.undeclared"
