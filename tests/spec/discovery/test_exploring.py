import asyncio
from collections.abc import Callable, Mapping
from typing import Final

import pytest

from apiward.core.exchange import Exchange, Failure, Request, Response
from apiward.spec.discovery.bounds import DEFAULT_BOUNDS, Bounds
from apiward.spec.discovery.exploring import discover
from apiward.spec.samples.sample import Sample

HOST: Final = "http://shop.example"
NOTHING: Final = Response(404)


class Server:
    """Answers by method and path; keeps what it was asked."""

    def __init__(self, pages: Mapping[str, Response], otherwise: Response | Failure = NOTHING) -> None:
        self.pages = pages
        self.otherwise = otherwise
        self.asked: list[str] = []

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        assert timeout_s
        key = f"{request.method} {request.url.removeprefix(HOST)}"
        self.asked.append(key)
        there = self.pages.get(key, self.otherwise)
        return Exchange(request, failure=there) if isinstance(there, Failure) else Exchange(request, there)


async def no_wait(seconds: float) -> None:
    assert 0 < seconds <= 30


def data(body: str, status: int = 200) -> Response:
    return Response(status, (("Content-Type", "application/json"),), body.encode())


def page(body: str, kind: str = "text/html") -> Response:
    return Response(200, (("Content-Type", kind),), body.encode())


def allow(methods: str) -> Response:
    return Response(405, (("Allow", methods),))


def found(
    server: Server, *, bounds: Bounds = DEFAULT_BOUNDS, clock: Callable[[], float] = lambda: 0.0
) -> dict[str, Sample]:
    made = asyncio.run(discover(server, HOST, clock=clock, wait=no_wait, bounds=bounds))
    assert made.requests == len(server.asked) <= bounds.requests
    assert {one.partition(" ")[0] for one in server.asked} <= {"GET", "OPTIONS"}
    return {f"{one.method} {one.template}": one for one in made.samples}


def test_links_lists_and_forms_lead_on() -> None:
    server = Server({
        "GET /": page('<script src="a.js"></script>'),
        "GET /a.js": page('fetch("/orders")', "text/javascript"),
        "GET /orders": data('[{"id":7,"total":3,"customer":"/people/ada"}]'),
        "GET /orders/7": data('{"id":7,"total":3}'),
        "GET /people/ada": data('{"name":"ada"}'),
        "OPTIONS /orders": allow("GET, POST"),
    })  # fmt: skip
    mine = found(server)
    assert {"GET /orders", "POST /orders", "GET /orders/{}", "GET /people/ada"} <= mine.keys()
    assert mine["POST /orders"].body == {"total": 3, "customer": "/people/ada"}


def test_what_says_the_same_of_every_path_shows_nothing() -> None:
    for otherwise in (page("<p>Shop</p>"), data('{"error":"log in"}', 401), data('{"error":"no"}')):
        server = Server({}, otherwise)
        assert [key for key in found(server) if key != "GET /"] == []


def test_names_that_speak_of_danger_are_not_called() -> None:
    server = Server({"GET /": page('<script>fetch("/createdb");n.post("/reset-all");a="/logout"</script>')})
    found(server)
    assert not {"GET /createdb", "GET /reset-all", "GET /logout"} & set(server.asked)


def test_a_name_that_any_value_may_take_is_a_value() -> None:
    own = allow("GET, PUT")
    server = Server({
        "GET /users/v1": data('[{"username":"ada"}]'), "GET /me": data("{}", 401),
        "GET /users/v1/ada": data('{"username":"ada"}'),
        "OPTIONS /users/v1/ada": own, "OPTIONS /users/v1/nothing-is-here-8f3k": own,
        "OPTIONS /users/v1/ada/password": allow("PUT"), "OPTIONS /users/v1/auth/password": allow("PUT"),
        "OPTIONS /users/v1/nothing-is-here-8f3k/password": allow("PUT"),
    })  # fmt: skip
    mine = found(server)
    assert {"GET /users/v1/{username}", "PUT /users/v1/{username}/password"} <= mine.keys()
    assert not [key for key in mine if "/auth/" in key]


@pytest.mark.parametrize("failure", [Failure.UNREACHABLE, Failure.TIMEOUT])
def test_it_ends_where_nothing_answers(failure: Failure) -> None:
    server = Server({}, failure)
    assert found(server) == {}
    assert len(server.asked) <= 3


def test_bounds_are_kept() -> None:
    busy = {"GET /": page('<script>fetch("/orders")</script>'), "GET /orders": data("[]")}
    assert "GET /orders" in found(Server(busy), bounds=Bounds(requests=20))
    times = iter(float(n) for n in range(10**6))
    slow = Server(busy)
    found(slow, bounds=Bounds(seconds=15), clock=lambda: next(times))
    assert len(slow.asked) <= 16
    wordy = Server({"GET /": page("x" * 2_000)})
    found(wordy, bounds=Bounds(max_bytes=1_000))
    assert len(wordy.asked) == 1
    refusing = Server({}, Response(429))
    found(refusing)
    assert len(refusing.asked) <= 12


def test_what_a_program_calls_is_believed_where_there_was_no_time_to_look() -> None:
    calls = "".join(f'n.post("/things{n}",{{a:1}});' for n in range(30))
    server = Server({"GET /": page(f"<script>{calls}</script>")})
    mine = found(server, bounds=Bounds(requests=20))
    assert mine["POST /things29"].body == {"a": 1}


def test_other_servers_are_never_asked() -> None:
    server = Server({"GET /": page('<a href="https://evil.example/x">x</a><a href="//evil.example/y">y</a>')})
    found(server)
    assert not [one for one in server.asked if "evil" in one]


def test_what_somebody_who_is_logged_in_reads_is_not_called_open() -> None:
    server = Server({"GET /": page('<script>fetch("/me")</script>'), "GET /me": data('{"name":"ada"}')})
    for header, is_anonymous in (("Authorization", False), ("X-Api-Key", False), ("X-Tenant", True)):
        made = asyncio.run(discover(server, HOST, clock=lambda: 0.0, wait=no_wait, headers=((header, "x"),)))
        assert [one.is_anonymous for one in made.samples if one.path == "/me"] == [is_anonymous]


def test_it_says_why_it_stopped() -> None:
    made = asyncio.run(
        discover(Server({"GET /": data("{}")}), HOST, clock=lambda: 0.0, wait=no_wait, bounds=Bounds(requests=5))
    )
    assert "5 requests" in made.stopped
