"""The head of the request that goes upstream, without a server around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.call import MOST_READY, HeaderBlock
from apiward.net.proxy.calls import Call
from apiward.net.proxy.failures import RefusedRequestError
from apiward.net.proxy.headers import CHUNKED, HeadWriter, target_of
from apiward.net.proxy.messages import Fields, Message, Scope
from apiward.net.proxy.upstreams import Upstreams, UpstreamSettings


def _scope(*fields: tuple[bytes, bytes], **changes: object) -> Scope:
    scope: Scope = {
        "type": "http", "method": "GET", "scheme": "https", "http_version": "1.1", "raw_path": b"/",
        "query_string": b"", "client": ("192.0.2.1", "5"), "headers": [(b"host", b"a.test:8443"), *fields],
    }  # fmt: skip
    scope.update(changes)
    return scope


async def _receive() -> Message:
    raise AssertionError("the body is there already")


def _sent(scope: Scope, body: bytes = b"", *, is_whole: bool = True) -> bytes:
    (upstream,) = Upstreams([UpstreamSettings(("http://up:81",))], lambda: 0.0).all
    call = Call(scope, _receive, HeadWriter("apiward").write(scope), body, is_whole)
    return call.data_for(upstream.servers[0], upstream)


def test_the_client_is_described_in_every_form() -> None:
    lines = _sent(_scope()).split(b"\r\n")
    assert b"x-forwarded-proto: https" in lines
    assert b"x-forwarded-host: a.test:8443" in lines
    assert b'forwarded: for=192.0.2.1;proto=https;host="a.test:8443"' in lines


def test_what_is_kept_ready_for_one_server_is_not_sent_to_another() -> None:
    (upstream,) = Upstreams([UpstreamSettings(("http://one:81", "http://two:82"))], lambda: 0.0).all
    writer, block = HeadWriter("apiward"), HeaderBlock([(b"host", b"a.test")])
    sent = []
    for server in (*upstream.servers, *upstream.servers):
        scope = _scope(headers=list(block), **{"apiward.block": block})
        call = Call(scope, _receive, writer.write(scope), b"", True)  # noqa: FBT003 - as the code has it
        sent.append(call.data_for(server, upstream))
    assert sent[:2] == sent[2:]
    assert [b"host: two:82" in one for one in sent] == [False, True, False, True]
    assert sent[0].replace(b"one:81", b"two:82") == sent[1]


def test_an_ipv6_client_is_quoted() -> None:
    lines = _sent(_scope(client=("2001:db8::1", "5"))).split(b"\r\n")
    assert b"x-forwarded-for: 2001:db8::1" in lines
    assert b'forwarded: for="[2001:db8::1]";proto=https;host="a.test:8443"' in lines


def test_no_client_is_said_to_be_unknown() -> None:
    lines = _sent(_scope(client=None)).split(b"\r\n")
    assert b'forwarded: for=unknown;proto=https;host="a.test:8443"' in lines
    assert not any(line.startswith(b"x-forwarded-for") for line in lines)


def test_in_http_2_only_reading_says_whether_there_is_a_body() -> None:
    writer = HeadWriter("apiward")
    assert writer.write(_scope(http_version="2")).length == CHUNKED
    assert writer.write(_scope(http_version="1.1")).length == 0
    assert b"content-length: 3\r\n\r\nabc" in _sent(_scope(http_version="2", method="POST"), b"abc")
    assert b"via: 2 apiward\r\n" in _sent(_scope(http_version="2"))


def test_cookies_that_http_2_has_split_are_joined() -> None:
    crumbs = [(b"cookie", b"a=1"), (b"x", b"y"), (b"cookie", b"b=2")]
    lines = _sent(_scope(*crumbs, http_version="2")).split(b"\r\n")
    assert [line for line in lines if line.startswith(b"cookie")] == [b"cookie: a=1; b=2"]


def test_a_body_that_the_guard_has_changed_gets_its_true_length() -> None:
    assert b"content-length: 2\r\n\r\n{}" in _sent(_scope((b"content-length", b"300"), method="POST"), b"{}")


@pytest.mark.parametrize(
    "changes",
    [
        {"raw_path": b"/a b"}, {"raw_path": b"a"}, {"raw_path": b""}, {"raw_path": b"/a\r\nX: 1"}, {"raw_path": b"/#"},
        {"raw_path": b"*"}, {"query_string": b"a b"}, {"query_string": b"a\n"}, {"method": "G T"}, {"method": ""},
        {"method": "CONNECT"}, {"headers": [(b"x", b"1\r\ny: 2")]}, {"headers": [(b"x", b"1\n")]},
        {"headers": [(b"x\r\ny", b"1")]}, {"headers": [(b"x", b"\0")]}, {"headers": [(b"host", b"a\r\nx: 1")]},
    ],
)  # fmt: skip
def test_what_could_split_a_request_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(RefusedRequestError):
        _sent(_scope(**changes))


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=12), st.binary(max_size=12)), max_size=5))
def test_whatever_the_fields_there_is_one_request(fields: Fields) -> None:
    try:
        sent = _sent(_scope(*fields))
    except RefusedRequestError:
        return
    assert sent.endswith(b"\r\n\r\n")
    assert sent.count(b"\r\n\r\n") == 1
    assert sent.count(b"\n") == sent.count(b"\r\n") == sent.count(b"\r")


@given(st.binary(max_size=30))
def test_a_target_is_the_same_or_refused(path: bytes) -> None:
    try:
        assert target_of(_scope(raw_path=path), b"") == path
    except RefusedRequestError:
        assert not path.startswith(b"/") or any(byte <= 32 or byte in {35, 127} for byte in path)


def test_memory_stays_bounded() -> None:
    writer = HeadWriter("apiward")
    for number in range(10_000):
        writer.write(_scope((b"x-%d" % number, b"1"), client=(f"host-{number}", "1")))
    assert len(writer._prefixes) <= 4096
    assert len(writer._clients) <= 4096


def test_a_head_that_came_before_is_written_as_it_was_the_first_time() -> None:
    writer = HeadWriter("apiward")
    block = HeaderBlock([(b"host", b"a.test"), (b"accept-encoding", b"br"), (b"x-a", b"1")])

    def parts(**changes: object) -> bytes:
        scope = _scope(**{"headers": list(block), "apiward.identity": True, **changes})
        plain = b"".join(writer.write(scope).parts)
        scope["apiward.block"] = block
        assert [b"".join(writer.write(scope).parts) for _ in range(2)] == [plain, plain]
        return plain

    one = parts()
    assert b"accept-encoding: identity" in one
    differing = (
        parts(client=("192.0.2.9", "5")),
        parts(scheme="http"),
        parts(http_version="2"),
        parts(**{"apiward.identity": False}),
    )
    assert len({one, *differing}) == 5
    assert parts(method="POST") == one
    assert parts() == one
    for number in range(1_000):
        parts(client=(f"192.0.2.{number}", "5"))
    assert 1 < len(block.heads) <= MOST_READY
    assert block.ready == {}, "many clients push nothing else out"


@pytest.mark.parametrize("value", [b"1\nx-b: 2", b"1\rx", b"a\0"])
def test_a_block_that_is_kept_ready_is_counted_too(value: bytes) -> None:
    block = HeaderBlock([(b"host", b"a.test"), (b"x-a", value)])
    scope = _scope()
    scope.update({"headers": list(block), "apiward.block": block})
    for _ in range(2):
        with pytest.raises(RefusedRequestError):
            HeadWriter("apiward").write(scope)


def test_what_is_kept_ready_is_sent_as_if_it_were_not() -> None:
    block = HeaderBlock([(b"host", b"a.test"), (b"x-a", b"1"), (b"content-length", b"3")])
    scope = _scope(method="POST", raw_path=b"/a", query_string=b"b=1")
    scope["headers"] = list(block)
    plain = _sent(scope, b"abc")
    scope["apiward.block"] = block
    assert [_sent(scope, b"abc") for _ in range(2)] == [plain, plain]
