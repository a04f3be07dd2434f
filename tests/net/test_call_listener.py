import socket
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from apiward.core.exchange import Response
from apiward.net.call_listener import MAX_HEAD, MAX_TOKENS, OwnListener

TOKEN = "ab" * 16


@pytest.fixture
def ear() -> Iterator[OwnListener]:
    with OwnListener(clock=lambda: 7.0) as listener:
        yield listener


def _raw(ear: OwnListener, data: bytes) -> bytes:
    host, _, port = ear.origin.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as caller:
        caller.sendall(data)
        answer = b""
        try:
            while piece := caller.recv(4096):
                answer += piece
        except ConnectionError:
            return answer
        return answer


def test_a_call_that_is_waited_for_is_kept_and_answered_with_a_text_of_its_own(ear: OwnListener) -> None:
    text = ear.expect(TOKEN)
    assert ear.heard(TOKEN) is None
    with urllib.request.urlopen(f"{ear.origin}/a/{TOKEN}?b=1", timeout=10) as got:
        assert got.read().decode() == text
    call = ear.heard(TOKEN)
    assert call is not None
    assert call.request.url == f"{ear.origin}/a/{TOKEN}?b=1"
    assert (call.request.method, call.status, call.started_s) == ("GET", 200, 7.0)
    assert f"http://{call.request.header('host')}" == ear.origin
    assert text not in call.request.url


def test_an_answer_of_ones_own_is_given_and_kept_with_the_call(ear: OwnListener) -> None:
    answer = Response(200, (("Content-Type", "application/json"),), b'{"keys": []}')
    text = ear.expect(TOKEN, answer)
    with urllib.request.urlopen(f"{ear.origin}/{TOKEN}/.well-known/jwks.json", timeout=10) as got:
        assert (got.read(), got.headers["content-type"]) == (answer.body, "application/json")
    call = ear.heard(TOKEN)
    assert call is not None
    assert call.response == answer
    assert text not in call.text


def test_only_the_first_call_counts_and_others_are_told_nothing(ear: OwnListener) -> None:
    ear.expect(TOKEN)
    assert b"200 OK" in _raw(ear, f"HEAD /{TOKEN} HTTP/1.0\r\nA: 1\r\n\r\n".encode())
    _raw(ear, f"POST /{TOKEN} HTTP/1.0\r\n\r\n".encode())
    call = ear.heard(TOKEN)
    assert call is not None
    assert call.request.method == "HEAD"
    assert b"404" in _raw(ear, f"GET /{'cd' * 16} HTTP/1.0\r\n\r\n".encode())
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{ear.origin}/", timeout=10)


def test_what_is_no_request_or_too_long_is_cut_off(ear: OwnListener) -> None:
    ear.expect(TOKEN)
    assert b"404" in _raw(ear, b"\x16\x03\x01 nothing\r\n\r\n")
    assert b"200" not in _raw(ear, f"GET /{TOKEN}{'x' * 3 * MAX_HEAD} HTTP/1.0\r\n\r\n".encode())
    assert ear.heard(TOKEN) is None


def test_after_its_end_nobody_is_there() -> None:
    with OwnListener(clock=lambda: 0.0) as ear:
        origin = ear.origin
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(origin, timeout=10)


def test_whether_it_stands_inside() -> None:
    hosts = {"127.0.0.1": True, "192.168.1.5": True, "localhost": True, "203.0.113.9": False, "scan.example": False}
    assert {host: OwnListener(host, 1, clock=lambda: 0.0).is_inside for host in hosts} == hosts


def test_a_name_of_this_machine_that_cannot_be_bound_is_listened_for_everywhere() -> None:
    with OwnListener("203.0.113.9", clock=lambda: 0.0) as ear:
        port = ear.origin.rpartition(":")[2]
        ear.expect(TOKEN)
        urllib.request.urlopen(f"http://127.0.0.1:{port}/{TOKEN}", timeout=10).close()
        assert ear.heard(TOKEN) is not None


def test_of_too_many_tokens_the_oldest_are_forgotten(ear: OwnListener) -> None:
    for number in range(MAX_TOKENS + 1):
        ear.expect(f"{number:032x}")
    assert b"404" in _raw(ear, f"GET /{0:032x} HTTP/1.0\r\n\r\n".encode())
    assert b"200 OK" in _raw(ear, f"GET /{MAX_TOKENS:032x} HTTP/1.0\r\n\r\n".encode())


@pytest.mark.parametrize("token", ["", "short", "AB" * 16, "../" * 12])
def test_tokens_have_one_form(token: str, ear: OwnListener) -> None:
    with pytest.raises(ValueError, match="no token"):
        ear.expect(token)
