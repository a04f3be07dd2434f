"""Requests and answers through the whole proxy, byte by byte where bytes matter."""

import asyncio
import json

import pytest

from apiward.net.proxy.messages import App, Receive, Scope, Send
from tests.net.hostile import answer
from tests.net.proxy.rig import PLAIN, Upstream, answering, body_in, fields_of, proxied, status_of


def _ask(request: bytes, *replies: bytes) -> tuple[bytes, Upstream]:
    async def run() -> tuple[bytes, Upstream]:
        async with answering(*replies) as seen, proxied(seen.address) as proxy:
            return await proxy.ask(request), seen

    return asyncio.run(run())


def _get(
    target: str = "/", *fields: str, method: str = "GET", body: bytes = b"", reply: bytes = PLAIN
) -> tuple[bytes, Upstream]:
    async def run() -> tuple[bytes, Upstream]:
        async with answering(reply) as seen, proxied(seen.address) as proxy:
            return await proxy.get(target, *fields, method=method, body=body), seen

    return asyncio.run(run())


@pytest.mark.parametrize(
    "target",
    [
        "/a%2fb/../c",
        "//a",
        "/%2e%2e/x?q=%00&r=a%20b+c",
        "/a;b=1/c,d?x[]=1&y={z}|'",
        "/?",
        "/%C3%A9?%ff",
        "/a?b?c",
        "/\\x",
    ],
)
def test_the_target_is_sent_byte_for_byte(target: str) -> None:
    _, seen = _get(target)
    assert seen.target() == f"GET {target.removesuffix('?')} HTTP/1.1".encode()


def test_what_the_upstream_is_told_of_the_client() -> None:
    _, seen = _get("/x", "User-Agent: u", "Accept: a")
    host = seen.address.removeprefix("http://")
    assert seen.lines() == sorted(
        [
            f"host: {host}",
            "user-agent: u",
            "accept: a",
            "x-forwarded-for: 127.0.0.1",
            "x-forwarded-proto: http",
            "x-forwarded-host: shop.test",
            "forwarded: for=127.0.0.1;proto=http;host=shop.test",
            "via: 1.1 apiward",
        ]
    )


def test_claims_from_outside_and_fields_of_one_connection_are_dropped() -> None:
    claims = [
        "X-Forwarded-For: 6.6.6.6", "X_Forwarded_For: 6.6.6.6", "Forwarded: for=6.6.6.6", "X-Real-IP: 6.6.6.6",
        "x-forwarded-Prefix: /admin", "X-Original-URL: /admin", "Keep-Alive: 5", "TE: trailers", "Trailer: x",
        "Proxy-Authorization: Basic x", "Proxy-Connection: close", "X-Kept: 1", "Api_Key: 2", "X-Own: 3",
        "Connection: X-Own, Authorization", "Authorization: Bearer t",
    ]  # fmt: skip
    _, seen = _get("/", *claims)
    text = "\n".join(seen.lines())
    assert "6.6.6.6" not in text
    assert "/admin" not in text
    kept = [line for line in seen.lines() if not line.startswith(("host", "x-forwarded", "forwarded", "via"))]
    assert kept == ["api_key: 2", "authorization: Bearer t", "x-kept: 1"]


def test_via_grows_and_a_loop_ends() -> None:
    _, seen = _get("/", "Via: 1.0 fred, 1.1 apiward")
    assert "via: 1.0 fred, 1.1 apiward, 1.1 apiward" in seen.lines()
    reply, seen = _get("/", "Via: " + ", ".join(["1.1 apiward"] * 4))
    assert status_of(reply) == 508
    assert not seen.heads


def test_the_clients_host_is_kept_where_the_rule_says_so() -> None:
    async def run() -> Upstream:
        async with answering() as seen, proxied(seen.address, keeps_host=True) as proxy:
            await proxy.get("/")
            return seen

    assert "host: shop.test" in asyncio.run(run()).lines()


def test_a_base_path_stands_before_the_target() -> None:
    async def run() -> Upstream:
        async with answering() as seen, proxied(seen.address + "/api/") as proxy:
            await proxy.get("/x?y")
            return seen

    assert asyncio.run(run()).target() == b"GET /api/x?y HTTP/1.1"


