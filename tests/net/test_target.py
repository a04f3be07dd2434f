from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.exchange import Failure
from apiward.net.target import target_of
from apiward.net.transport import NoAnswerError


@pytest.mark.parametrize(
    ("url", "host", "port", "authority", "path"),
    [
        ("http://a.test", "a.test", 80, b"a.test", b"/"),
        ("HTTPS://A.test:8443/x", "A.test", 8443, b"A.test:8443", b"/x"),
        ("http://a.test?q=1", "a.test", 80, b"a.test", b"/?q=1"),
        (
            "http://a.test/a/../b//c/%2e%2E/%2f?x=%20&y=a+b",
            "a.test",
            80,
            b"a.test",
            b"/a/../b//c/%2e%2E/%2f?x=%20&y=a+b",
        ),
        ("http://a.test/x?#piece", "a.test", 80, b"a.test", b"/x?"),
        ("http://[::1]:80/", "::1", 80, b"[::1]:80", b"/"),
        ("http://bücher.test/", "xn--bcher-kva.test", 80, b"xn--bcher-kva.test", b"/"),
        ("http://a.test/a@b:c", "a.test", 80, b"a.test", b"/a@b:c"),
    ],
)
def test_an_address_is_cut_but_not_changed(url: str, host: str, port: int, authority: bytes, path: bytes) -> None:
    target = target_of(url)
    assert (target.host, target.port, target.authority, target.path) == (host, port, authority, path)
    assert target.is_tls == url.lower().startswith("https")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/only/a/path",
        "ftp://a.test/",
        "file:///etc/hostname",
        "http://",
        "http://:80/",
        "http://a.test:0/",
        "http://a.test:99999/",
        "http://a.test:x/",
        "http://user:word@a.test/",
        "http://[::1/",
        "http://a.test/caf\u00e9",
        "http://a.test/\ud800",
        "http://" + "\u00fc" * 90 + ".test/",
    ],
)
def test_what_http_cannot_reach_is_not_sendable(url: str) -> None:
    with pytest.raises(NoAnswerError) as caught:
        target_of(url)
    assert caught.value.failure is Failure.NOT_SENDABLE
    assert caught.value.detail


@given(st.text(alphabet=st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="#"), max_size=60))
def test_any_visible_path_is_kept_byte_for_byte(rest: str) -> None:
    assert target_of(f"http://a.test/{rest}").path == f"/{rest}".encode()


@given(st.text(max_size=60))
def test_any_text_is_either_cut_or_refused(url: str) -> None:
    with suppress(NoAnswerError):
        assert target_of(url).path.startswith(b"/")
