import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from apiward.app.scanning import (
    CannotScanError,
    ask_permission,
    describe,
    describe_alone,
    http_sender,
    read_spec,
    scope_of_host,
    without_query,
)
from apiward.core.exchange import Exchange, Failure, Request, Response
from apiward.net.hosts import Scope
from apiward.net.ownership import PROOF_HEADER, PROOF_PATH, challenge
from tests.cli.answering import Server, description

SECRET = b"k" * 32
TOKEN = challenge("api.example.com", SECRET)
PUBLIC = "https://api.example.com"


def _resolver(*addresses: str) -> Callable[[str], Awaitable[Sequence[str]]]:
    async def resolve(_: str) -> Sequence[str]:
        return addresses

    return resolve


def _ask(server: Server, *, is_stated: bool = False, at: str = "93.184.216.34", url: str = PUBLIC) -> str:
    asking = ask_permission(server, url, secret=lambda: SECRET, is_stated=is_stated, resolver=_resolver(at))
    return asyncio.run(asking).ground


def test_a_public_host_needs_proof() -> None:
    with pytest.raises(CannotScanError) as told:
        _ask(Server())
    assert told.value.exit_code == 3
    assert TOKEN in told.value.advice
    assert f"{PUBLIC}{PROOF_PATH}" in told.value.advice


def test_proof_by_file_or_header_or_a_statement() -> None:
    file = {f"{PUBLIC}{PROOF_PATH}": Response(200, (), f"{TOKEN}\n".encode())}
    assert _ask(Server(file)) == "file"
    assert _ask(Server({PUBLIC: Response(200, ((PROOF_HEADER, TOKEN),))})) == "header"
    silent = Server()
    assert _ask(silent, is_stated=True) == "stated"
    assert silent.asked == []


def _moved(to: str) -> Response:
    return Response(302, (("location", to),))


def test_a_description_that_moved_is_followed_on_the_same_server_or_to_one_that_was_typed() -> None:
    pages = {f"{PUBLIC}/old": _moved("/new.json"), f"{PUBLIC}/new.json": description()}
    assert asyncio.run(read_spec(Server(pages), f"{PUBLIC}/old")).source == f"{PUBLIC}/new.json"
    away = Server({"http://docs.example/a": _moved(f"{PUBLIC}/new.json"), f"{PUBLIC}/new.json": description()})
    assert asyncio.run(read_spec(away, "http://docs.example/a", typed=f"{PUBLIC}/v1")).operations


@pytest.mark.parametrize(
    "to", ["http://169.254.169.254/x?key=hunter2", "//evil.example/x", "http://[x", "http://api.example.com/x"]
)
def test_a_description_that_moved_to_another_server_is_not_followed(to: str) -> None:
    server = Server({f"{PUBLIC}/old": _moved(to)})
    with pytest.raises(CannotScanError, match="has moved to another server") as told:
        asyncio.run(read_spec(server, f"{PUBLIC}/old"))
    assert server.asked == [f"{PUBLIC}/old"]
    assert "--spec" in told.value.advice
    assert "hunter2" not in str(told.value)


def test_proof_of_another_host_is_none() -> None:
    other = challenge("api.example.net", SECRET)
    with pytest.raises(CannotScanError):
        _ask(Server({f"{PUBLIC}{PROOF_PATH}": Response(200, (), other.encode())}))


@pytest.mark.parametrize(("at", "ground"), [("127.0.0.1", "loopback"), ("10.0.0.7", "private")])
def test_near_hosts_need_none_and_are_not_asked(at: str, ground: str) -> None:
    server = Server()
    assert _ask(server, at=at) == ground
    assert server.asked == []


def test_a_name_that_points_to_both_counts_as_public() -> None:
    resolver = _resolver("127.0.0.1", "93.184.216.34")
    assert asyncio.run(scope_of_host(PUBLIC, resolver)) is Scope.PUBLIC


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(CannotScanError, match="was not found"):
        asyncio.run(scope_of_host("http://nowhere.test", _resolver()))


