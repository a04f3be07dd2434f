import time

import pytest

from apiward.watch.logs.formats.combined import combined_reader, common_reader
from apiward.watch.logs.model import Entry, Flaw, Wishes
from apiward.watch.logs.registry import form_named

_NONE = Wishes()
_LINE = '192.0.2.7 - anna [30/Nov/2026:13:34:15 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl/8.5.0"'


def read(line: str, form: str = "combined", wishes: Wishes = _NONE) -> Entry:
    found = form_named(form).reader(wishes).read(line)
    assert isinstance(found, Entry), found
    return found


def test_quotes_that_a_server_escaped_end_nothing() -> None:
    # Apache writes \" and \\, nginx \x22: in both, what a client sends can add no field.
    apache = read('192.0.2.7 - - [30/Nov/2026:13:34:15 +0000] "GET /\\" 200 9 \\"x HTTP/1.1" 404 5 "-" "a\\\\"')
    assert (apache.target, apache.status, apache.answer_size) == ('/" 200 9 "x', 404, 5)
    nginx = read('192.0.2.7 - - [30/Nov/2026:13:34:15 +0000] "GET /\\x22 200 9 HTTP/1.1" 404 5 "-" "-"')
    assert (nginx.target, nginx.status) == ('/" 200 9', 404)


def test_a_name_with_blanks_or_a_made_up_time_hides_nothing() -> None:
    spaced = read(_LINE.replace("anna", "john of doe"))
    assert (spaced.user, spaced.target) == ("john of doe", "/a")
    forged = read(_LINE.replace("anna", "x [01/Jan/2020:00:00:00 +0000] GET"))
    assert (forged.at_s, forged.user) == (1_796_045_655.0, "x [01/Jan/2020:00:00:00 +0000] GET")


def test_what_is_no_request_is_read_all_the_same() -> None:
    for sent in ("-", "", "\\x16\\x03\\x01\\x02", "GET"):
        found = read(_LINE.replace("GET /a HTTP/1.1", sent).replace(" 200 ", " 400 "))
        assert (found.method, found.target, found.status) == ("", "", 400)


def test_more_at_the_end_is_passed_over_where_servers_add_something() -> None:
    assert read(f'{_LINE} "x" 0.003').status == 200
    assert isinstance(common_reader(Wishes()).read(_LINE), Flaw)
    assert read(_LINE + "\r").status == 200


@pytest.mark.parametrize(
    ("line", "expected", "found"),
    [
        ("hello", "a blank after remote_addr", "hello"),
        (_LINE.replace("GET /a", "GET /a\t").replace("200", "2x0"), "status", "192.0.2.7"),
        (_LINE.replace("30/Nov", "99/Nov"), "a time", "99/Nov/2026"),
        (_LINE.replace(" 200 ", " 000 ").replace("000", "099"), "a status", "099"),
        (_LINE[:60], '`"', "192.0.2.7"),
    ],
)
def test_why_a_line_is_not_of_this_form(line: str, expected: str, found: str) -> None:
    flaw = combined_reader(Wishes()).read(line)
    assert isinstance(flaw, Flaw)
    assert flaw.expected.startswith(expected)
    assert flaw.found.startswith(found)


def test_several_addresses_may_stand_without_quotes() -> None:
    form = '$remote_addr [$time_local] "$request" $status $http_x_forwarded_for $upstream_addr'
    line = (
        '10.0.0.2 [30/Nov/2026:13:34:15 +0000] "GET /a HTTP/1.1" 200 192.0.2.7, 10.0.0.9 10.1.1.1:80, 10.1.1.2:80 : x'
    )
    assert read(line, form).forwarded == "192.0.2.7, 10.0.0.9"


def test_a_token_and_the_addresses_before_proxies_may_have_names_of_their_own() -> None:
    form = '$remote_addr [$time_local] "$request" $status "$cookie_sid" "$http_cf_connecting_ip" "$args"'
    line = '10.0.0.2 [30/Nov/2026:13:34:15 +0000] "GET /a HTTP/1.1" 200 "abc" "192.0.2.7" "-"'
    found = read(line, form, Wishes(token="sid", forwarded="CF-Connecting-IP"))
    assert (found.token, found.forwarded) == ("abc", "192.0.2.7")


def test_path_and_query_may_stand_apart() -> None:
    form = "$remote_addr [$time_local] $request_method $uri $args $status"
    assert read("10.0.0.2 [30/Nov/2026:13:34:15 +0000] GET /a b=c 200", form).target == "/a?b=c"
    assert read("10.0.0.2 [30/Nov/2026:13:34:15 +0000] GET /a - 200", form).target == "/a"


def test_hostile_lines_take_no_longer_than_they_are_long() -> None:
    reader = combined_reader(Wishes())
    hostile = ('"' * 60_000, " [" * 30_000, '\\"' * 30_000, _LINE[:17] + " [x" * 20_000, "192.0.2.7 - " + ", " * 30_000)
    before = time.process_time()
    for line in hostile:
        assert isinstance(reader.read(line), Flaw)
    assert time.process_time() - before < 5  # a pattern that tries twice would take hours


def test_requests_that_are_remembered_are_bounded() -> None:
    reader = form_named("combined").reader(Wishes())
    for number in range(20_000):
        reader.read(_LINE.replace("/a", f"/{number}"))
    assert len(reader._requests) <= 16_384  # type: ignore[attr-defined]  # of this one reader
