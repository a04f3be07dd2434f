import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import Api, Body, Operation, SchemeKind, SecurityScheme
from apiward.core.api import Place as ParameterPlace
from apiward.core.call import BodyKind, Call
from apiward.core.decision import Decision, Effect
from apiward.guard.stages.protocol import Protocol, ProtocolSettings
from tests.guard.calls import parts, raw_call

HOST = (b"host", b"shop.test")
JSON = (b"content-type", b"application/json")
LENGTH = (b"content-length", b"2")
API = Api(
    "shop",
    "1",
    (
        Operation("SEARCH", "/items", bodies=(Body("application/vnd.shop"),)),
        Operation("GET", "/items"),
    ),
    schemes={"key": SecurityScheme("key", SchemeKind.API_KEY, ParameterPlace.HEADER, "X-Shop-Key")},
)


def protocol(*, api: Api | None = None, **settings: object) -> Protocol:
    return Protocol(ProtocolSettings(**settings), parts(api=api))  # type: ignore[arg-type]


STAGE = protocol()


def head(
    *headers: tuple[bytes, bytes],
    stage: Protocol = STAGE,
    method: str = "GET",
    version: str = "1.1",
    path: bytes = b"/a",
) -> tuple[str, Call]:
    call = raw_call(method, path, headers=(HOST, *headers), http_version=version)
    return rule_of(stage.on_head(call)), call


def rule_of(decision: Decision | None) -> str:
    return decision.rule.removeprefix("protocol.") if decision else "passes"


def test_an_ordinary_request_passes_and_is_read() -> None:
    call = raw_call("POST", b"/a%20b", b"q=x+y&z=%C3%A9&e", headers=(HOST, JSON, LENGTH))
    assert STAGE.on_head(call) is None
    assert call.path == "/a b"
    assert call.query_pairs == [("q", "x y"), ("z", "é"), ("e", "")]
    assert call.header == {b"host": b"shop.test", b"content-type": b"application/json", b"content-length": b"2"}
    assert call.body_kind is BodyKind.JSON
    assert STAGE.wants_body(call)


def test_methods_that_are_not_listed_or_described_are_refused_with_those_that_are() -> None:
    decision = STAGE.on_head(raw_call("TRACE"))
    assert decision is not None
    assert decision.rule == "protocol.method"
    assert decision.headers == ((b"allow", b"DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"),)
    assert head(method="get")[0] == "method"
    assert head(method="SEARCH")[0] == "method"
    assert head(method="SEARCH", stage=protocol(api=API))[0] == "passes"


@pytest.mark.parametrize(
    "header",
    [(b"x-http-method-override", b"DELETE"), (b"x-http-method", b"PUT"), (b"x-method-override", b"PATCH")],
)
def test_a_second_method_is_refused(header: tuple[bytes, bytes]) -> None:
    assert head(header, method="POST")[0] == "method-override"
    assert head((header[0].replace(b"-", b"_"), header[1]), method="POST")[0] == "header-syntax"
    assert head(header, method="POST", stage=protocol(method_override=True))[0] == "passes"


def test_a_field_that_names_another_method_is_refused() -> None:
    for query in (b"_method=DELETE", b"a=1&%5Fmethod=delete", b"_method=%44ELETE"):
        assert rule_of(STAGE.on_head(raw_call("POST", b"/a", query))) == "method-override"
    for query in (b"_method=POST", b"_method=cash", b"method=DELETE"):
        assert STAGE.on_head(raw_call("POST", b"/a", query)) is None


def test_headers_that_name_another_path_are_taken_off() -> None:
    call = raw_call(headers=(HOST, (b"x-original-url", b"/admin"), (b"x-rewrite-url", b"/admin")))
    decision = STAGE.on_head(call)
    assert decision is not None
    assert decision.effect is Effect.EDIT
    assert decision.edit is not None
    assert decision.edit.removed == {b"x-original-url", b"x-rewrite-url"}
    assert (b"x-original-url", b"/admin") in call.headers


