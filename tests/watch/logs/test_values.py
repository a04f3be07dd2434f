from hypothesis import given
from hypothesis import strategies as st

from apiward.watch.logs.values import request_of, seconds_of, size_of, status_of, text_of, unescaped

_ANYTHING = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.lists(st.text(), max_size=2)
)


@given(value=_ANYTHING)
def test_anything_is_a_value_or_none(value: object) -> None:
    assert size_of(value) >= 0
    assert seconds_of(value) >= 0
    found = status_of(value)
    assert found is None or found == 0 or 100 <= found <= 999
    assert isinstance(text_of(value), str)


def test_sizes_and_statuses() -> None:
    assert [size_of(one) for one in ("-", "17", 17, -1, "x", None, 10**30)] == [0, 17, 17, 0, 0, 0, 2**53]
    assert [status_of(one) for one in ("-", "", "000", 0, -1, "404", 404, "99", "x", None)] == [
        0, 0, 0, 0, 0, 404, 404, None, None, None,
    ]  # fmt: skip
    assert [seconds_of(one) for one in ("-", "0.5", "+109", -1, "nan")] == [0.0, 0.5, 109.0, 0.0, 0.0]


def test_request_lines() -> None:
    assert request_of("GET /a?b=c HTTP/1.1") == ("GET", "/a?b=c")
    assert request_of("GET /a b c HTTP/1.1") == ("GET", "/a b c")
    assert request_of("GET /a") == ("GET", "/a")
    for none in ("-", "", "\x16\x03\x01", "GET", "G=T / HTTP/1.1"):
        assert request_of(none) == ("", "")


def test_what_a_server_escaped_is_read_as_it_was_sent() -> None:
    assert unescaped("/a") == "/a"
    assert unescaped(r"/\x22x\x22") == '/"x"'
    assert unescaped(r"/\"x\\") == '/"x\\'
    assert unescaped(r"/caf\xC3\xA9") == "/café"
    assert unescaped(r"/\u00e9\n") == "/é\n"
    assert unescaped(r"/\u2028") == "/\u2028"
    assert unescaped(r"/\ud800") == "/\ufffd"
    assert unescaped("/é\\x22") == '/é"'


def test_texts_of_json() -> None:
    values: tuple[object, ...] = ("a", ["b", "c"], [], [["d"]], True, None, {}, 7)
    assert [text_of(one) for one in values] == [
        "a", "b", "", "", "", "", "", "7",
    ]  # fmt: skip
