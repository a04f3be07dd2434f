import pytest

from apiward.watch.logs.formats.haproxy import haproxy_reader
from apiward.watch.logs.model import Entry, Flaw, Wishes

_LINE = (
    '192.0.2.7:33317 [30/Nov/2026:13:34:15.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 '
    '{}"GET /a HTTP/1.1"'
)  # fmt: skip


@pytest.mark.parametrize("captured", ["{shop.example} {} ", "{shop.example} ", "{} {} ", ""])
@pytest.mark.parametrize("head", ["", "Nov 30 13:34:15 web haproxy[14389]: ", "<134>Nov 30 13:34:15 haproxy[1]: "])
def test_with_and_without_captured_headers_and_a_head_of_syslog(captured: str, head: str) -> None:
    found = haproxy_reader(Wishes()).read(head + _LINE.replace("{}", captured, 1))
    assert isinstance(found, Entry)
    assert (found.client, found.target, found.status, found.at_s) == ("192.0.2.7", "/a", 200, 1_796_045_655.655)


def test_addresses_with_colons_and_requests_that_were_none() -> None:
    reader = haproxy_reader(Wishes())
    found = reader.read(_LINE.replace("192.0.2.7", "2001:db8::7").replace("{}", ""))
    assert isinstance(found, Entry)
    assert found.client == "2001:db8::7"
    bad = reader.read(_LINE.replace("{}", "").replace("GET /a HTTP/1.1", "<BADREQ>").replace(" 200 ", " 400 "))
    assert isinstance(bad, Entry)
    assert (bad.method, bad.status) == ("", 400)


def test_what_it_says_of_itself_is_left_out() -> None:
    found = haproxy_reader(Wishes()).read("haproxy[1]: Server static/srv1 is DOWN, reason: Layer4 timeout")
    assert isinstance(found, Flaw)
    assert found.is_silent
    other = haproxy_reader(Wishes()).read("haproxy[1]: something else")
    assert isinstance(other, Flaw)
    assert not other.is_silent