@pytest.mark.parametrize(
    ("header", "rule"),
    [
        ((b"transfer-encoding", b"gzip, chunked"), "transfer-encoding"),
        ((b"transfer-encoding", b"xchunked"), "transfer-encoding"),
        ((b"transfer-encoding", b"chunked, identity"), "transfer-encoding"),
        ((b"te", b"gzip"), "transfer-encoding"),
        ((b"content-length", b"+2"), "length"),
        ((b"content-length", b"2, 2"), "length"),
        ((b"content-length", b"0x2"), "length"),
        ((b"content-length", b""), "length"),
        ((b"content-length", b"-1"), "length"),
        ((b"content-length", b"9" * 16), "length"),
        ((b"connection", b"close, host"), "connection"),
        ((b"upgrade", b"h2c"), "upgrade"),
        ((b"expect", b"200-ok"), "expectation"),
        ((b"range", b"bytes=" + b"0-," * 20), "range"),
        ((b"x\x00", b"1"), "header-syntax"),
        ((b"x y", b"1"), "header-syntax"),
        ((b"", b"1"), "header-syntax"),
        ((b"X-Up", b"1"), "header-syntax"),
        ((b"x", b"a\r\nb: c"), "header-syntax"),
        ((b"x", b"a\x00"), "header-syntax"),
        ((b"content_length", b"2"), "header-syntax"),
        ((b"host", b"other.test"), "header-repeated"),
    ],
)
def test_odd_headers_are_refused(header: tuple[bytes, bytes], rule: str) -> None:
    assert head(header, method="POST")[0] == rule


@pytest.mark.parametrize(
    "header",
    [
        (b"te", b"trailers"), (b"connection", b"keep-alive, Upgrade"), (b"upgrade", b"websocket"),
        (b"expect", b"100-Continue"), (b"range", b"bytes=0-99"), (b"content-length", b"0"), (b"x_shop", b"1"),
        (b"user-agent", b"caf\xc3\xa9\t(x)"), (b"connection", b"close"), (b"connection", b"x-unknown"),
    ],
)  # fmt: skip
def test_ordinary_headers_pass(header: tuple[bytes, bytes]) -> None:
    assert head(header)[0] == "passes"


def test_length_and_transfer_encoding_do_not_go_together() -> None:
    chunked = (b"transfer-encoding", b"chunked")
    assert head(LENGTH, chunked, JSON, method="POST")[0] == "length"
    assert head(chunked, JSON, method="POST")[0] == "passes"


def test_http2_has_no_connection_headers_and_may_split_cookies() -> None:
    for name in (b"connection", b"keep-alive", b"transfer-encoding", b"upgrade", b"proxy-connection"):
        assert head((name, b"chunked"), method="POST", version="2")[0] == "connection"
    rule, call = head((b"cookie", b"a=1"), (b"cookie", b"b=2"), version="2")
    assert rule == "passes"
    assert call.header[b"cookie"] == b"a=1; b=2"
    assert head((b"cookie", b"a=1"), (b"cookie", b"b=2"))[0] == "header-repeated"


def test_headers_that_may_come_once_come_once() -> None:
    for name in (b"authorization", b"content-type", b"origin", b"x-api-key"):
        assert head((name, b"a"), (name, b"b"))[0] == "header-repeated"
    assert head((b"x-shop-key", b"a"), (b"x-shop-key", b"b"))[0] == "passes"
    assert head((b"x-shop-key", b"a"), (b"x-shop-key", b"b"), stage=protocol(api=API))[0] == "header-repeated"
    assert head((b"x-own", b"a"), (b"x-own", b"b"), stage=protocol(single_headers=("X-Own",)))[0] == "header-repeated"
    rule, call = head((b"accept", b"a"), (b"accept", b"b"))
    assert rule == "passes"
    assert call.header[b"accept"] == b"a"