@pytest.mark.parametrize(
    ("url", "pages", "origin", "key"),
    [
        # Found at the usual place.
        ("http://h:1", {"http://h:1/openapi.json": description()}, "http://h:1", "GET /notes"),
        # The description has the prefix already.
        ("http://h:1/v1", {"http://h:1/openapi.json": description("/v1")}, "http://h:1", "GET /v1/notes"),
        # It has not, and only the prefix answers.
        (
            "http://h:1/shop",
            {"http://h:1/shop/openapi.json": description(), "http://h:1/shop/notes": Response(401)},
            "http://h:1/shop",
            "GET /notes",
        ),
        # The address is of a page about the API; the API stands at the root.
        (
            "http://h:1/shop",
            {"http://h:1/shop/openapi.json": description(), "http://h:1/notes": Response(200)},
            "http://h:1",
            "GET /notes",
        ),
        # Neither tells: where the description stands decides.
        ("http://h:1/shop", {"http://h:1/shop/openapi.json": description()}, "http://h:1/shop", "GET /notes"),
    ],
)
def test_where_the_operations_stand(url: str, pages: Mapping[str, Response], origin: str, key: str) -> None:
    described = asyncio.run(describe(Server(pages), url))
    assert described.origin == origin
    assert [op.key for op in described.api.operations] == [key]


def test_the_address_of_a_description_will_do() -> None:
    url = "http://127.0.0.1:1/my.json"
    # A developer's copy that names the real shop: the copy is meant.
    described = asyncio.run(describe(Server({url: description("https://shop.example.com/v2")}), url))
    assert described.origin == "http://127.0.0.1:1"
    described = asyncio.run(describe_alone(Server({url: description()}), url))
    assert described.origin == "http://127.0.0.1:1"


def test_a_public_description_speaks_of_its_server() -> None:
    url = "http://93.184.216.34/my.json"
    described = asyncio.run(describe(Server({url: description("https://shop.example.com/v2")}), url))
    assert described.origin == "https://shop.example.com"


def test_recorded_requests_hold_their_whole_path(tmp_path: Path) -> None:
    file = tmp_path / "calls.txt"
    file.write_text("curl http://h:1/api/notes\ncurl http://h:1/api/notes/7\n")
    described = asyncio.run(describe(Server(), "http://h:1/api", str(file)))
    assert described.origin == "http://h:1"
    assert described.api.operations[0].key == "GET /api/notes"


def test_harmful_operations_are_not_called_to_find_the_prefix() -> None:
    server = Server({"http://h:1/shop/openapi.json": description(paths=("/reset-database", "/login"))})
    asyncio.run(describe(server, "http://h:1/shop"))
    assert not [url for url in server.asked if urlsplit(url).path.endswith("reset-database")]


def test_a_description_in_a_file_or_elsewhere(tmp_path: Path) -> None:
    file = tmp_path / "api.json"
    file.write_bytes(description("https://shop.example.com/v2").body)
    described = asyncio.run(describe(Server(), "http://h:1", str(file)))
    assert (described.origin, described.api.operations[0].key) == ("http://h:1", "GET /v2/notes")
    moved = {
        "http://x/old?key=abc": Response(302, (("Location", "/new?key=abc"),)),
        "http://x/new?key=abc": description(),
    }
    described = asyncio.run(describe(Server(moved), "http://h:1", "http://x/old?key=abc"))
    assert described.api.source == "http://x/new", "a key in the address is not kept"


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("none.json", "could not be read"),
        ("http://x/none", "answered with status 404"),
        ("http://x/page", "is no description"),
        ("http://x/empty", "describes no operation"),
    ],
)
def test_a_description_that_will_not_do(spec: str, said: str) -> None:
    pages = {"http://x/page": Response(200, (), b"<html>"), "http://x/empty": description(paths=())}
    with pytest.raises(CannotScanError, match=said):
        asyncio.run(describe(Server(pages), "http://h:1", spec))


def test_no_description_says_where_it_looked() -> None:
    with pytest.raises(CannotScanError) as told:
        asyncio.run(describe(Server(), "http://h:1"))
    assert "- 404: /, /openapi.json, /swagger.json" in told.value.why
    assert "Then we tried" in told.value.why
    with pytest.raises(CannotScanError, match="did not answer"):
        asyncio.run(describe(Server(is_gone=True), "http://h:1"))


def test_the_real_sender_opens_and_closes() -> None:
    async def work() -> Exchange:
        async with http_sender(rate_per_s=50, connections=1, is_insecure=True) as sender:
            return await sender.send(Request("GET", "http://127.0.0.1:1/"))

    assert asyncio.run(work()).failure is Failure.UNREACHABLE


def test_file_names_keep_their_question_marks() -> None:
    assert without_query("odd?name.json") == "odd?name.json"
