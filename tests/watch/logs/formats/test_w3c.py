from apiward.watch.logs.formats.w3c import W3cReader, w3c_reader
from apiward.watch.logs.model import Entry, Flaw, Wishes

_FIELDS = "#Fields: date time c-ip cs-method cs-uri-stem sc-status cs(X-User) cs(Cookie) c-country"
_LINE = "2026-11-30 13:34:15 192.0.2.7 GET /a 200 anna sid=1 DE"


def test_the_fields_say_what_stands_where_and_may_change() -> None:
    reader = w3c_reader(Wishes(principal="X-User", token="cookie"))
    before = reader.read(_LINE)
    assert isinstance(before, Flaw)
    assert before.expected == "a line #Fields: before this one"
    assert isinstance(reader.read(_FIELDS), Flaw)
    found = reader.read(_LINE)
    assert isinstance(found, Entry)
    assert (found.named, found.token, found.marks) == ("anna", "sid=1", (("country", "DE"),))
    reader.read("#Fields: time date c-ip cs-method cs-uri-stem sc-status")
    changed = reader.read("13:34:15 2026-11-30 192.0.2.7 GET /b 404")
    assert isinstance(changed, Entry)
    assert (changed.target, changed.status, changed.at_s) == ("/b", 404, 1_796_045_655.0)


def test_it_goes_on_in_the_middle_with_the_heading_of_before() -> None:
    reader = w3c_reader(Wishes())
    reader.read(_FIELDS + "\r")
    assert isinstance(W3cReader(Wishes(), reader.heading).read(_LINE), Entry)


def test_why_a_line_is_not_of_this_form() -> None:
    reader = w3c_reader(Wishes())
    reader.read("#Fields: date time c-ip")
    missing = reader.read(_LINE)
    assert isinstance(missing, Flaw)
    assert missing.expected == "fields cs-method, cs-uri-stem, sc-status in the line #Fields:"
    reader.read("#Fields: date time cs-method cs-uri-stem sc-status")
    nobody = reader.read(_LINE)
    assert isinstance(nobody, Flaw)
    assert nobody.expected == "fields c-ip in the line #Fields:"
    reader.read(_FIELDS)
    for line, expected in (
        ("a b", "9 fields"),
        (_LINE.replace("30", "31"), "a time"),
        (_LINE.replace("200", "x"), "a status"),
    ):
        flaw = reader.read(line)
        assert isinstance(flaw, Flaw)
        assert flaw.expected == expected


def test_comments_and_empty_lines_are_left_out() -> None:
    for line in ("#Version: 1.0", "", "  ", "#"):
        flaw = w3c_reader(Wishes()).read(line)
        assert isinstance(flaw, Flaw)
        assert flaw.is_silent


def test_addresses_before_proxies_by_the_name_of_their_header() -> None:
    reader = w3c_reader(Wishes(forwarded="X-Real-IP"))
    reader.read("#Fields: date time c-ip cs-method cs-uri-stem sc-status cs(X-Real-IP)")
    found = reader.read("2026-11-30 13:34:15 10.0.0.1 GET /a 200 192.0.2.7")
    assert isinstance(found, Entry)
    assert found.forwarded == "192.0.2.7"