def test_many_and_large_headers_are_refused() -> None:
    assert head(*[(b"x%d" % number, b"1") for number in range(100)])[0] == "headers-too-large"
    assert head(*[(b"x%d" % number, b"1") for number in range(99)])[0] == "passes"
    assert head((b"x", b"a" * 8_192))[0] == "headers-too-large"
    assert head((b"x", b"a" * 8_191))[0] == "passes"
    assert head(*[(b"x%d" % number, b"a" * 8_000) for number in range(5)])[0] == "headers-too-large"


@pytest.mark.parametrize(
    "host", [b"", b"a b", b"a/b", b"a@b", b"a,b", b"-a", b"a:99999", b"a:", b"[::1", b"a\xff", b"#"]
)
def test_what_is_no_host_is_refused(host: bytes) -> None:
    assert rule_of(STAGE.on_head(raw_call(headers=((b"host", host),)))) == "host"


def test_a_host_must_be_named_and_be_one_of_ours() -> None:
    assert rule_of(STAGE.on_head(raw_call(headers=()))) == "host"
    assert STAGE.on_head(raw_call(headers=(), http_version="1.0")) is None
    stage = protocol(hosts=("shop.test", "*.shop.test"))
    for host in (b"shop.test", b"SHOP.test:8080", b"a.b.shop.test", b"shop.test."):
        assert stage.on_head(raw_call(headers=((b"host", host),))) is None
    for host in (b"evil.test", b"myshop.test", b"shop.test.evil.test", b"127.0.0.1", b"[::1]:80"):
        assert rule_of(stage.on_head(raw_call(headers=((b"host", host),)))) == "host-unknown"
    assert STAGE.on_head(raw_call(headers=((b"host", b"[::1]:80"),))) is None


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (b"application/json", "passes"),
        (b"application/json; charset=UTF-8", "passes"),
        (b'Application/Problem+JSON;charset="utf-8"', "passes"),
        (b"image/png", "passes"),
        (b"application/json; charset=utf-7", "charset"),
        (b"application/json; charset=ibm037", "charset"),
        (b"text/plain; charset=utf-16le", "charset"),
        (b"application/json; charset=utf-8; charset=utf-7", "content-type"),
        (b"application/json, text/plain", "content-type"),
        (b"application/x-java-serialized-object", "content-type"),
        (b"application/json x", "content-type"),
        (b"json", "content-type"),
        (b"", "content-type"),
        (b"multipart/form-data", "multipart"),
        (b"multipart/form-data; boundary=a b", "content-type"),
        (b"multipart/form-data; boundary=" + b"a" * 71, "multipart"),
        (b"multipart/mixed; boundary=x", "content-type"),
        (b"application/vnd.shop", "content-type"),
    ],
)  # fmt: skip
def test_content_types(value: bytes, rule: str) -> None:
    assert head((b"content-type", value), LENGTH, method="POST")[0] == rule


def test_described_content_types_are_taken_and_types_without_a_body_do_not_matter() -> None:
    assert (
        head((b"content-type", b"application/vnd.shop"), LENGTH, method="POST", stage=protocol(api=API))[0] == "passes"
    )
    rule, call = head((b"content-type", b"any thing"))
    assert rule == "passes"
    assert call.body_kind is BodyKind.NONE
    assert not STAGE.wants_body(call)


def test_bodies_where_none_belong_and_without_a_type_are_refused() -> None:
    assert head(JSON, LENGTH)[0] == "body-unexpected"
    assert head(JSON, (b"transfer-encoding", b"chunked"), method="HEAD")[0] == "body-unexpected"
    assert head(JSON, LENGTH, stage=protocol(body_methods=("GET", "POST")))[0] == "passes"
    assert head(JSON, LENGTH, method="SEARCH", stage=protocol(api=API))[0] == "passes"
    assert head(LENGTH, method="POST")[0] == "content-type-missing"
    assert head(LENGTH, method="POST", stage=protocol(untyped_bodies=True))[0] == "passes"


