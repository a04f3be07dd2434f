"""Under a WSGI server: the guard stands between two adapters, and WSGI apps are guarded as any other."""

import asyncio
import io
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import a2wsgi
import pytest

from apiward import Guard
from tests.frameworks import shops

Answered = tuple[str, dict[str, Any]]


@pytest.fixture(scope="module", params=["flask", "django-wsgi"])
def ask(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Answered]]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    folder = tmp_path_factory.mktemp("wsgi")
    config = {"origin": {"blocked": ["203.0.113.0/24"]}}
    guard = Guard(shops.SHOPS[request.param](), config, description=shops.DESCRIPTION, data=folder)
    served: Any = a2wsgi.ASGIMiddleware(guard, loop=loop)

    def send(method: str, path: str, document: object = None, **more: str) -> Answered:
        body = b"" if document is None else json.dumps(document).encode()
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "shop.test",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "192.0.2.9",
            "HTTP_HOST": "shop.test",
            "CONTENT_TYPE": "application/json" if body else "",
            "CONTENT_LENGTH": str(len(body)) if body else "",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            **more,
        }
        began: list[str] = []
        told = b"".join(served(environ, lambda status, *_: began.append(status)))
        return began[0], json.loads(told)

    yield send
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    for task in asyncio.all_tasks(loop):
        task.cancel()
        loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
    loop.close()


def test_sound_requests_pass(ask: Callable[..., Answered]) -> None:
    assert ask("GET", "/orders", QUERY_STRING="q=tea") == ("200 OK", {"q": "tea"})
    order = {"item": "tea", "quantity": 1}
    assert ask("POST", "/orders", order) == ("201 Created", order)


def test_odd_requests_are_refused(ask: Callable[..., Answered]) -> None:
    status, told = ask("POST", "/orders", {"item": "tea", "quantity": 1, "price": 0})
    assert (status[:3], told["type"]) == ("422", "urn:apiward:shape.undeclared")
    assert ask("GET", "/hidden")[1]["type"] == "urn:apiward:route.undescribed"
    assert ask("GET", "//hidden")[1]["type"] == "urn:apiward:protocol.path-ambiguous"
    assert ask("GET", "/me")[0][:3] == "401"


def test_an_answer_is_masked(ask: Callable[..., Answered]) -> None:
    assert "41111111" not in ask("GET", "/customers/7")[1]["card"]


def test_below_a_script_name_the_same_holds(ask: Callable[..., Answered]) -> None:
    assert ask("GET", "/orders", QUERY_STRING="q=tea", SCRIPT_NAME="/shop")[1] == {"q": "tea"}
    assert ask("GET", "/hidden", SCRIPT_NAME="/shop")[1]["type"] == "urn:apiward:route.undescribed"


def test_the_peer_is_known_without_its_port(ask: Callable[..., Answered]) -> None:
    blocked = ask("GET", "/orders", REMOTE_ADDR="203.0.113.5")
    assert blocked[1]["type"] == "urn:apiward:origin.blocked"
    claimed = ask("GET", "/orders", REMOTE_ADDR="203.0.113.5", HTTP_X_FORWARDED_FOR="192.0.2.1")
    assert claimed[1]["type"] == "urn:apiward:origin.blocked"
