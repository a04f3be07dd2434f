"""The question of another proxy, and the guard's answer; a real nginx asks in tests/frameworks/test_nginx.py."""

import asyncio
import json
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.call import Answer, BodyKind, Call
from apiward.core.decision import Decision, Edit, Effect, Ruling
from apiward.core.ports import StreamEditor
from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind
from apiward.net.asked import Pair, UnclearError, read_asked
from apiward.net.messages import Message
from apiward.net.verifying import VerifyApp, VerifySettings

ADA: Final = Principal(
    PrincipalKind.USER, "ada", issuer="https://id.test", roles=frozenset({"b,c", "a"}), is_verified=True
)
NGINX: Final = {"x-original-method": "GET", "x-original-uri": "/orders?q=1"}
TRAEFIK: Final = {"x-forwarded-method": "GET", "x-forwarded-uri": "/orders?q=1"}
PAIRS: Final = [NGINX, TRAEFIK]


class FakeGate:
    """A gate that says what it is told to, and keeps what it saw."""

    max_body = 1024

    def __init__(
        self,
        *,
        head: Decision | None = None,
        body: Decision | None = None,
        rulings: tuple[Ruling, ...] = (),
        principal: Principal = ANONYMOUS,
    ) -> None:
        self.head, self.body, self.rulings, self.principal = head, body, rulings, principal
        self.calls: list[Call] = []
        self.bodies_seen = 0
        self.ends: list[tuple[int, str]] = []

    async def judge_head(self, call: Call, *, may_end: bool = False) -> Decision | None:
        self.calls.append(call)
        call.header = dict(reversed(call.headers))
        call.body_kind = BodyKind.NONE
        call.principal = self.principal
        call.rulings.extend(self.rulings)
        return self.head

    def wants_body(self, call: Call) -> bool:
        return True

    def judge_size(self, call: Call) -> Decision | None:
        """Never asked: bodies are not seen here."""
        raise AssertionError("there is no body")

    async def judge_body(self, call: Call) -> Decision | None:
        self.bodies_seen += 1
        return self.body

    async def judge_more(self, call: Call, piece: bytes, *, is_last: bool) -> Decision | None:
        """Let it pass."""
        return None

    def wants_answer(self, call: Call, answer: Answer) -> bool:
        raise AssertionError("answers never come here")

    async def judge_answer(self, call: Call, answer: Answer) -> Decision | None:
        raise AssertionError("answers never come here")

    def stream_editor(self, call: Call, answer: Answer) -> StreamEditor | None:
        raise AssertionError("answers never come here")

    def refusal(self, call: Call, decision: Decision) -> Answer:
        status = {"permit.log-in": 401, "flood.too-many": 429}.get(decision.rule, 400)
        told = {"type": decision.rule, "field": decision.place}
        return Answer(status, [(b"content-type", b"application/problem+json")], json.dumps(told).encode())

    def finish(self, call: Call, *, status: int, outcome: str, answer_size: int) -> None:
        self.ends.append((status, outcome))


Told = tuple[int, dict[str, str], bytes]


def _ask(
    gate: FakeGate, headers: dict[str, str] | list[tuple[str, str]], *, peer: str = "127.0.0.1", **more: object
) -> Told:
    pairs = list(headers.items()) if isinstance(headers, dict) else headers
    scope: Message = {
        "type": "http",
        "method": "GET",
        "path": "/verify",
        "raw_path": b"/verify",
        "headers": [(b"host", b"shop.test"), *((name.encode(), text.encode("latin-1")) for name, text in pairs)],
        "client": (peer, 1) if peer else None,
        "http_version": "1.1",
        **more,
    }
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("bodies are not read")

    async def send(message: Message) -> None:
        sent.append(message)

    app = VerifyApp(gate, VerifySettings(("127.0.0.0/8", "10.0.0.0/8")), clock=lambda: 5.0, new_incident=lambda: "i1")
    asyncio.run(app(scope, receive, send))
    fields = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], fields, sent[1]["body"]


@pytest.mark.parametrize("pair", PAIRS)
def test_a_good_request_is_waved_through_with_who_calls(pair: dict[str, str]) -> None:
    gate = FakeGate(principal=ADA)
    status, headers, body = _ask(gate, pair)
    assert (status, body) == (204, b"")
    assert headers["x-apiward-user"] == "ada"
    assert headers["x-apiward-roles"] == "a,b%2Cc"
    assert headers["x-apiward-principal"] == "user:https://id.test|ada"
    (call,) = gate.calls
    assert (call.method, call.target_path, call.query, call.peer) == ("GET", b"/orders", b"q=1", "127.0.0.1")
    assert gate.ends == [(204, "passed")]


