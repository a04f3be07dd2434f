"""Nobody says from outside who is calling, from where, or for which address."""

from typing import Final

import pytest

from tests.guarded.guards import RunningGuard
from tests.guarded.recording import Recorder
from tests.guarded.speaking import ask, ask_at_once, get, opening, request2, status_of

_CLAIMED: Final = "203.0.113.99"
_CLAIMS: Final = """X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto X-Forwarded-Port X-Forwarded-Prefix X-Forwarded
Forwarded X-Real-IP X-Client-IP Client-IP True-Client-IP CF-Connecting-IP X-Cluster-Client-IP X-Original-URL
X-Rewrite-URL X-Original-Forwarded-For X-Remote-Addr X-Originating-IP Fastly-Client-IP X-Forwarded-Server""".split()
_IDENTITIES: Final = """X-User X-User-Id X-Username X-User-Email X-User-Role X-Roles Remote-User X-Remote-User
X-Forwarded-User X-Forwarded-Email X-Forwarded-Groups X-Auth-Request-User X-Authenticated-Userid X-Consumer-Id
X-WebAuth-User X-Authentik-Username X-Apiward-User X-Client-Cert X-SSL-Client-S-DN X-Goog-IAP-JWT-Assertion
X-Amzn-Oidc-Data X-MS-Client-Principal-Id Tailscale-User-Login X-Pomerium-Jwt-Assertion Client-Cert""".split()


def _spellings(name: str) -> list[str]:
    half = name.replace("-", "_", 1)
    return [name, name.lower(), name.upper(), name.replace("-", "_"), half, name.replace("-", "."), name.swapcase()]


_REQUEST: Final = f"GET {{}} HTTP/1.1\r\nHost: shop.test\r\n{{}}: {_CLAIMED}\r\nConnection: close\r\n\r\n"
_ALL: Final = sorted({spelling for name in (*_CLAIMS, *_IDENTITIES) for spelling in _spellings(name)})


def test_claims_and_identities_are_taken_off_in_every_spelling(api: Recorder, guard: RunningGuard) -> None:
    payloads = {name: _REQUEST.format(f"/claim-{number}-", name).encode() for number, name in enumerate(_ALL)}
    ask_at_once(guard.port, payloads)

    seen = {one.target: one for number, _ in enumerate(_ALL) for one in api.at(f"claim-{number}-")}
    assert len(seen) > len(_ALL) / 2  # some spellings are refused outright
    assert [one.raw_head for one in seen.values() if _CLAIMED.encode() in one.raw_head] == []
    assert {tuple(one.values(b"x-forwarded-for")) for one in seen.values()} == {(b"127.0.0.1",)}


def test_an_ordinary_header_of_the_same_value_passes(api: Recorder, guard: RunningGuard) -> None:
    get(guard.port, "/plain-header-", f"X-Request-Note: {_CLAIMED}", "X_Other_Note: 1")
    (seen,) = api.at("/plain-header-")
    assert seen.values(b"x-request-note") == [_CLAIMED.encode()]
    assert seen.values(b"x-other-note") == [b"1"]


def test_two_copies_in_two_spellings_are_both_taken_off(api: Recorder, guard: RunningGuard) -> None:
    get(guard.port, "/twice-", "X-User-Id: 1", "x_user_id: 2", "X-USER_ID: 3", "X-User-Id: 4")
    assert [seen.values(b"x-user-id") for seen in api.at("/twice-")] == [[]]


def test_http2_is_no_way_around(api: Recorder, guard: RunningGuard) -> None:
    fields = [(name.lower().encode(), _CLAIMED.encode()) for name in ("X-User-Id", "x_user_id", "X-Real-Ip")]
    ask(guard.port, opening(request2(b"GET", b"/spoof-2-", *fields)), wait_s=1)
    (seen,) = api.at("/spoof-2-")
    assert _CLAIMED.encode() not in seen.raw_head


@pytest.mark.parametrize(
    "named", ["Authorization", "authorization, close", "Cookie", "Content-Length", "Host", "Content-Type", "X-Note"]
)
def test_connection_takes_nothing_off_that_was_judged(api: Recorder, guard: RunningGuard, named: str) -> None:
    target = f"/named-{named.partition(',')[0].lower()}-"
    lines = [
        f"POST {target} HTTP/1.1",
        "Host: shop.test",
        "Authorization: Basic YTpi",
        "Cookie: a=1",
        "Content-Type: application/json",
        "Content-Length: 2",
        "X-Note: 1",
        f"Connection: {named}, close",
    ]
    said = ask(guard.port, "\r\n".join([*lines, "", "{}"]).encode(), wait_s=2)
    for seen in api.at(target):
        assert seen.values(b"authorization") == [b"Basic YTpi"]
        assert (seen.values(b"cookie"), seen.body) == ([b"a=1"], b"{}")
    assert status_of(said) in {200, 400, 401}


def test_hop_by_hop_fields_stay_here(api: Recorder, guard: RunningGuard) -> None:
    get(guard.port, "/hops-", "Keep-Alive: timeout=5", "Proxy-Connection: close", "Proxy-Authorization: Basic YTpi")
    (seen,) = api.at("/hops-")
    for name in (b"keep-alive", b"proxy-connection", b"proxy-authorization", b"connection", b"te"):
        assert seen.values(name) == []


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /host-a- HTTP/1.1\r\nHost: shop.test\r\nHost: evil.test\r\n\r\n",
        b"GET /host-b- HTTP/1.1\r\n\r\n",
        b"GET /host-c- HTTP/1.1\r\nHost:\r\n\r\n",
        b"GET /host-d- HTTP/1.1\r\nHost: shop.test@evil.test\r\n\r\n",
        b"GET /host-e- HTTP/1.1\r\nHost: shop.test/evil\r\n\r\n",
        b"GET /host-f- HTTP/1.1\r\nHost: shop.test:99999\r\n\r\n",
        b"GET /host-g- HTTP/1.1\r\nHost: shop.test evil.test\r\n\r\n",
        b"CONNECT evil.test:80 HTTP/1.1\r\nHost: evil.test:80\r\n\r\n",
        b"TRACE /host-h- HTTP/1.1\r\nHost: shop.test\r\n\r\n",
        b"get /host-i- HTTP/1.1\r\nHost: shop.test\r\n\r\n",
        b"GET /host-j- HTTP/1.1\r\nHost: shop.test\r\nX-HTTP-Method-Override: DELETE\r\n\r\n",
        b"GET /host-k-?_method=DELETE HTTP/1.1\r\nHost: shop.test\r\n\r\n",
    ],
)
def test_a_confused_host_or_method_is_refused(api: Recorder, guard: RunningGuard, request_: bytes) -> None:
    said = ask(guard.port, request_.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert 400 <= status_of(said) < 500
    assert api.at("/host-") == []


def test_an_absolute_target_cannot_choose_the_server(api: Recorder, guard: RunningGuard) -> None:
    ask(guard.port, b"GET http://evil.test/absolute- HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n")
    (seen,) = api.at("/absolute-")
    assert seen.target == "/absolute-"
    assert b"evil.test" not in seen.raw_head


@pytest.mark.parametrize("target", ["/shop", "/%2f", "/nowhere"])
def test_no_answer_names_the_server_in_front(api: Recorder, guard: RunningGuard, target: str) -> None:
    head = get(guard.port, target).partition(b"\r\n\r\n")[0].lower()
    assert b"\r\nserver: -" in head
    assert b"granian" not in head