@pytest.mark.parametrize(
    ("method", "fields", "body", "framing"),
    [
        ("GET", [], b"", []),
        ("DELETE", [], b"", []),
        ("POST", [], b"", ["content-length: 0"]),
        ("POST", ["Content-Length: 0"], b"", ["content-length: 0"]),
        ("POST", ["Content-Length: 3"], b"abc", ["content-length: 3"]),
        ("GET", ["Content-Length: 3"], b"abc", ["content-length: 3"]),
        ("PUT", ["Transfer-Encoding: chunked"], b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", ["transfer-encoding: chunked"]),
    ],
)  # fmt: skip
def test_a_body_keeps_its_framing(method: str, fields: list[str], body: bytes, framing: list[str]) -> None:
    _, seen = _get("/", *fields, method=method, body=body)
    assert [line for line in seen.lines() if line.startswith(("content-", "transfer-"))] == framing
    assert seen.bodies[0] in {b"", b"abc", b"abcde"}
    assert len(seen.bodies[0]) == (0 if not body else 5 if b"\r\n" in body else 3)


def test_answers_keep_repeated_fields_and_lose_those_of_one_connection() -> None:
    reply = (
        b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2; Path=/\r\nX: 1\r\nX: 2\r\nKeep-Alive: 3\r\n"
        b"Connection: keep-alive, X-Mine\r\nX-Mine: 1\r\nServer: up\r\nContent-Length: 2\r\n\r\n{}"
    )
    raw, _ = _get(reply=reply)
    lines = [line for line in fields_of(raw) if not line.startswith("date")]
    assert lines == [
        "set-cookie: a=1", "set-cookie: b=2; Path=/", "x: 1", "x: 2", "server: up", "content-length: 2",
        "connection: close",
    ]  # fmt: skip
    assert body_in(raw) == b"{}"


def test_a_compressed_answer_is_left_as_it_is() -> None:
    raw, seen = _get("/", "Accept-Encoding: gzip", reply=answer(b"\x1f\x8bxyz", b"Content-Encoding: gzip\r\n"))
    assert body_in(raw) == b"\x1f\x8bxyz"
    assert "content-encoding: gzip" in fields_of(raw)
    assert "accept-encoding: gzip" in seen.lines()


@pytest.mark.parametrize(
    ("reply", "status", "length"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, None),
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", 204, None),
        (b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", 204, None),
        (b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nContent-Length: 7\r\n\r\n', 304, None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "content-length: 0"),
        (
            b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 201 C\r\nContent-Length: 0\r\n\r\n",
            201,
            "content-length: 0",
        ),
    ],
)
def test_answers_without_a_body(reply: bytes, status: int, length: str | None) -> None:
    raw, _ = _get(reply=reply)
    assert status_of(raw) == status
    assert body_in(raw) == b""
    assert [line for line in fields_of(raw) if line.startswith("content-length")] == ([length] if length else [])


def test_head_has_the_length_and_no_body() -> None:
    raw, seen = _get(method="HEAD", reply=b"HTTP/1.1 200 OK\r\nContent-Length: 1234567\r\n\r\n")
    assert "content-length: 1234567" in fields_of(raw)
    assert body_in(raw) == b""
    assert seen.target().startswith(b"HEAD")


def test_an_absolute_target_goes_out_in_origin_form() -> None:
    request = b"GET http://other.test/a?b HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n"
    _, seen = _ask(request)
    assert seen.target() == b"GET /a?b HTTP/1.1"


def test_options_for_all_is_kept() -> None:
    _, seen = _get("*", method="OPTIONS")
    assert seen.target() == b"OPTIONS * HTTP/1.1"


@pytest.mark.parametrize(
    "fields",
    [
        ["Content-Length: 3", "Content-Length: 4"],
        ["Transfer-Encoding: gzip, chunked"],
        ["Transfer-Encoding: xchunked"],
        ["Content-Length: +3"],
        ["Host: b.test"],
    ],
)
def test_an_ambiguous_request_reaches_nobody(fields: list[str]) -> None:
    raw, seen = _get("/", *fields, method="POST", body=b"3\r\nabc\r\n0\r\n\r\n")
    assert status_of(raw) == 400
    assert not seen.heads


def test_of_two_framings_only_the_chunked_one_goes_on() -> None:
    # granian drops the length before we see it (RFC 9112, section 6.3); what follows is a second request, for us too.
    fields = ["Content-Length: 30", "Transfer-Encoding: chunked"]
    _, seen = _get("/", *fields, method="POST", body=b"3\r\nabc\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
    assert [line for line in seen.lines(0) if line.startswith(("content-", "transfer-"))] == [
        "transfer-encoding: chunked"
    ]
    assert seen.bodies[0] == b"abc"
    assert len(seen.heads) == 1


def test_a_proxys_own_request_form_is_refused() -> None:
    raw, seen = _ask(b"CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\nConnection: close\r\n\r\n")
    assert status_of(raw) == 400
    assert not seen.heads


def test_large_fields_and_many_fields_pass() -> None:
    fields = [f"X-{number}: {'v' * 100}" for number in range(80)] + ["Cookie: " + "c" * 20_000]
    raw, seen = _get("/", *fields)
    assert status_of(raw) == 200
    assert sum(line.startswith("x-") for line in seen.lines()) == 83
    big = answer(b"{}", b"".join(b"X-%d: %b\r\n" % (number, b"v" * 900) for number in range(60)))
    raw, _ = _get(reply=big)
    assert sum(line.startswith("x-") for line in fields_of(raw)) == 60


def test_connections_are_used_again() -> None:
    async def run() -> Upstream:
        async with answering(PLAIN) as seen, proxied(seen.address) as proxy:
            for _ in range(5):
                await proxy.get("/")
            await proxy.get("/", "Content-Length: 3", method="POST", body=b"abc")
            return seen

    seen = asyncio.run(run())
    assert len(seen.heads) == 6
    assert seen.connections == 1


def test_pipelined_requests_are_answered_in_order() -> None:
    one = b"GET /%d HTTP/1.1\r\nHost: shop.test\r\n%b\r\n"
    request = one % (1, b"") + one % (2, b"") + one % (3, b"Connection: close\r\n")
    raw, seen = _ask(request, answer(b"1"), answer(b"2"), answer(b"3"))
    assert raw.count(b"HTTP/1.1 200") == 3
    assert [head.split(b" ")[1] for head in seen.heads] == [b"/1", b"/2", b"/3"]


def test_hooks_of_the_guard() -> None:
    added = [(b"X-User", b"alice")]

    def run_with(scope_of: dict[str, object]) -> Upstream:
        async def run() -> Upstream:
            async with answering() as seen, proxied(seen.address, wrap=lambda app: _setting(app, scope_of)) as proxy:
                await proxy.get("/", "Accept-Encoding: gzip", "X_User: mallory", "Connection: x-user")
                return seen

        return asyncio.run(run())

    seen = run_with({"apiward.identity": True, "apiward.add": added})
    assert [line for line in seen.lines() if line.startswith(("accept-enc", "x-user", "X-User", "x_user"))] == [
        "X-User: alice",
        "accept-encoding: identity",
    ]
    refused = run_with({"apiward.add": [(b"x-user", b"a\r\nx-admin: 1")]})
    assert not refused.heads


def _setting(app: App, values: dict[str, object]) -> App:
    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope.update(values)
        await app(scope, receive, send)

    return wrapped


def test_a_problem_says_little_and_says_it_as_json() -> None:
    async def run(proxy_to: str) -> bytes:
        async with proxied(proxy_to) as proxy:
            return await proxy.get("/", method="POST")

    raw = asyncio.run(run("http://127.0.0.1:1"))
    assert status_of(raw) == 502
    assert "content-type: application/problem+json" in fields_of(raw)
    said = json.loads(body_in(raw))
    assert said["status"] == 502
    assert said["incident"]
    assert "127.0.0.1" not in raw.decode()