def test_of_whom_the_guard_did_not_check_nothing_is_promised() -> None:
    for who in (ANONYMOUS, Principal(PrincipalKind.TOKEN, "f00", roles=frozenset({"admin"}))):
        _, headers, _ = _ask(FakeGate(principal=who), NGINX)
        assert (headers["x-apiward-user"], headers["x-apiward-roles"]) == ("", "")
        assert headers["x-apiward-principal"] == who.key


@pytest.mark.parametrize("name", ["a\r\nX-Admin: 1", "ä€", "a b", "%41", "\udc80"])
def test_a_name_never_breaks_out_of_its_header(name: str) -> None:
    _, headers, _ = _ask(FakeGate(principal=Principal(PrincipalKind.USER, name, is_verified=True)), NGINX)
    assert headers["x-apiward-user"].isascii()
    assert headers["x-apiward-user"].isprintable()


@pytest.mark.parametrize(("rule", "real", "for_nginx"), [("permit.log-in", 401, 401), ("flood.too-many", 429, 403)])
def test_a_refusal_has_a_status_that_the_proxy_knows(rule: str, real: int, for_nginx: int) -> None:
    for decided in (FakeGate(head=Decision(rule)), FakeGate(body=Decision(rule))):
        status, headers, body = _ask(decided, NGINX)
        assert (status, headers["x-apiward-status"], json.loads(body)["type"]) == (for_nginx, str(real), rule)
        assert decided.ends == [(real, "refused")]
    status, headers, _ = _ask(FakeGate(head=Decision(rule)), TRAEFIK)
    assert (status, "x-apiward-status" in headers) == (real, False)


@pytest.mark.parametrize("peer", ["192.0.2.1", "::ffff:192.0.2.1", "testclient"])
def test_others_are_not_answered(peer: str) -> None:
    gate = FakeGate()
    assert _ask(gate, NGINX, peer=peer)[0] == 403
    assert (gate.calls, gate.ends) == ([], [])


@pytest.mark.parametrize("peer", ["127.0.0.1", "10.2.3.4", "::ffff:10.2.3.4", ""])
def test_proxies_on_the_list_are(peer: str) -> None:
    assert _ask(FakeGate(), NGINX, peer=peer)[0] == 204


def test_there_is_one_place_alone() -> None:
    assert _ask(FakeGate(), NGINX, path="/")[0] == 404


SPOOFS: Final[list[tuple[str, list[tuple[str, str]]]]] = [
    ("none", []),
    ("both pairs", [*NGINX.items(), *TRAEFIK.items()]),
    ("nginx and a caller's uri", [*NGINX.items(), ("x-forwarded-uri", "/free")]),
    ("traefik and a caller's method", [*TRAEFIK.items(), ("x-original-method", "GET")]),
    ("half a pair", [("x-original-uri", "/orders")]),
    ("half of each", [("x-original-uri", "/orders"), ("x-forwarded-method", "GET")]),
    ("twice", [*NGINX.items(), ("x-original-uri", "/free")]),
    ("twice the same", [*NGINX.items(), ("x-original-uri", "/orders?q=1")]),
    ("two methods", [*NGINX.items(), ("x-original-method", "GET")]),
    ("listed", [("x-original-method", "GET, POST"), ("x-original-uri", "/a")]),
    ("underscore", [*NGINX.items(), ("x_original_uri", "/free")]),
    ("dot", [*TRAEFIK.items(), ("x-forwarded.uri", "/free")]),
    ("no method", [("x-original-method", ""), ("x-original-uri", "/a")]),
    ("no path", [("x-original-method", "GET"), ("x-original-uri", "")]),
    ("fragment", [("x-original-method", "GET"), ("x-original-uri", "/admin#/free")]),
    ("fragment in the query", [("x-original-method", "GET"), ("x-original-uri", "/admin?a#/free")]),
    ("absolute", [("x-original-method", "GET"), ("x-original-uri", "http://shop.test/free")]),
    ("no slash", [("x-original-method", "GET"), ("x-original-uri", "free")]),
    ("blank", [("x-original-method", "GET"), ("x-original-uri", "/admin /free")]),
    ("tab", [("x-original-method", "GET"), ("x-original-uri", "/admin\t/free")]),
    ("raw byte", [("x-original-method", "GET"), ("x-original-uri", "/admin\xe9")]),
    ("two hosts", [*TRAEFIK.items(), ("x-forwarded-host", "a.test"), ("x-forwarded-host", "b.test")]),
    ("listed hosts", [*TRAEFIK.items(), ("x-forwarded-host", "a.test, b.test")]),
    ("listed schemes", [*TRAEFIK.items(), ("x-forwarded-proto", "http,https")]),
    ("two schemes", [*NGINX.items(), ("x-forwarded-proto", "http"), ("x-forwarded-proto", "https")]),
]