def test_announced_sizes_are_held_to_their_limits() -> None:
    stage = protocol(largest_json=1_024)
    assert head(JSON, (b"content-length", b"1024"), method="POST", stage=stage)[0] == "passes"
    assert head(JSON, (b"content-length", b"1025"), method="POST", stage=stage)[0] == "body-too-large"


def test_compressions() -> None:
    for encoding, rule in ((b"gzip", "passes"), (b"identity", "passes"), (b"gzip, gzip", "content-encoding")):
        assert head(JSON, LENGTH, (b"content-encoding", encoding), method="POST")[0] == rule
    assert head(JSON, LENGTH, (b"content-encoding", b"br"), method="POST", stage=protocol(encodings=()))[0] == (
        "content-encoding"
    )


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        (b"a=%", "query-encoding"), (b"a=%u0041", "query-encoding"), (b"a=%ff", "query-encoding"),
        (b"a=%00", "query-encoding"), (b"a=\xc3\xa9", "query-encoding"), (b"a=1#x", "query-encoding"),
        (b"a=" + b"1" * 8_192, "query-too-long"), (b"a=1&" * 300, "query-too-long"),
        (b"a=%0d%0a&b=<'\">", "passes"), (b"filter[name]=x&&y", "passes"), (b"u=https%3A%2F%2Fx%3Fa%3D%2520", "passes"),
    ],
)  # fmt: skip
def test_queries(query: bytes, rule: str) -> None:
    assert rule_of(STAGE.on_head(raw_call("GET", b"/a", query))) == rule


def test_large_binary_bodies_go_past_unread() -> None:
    png = (b"content-type", b"image/png")
    for length, wanted in ((b"1000", True), (b"50000000", False)):
        rule, call = head(png, (b"content-length", length), method="PUT")
        assert rule == "passes"
        assert STAGE.wants_body(call) is wanted


def test_a_guard_that_only_watches_still_reads_what_it_can() -> None:
    call = raw_call("POST", b"/a//b%zz", b"a=1&b=%zz", headers=(HOST, HOST, JSON, LENGTH), body=b"{}")
    assert STAGE.on_head(call) is not None
    assert call.path == "/a//b%zz"
    assert call.query_pairs == [("a", "1"), ("b", "%zz")]
    assert call.body_kind is BodyKind.JSON
    assert STAGE.on_body(call) is None
    assert call.value == {}


@pytest.mark.parametrize(
    "settings",
    [{"methods": ("get",)}, {"methods": ("CONNECT",)}, {"encodings": ("zstd",)}, {"charsets": ("utf-16",)}],
)
def test_settings_that_cannot_be_are_said(settings: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ValueError, match=f"^{next(iter(settings))}: "):
        ProtocolSettings(**settings)  # type: ignore[arg-type]


NAMES = st.sampled_from(
    b"host content-length content-type transfer-encoding connection cookie upgrade te range content-encoding".split()
)
TEXTS = st.binary(max_size=20) | st.sampled_from([b"chunked", b"2", b"application/json", b"gzip", b"shop.test"])


@given(
    st.sampled_from(["GET", "POST", "BREW", ""]),
    st.binary(max_size=30),
    st.binary(max_size=30),
    st.lists(st.tuples(NAMES | st.binary(max_size=8), TEXTS), max_size=8),
    st.sampled_from(["1.0", "1.1", "2", "3"]),
    st.binary(max_size=30),
)
def test_no_bytes_make_it_fail(
    method: str, path: bytes, query: bytes, headers: list[tuple[bytes, bytes]], version: str, body: bytes
) -> None:
    call = raw_call(method, path, query, headers=tuple(headers), http_version=version, body=body)
    STAGE.on_head(call)
    STAGE.wants_body(call)
    STAGE.on_body(call)