@pytest.mark.parametrize(("name", "headers"), SPOOFS, ids=[name for name, _ in SPOOFS])
def test_what_is_not_clear_is_refused_before_anything_is_judged(name: str, headers: list[tuple[str, str]]) -> None:
    gate = FakeGate(principal=ADA)
    status, told, body = _ask(gate, headers)
    assert status in {400, 403}
    assert json.loads(body)["type"] == "guard.unclear-question"
    assert "x-apiward-user" not in told
    assert (gate.calls, gate.ends) == ([], [(400, "refused")])


def test_the_request_is_put_together_again() -> None:
    asked = read_asked(
        [
            (b"host", b"guard:8080"),
            (b"x-forwarded-method", b"POST"),
            (b"x-forwarded-uri", b"/a%2Fb;c//d?x=/e?f"),
            (b"x-forwarded-host", b"shop.test:8443"),
            (b"x-forwarded-proto", b"wss"),
            (b"connection", b"close"),
            (b"transfer-encoding", b"chunked"),
            (b"content-type", b"application/json"),
            (b"x-forwarded-for", b"192.0.2.1"),
        ]
    )
    assert asked.pair is Pair.FORWARDED
    assert (asked.method, asked.path, asked.query) == ("POST", b"/a%2Fb;c//d", b"x=/e?f")
    assert asked.scheme == "https"
    assert asked.headers == [
        (b"host", b"shop.test:8443"),
        (b"content-type", b"application/json"),
        (b"x-forwarded-for", b"192.0.2.1"),
    ]


def test_with_nginx_the_host_is_the_one_that_it_sends() -> None:
    asked = read_asked(
        [
            (b"host", b"shop.test"),
            (b"x-original-method", b"GET"),
            (b"x-original-uri", b"/"),
            (b"x-forwarded-host", b"x.test"),
        ]
    )
    assert (asked.headers, asked.scheme) == ([(b"host", b"shop.test")], "http")


@pytest.mark.parametrize(
    ("method", "more", "is_whole"),
    [
        ("GET", {}, True),
        ("HEAD", {}, True),
        ("POST", {"content-type": "application/json"}, False),
        ("DELETE", {}, True),
        ("POST", {}, True),
    ],
)
def test_a_body_counts_as_unseen_where_there_may_be_one(method: str, more: dict[str, str], *, is_whole: bool) -> None:
    gate = FakeGate()
    _ask(gate, {**NGINX, "x-original-method": method, **more})
    assert (gate.calls[0].is_body_whole, gate.bodies_seen) == (is_whole, 1)


SPOOFED: Final = Ruling(
    Decision(
        "origin.identity", Effect.EDIT, "header x-apiward-user", edit=Edit(removed=frozenset({b"x-apiward-user"}))
    ),
    is_applied=True,
)
LEAVE: Final = Decision("harden.preflight", Effect.EDIT, edit=Edit(status=204))


def test_what_would_have_to_be_changed_is_refused() -> None:
    status, _, body = _ask(FakeGate(rulings=(SPOOFED,)), TRAEFIK)
    assert (status, json.loads(body)) == (400, {"type": "guard.cannot-change", "field": "header x-apiward-user"})


def test_what_is_only_watched_passes() -> None:
    assert _ask(FakeGate(rulings=(Ruling(SPOOFED.decision, is_applied=False),)), TRAEFIK)[0] == 204


def test_a_browser_that_asks_for_leave_is_answered_by_the_api() -> None:
    assert _ask(FakeGate(head=LEAVE, rulings=(Ruling(LEAVE, is_applied=True),)), TRAEFIK)[0] == 204
    assert _ask(FakeGate(head=LEAVE, rulings=(SPOOFED, Ruling(LEAVE, is_applied=True))), TRAEFIK)[0] == 400


def test_a_websocket_is_closed() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    asyncio.run(VerifyApp(FakeGate(), clock=lambda: 0.0)({"type": "websocket"}, receive, send))
    assert [message["type"] for message in sent] == ["websocket.close"]


def test_networks_that_are_none_are_said() -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        VerifySettings(("proxy.test",))


_NAMES = st.sampled_from([*NGINX, *TRAEFIK, "x-forwarded-host", "x-forwarded-proto", "x-original_uri", "host"])


@given(st.lists(st.tuples(_NAMES.map(str.encode), st.binary(max_size=12) | st.sampled_from([b"GET", b"/a"]))))
def test_whatever_comes_is_read_or_unclear(headers: list[tuple[bytes, bytes]]) -> None:
    try:
        asked = read_asked(headers)
    except UnclearError:
        return
    for name in asked.pair.value:
        assert [key for key, _ in headers].count(name) == 1
    assert b"#" not in asked.path
    assert asked.path.startswith(b"/")
