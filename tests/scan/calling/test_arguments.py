"""What is filled into an operation becomes a request that any server can read."""

import json
from dataclasses import replace
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import Body, Operation
from apiward.core.jsonvalue import NOT_JSON, Json
from apiward.core.schema import Schema
from apiward.scan.calling.arguments import BODY, Arguments, Slot, build_request, encode_body, text_of
from tests.scan.operations import op

ORIGIN = "http://api.test:8080/base"
TEXTS = st.text(st.characters(exclude_categories=()), max_size=12) | st.sampled_from(["a\r\nb", "\ud800", '"\n'])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
MEDIA = st.sampled_from(
    "application/json application/x-www-form-urlencoded multipart/form-data text/plain application/xml "
    "application/octet-stream application/vnd.api+json nothing".split()
)


def _url(operation: Operation, arguments: Arguments) -> str:
    return build_request(operation, arguments, ORIGIN).url


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, "/users/7"),
        ("a b", "/users/a%20b"),
        ("a/b?c#d", "/users/a%2Fb%3Fc%23d"),
        ("' OR 1=1--", "/users/%27%20OR%201%3D1--"),
        ("ü", "/users/%C3%BC"),
        ("%41", "/users/%2541"),
        ("{id}", "/users/%7Bid%7D"),
        (True, "/users/true"),
        (None, "/users/"),
        (["a", 1], "/users/a%2C1"),
    ],
)
def test_a_value_in_the_path_is_encoded_once(value: Json, expected: str) -> None:
    assert _url(op("GET /users/{id}"), Arguments(path={"id": value})) == f"{ORIGIN}{expected}"


def test_the_fixed_path_is_encoded_and_what_is_encoded_stays() -> None:
    assert _url(op("GET /caf\u00e9/a%20b/(x)"), Arguments()) == f"{ORIGIN}/caf%C3%A9/a%20b/(x)"


def test_one_value_does_not_fill_the_slot_that_another_value_names() -> None:
    arguments = Arguments(path={"a": "{b}", "b": "2"})
    assert _url(op("GET /x/{a}/{b}"), arguments) == f"{ORIGIN}/x/%7Bb%7D/2"


def test_query_values_are_encoded_and_lists_repeat() -> None:
    url = _url(op("GET /users"), Arguments(query={"q": "a&b=c d", "tag": ["x", "y"], "on": True}))
    assert parse_qsl(urlsplit(url).query) == [("q", "a&b=c d"), ("tag", "x"), ("tag", "y"), ("on", "true")]


def test_headers_and_cookies_are_sent() -> None:
    request = build_request(op("GET /a"), Arguments(header={"X-Lang": "en"}, cookie={"s": "a;b", "t": 1}), ORIGIN)
    assert request.header("x-lang") == "en"
    assert request.header("cookie") == "s=a%3Bb; t=1"
    assert request.header("content-type") is None


def test_json_is_sent_as_json() -> None:
    request = build_request(op("POST /a"), Arguments(body={"a": [1, "ü"]}, media_type="application/json"), ORIGIN)
    assert json.loads(request.body) == {"a": [1, "ü"]}
    assert request.header("content-type") == "application/json"


def test_an_empty_object_is_a_body_and_null_too() -> None:
    assert build_request(op("POST /a"), Arguments(body={}), ORIGIN).body == b"{}"
    assert build_request(op("POST /a"), Arguments(body=None), ORIGIN).body == b"null"
    assert build_request(op("POST /a"), Arguments(), ORIGIN).body == b""


def test_a_form_names_nested_fields_in_brackets() -> None:
    kind, body = encode_body({"user": {"name": "a b"}, "tags": ["x"]}, "application/x-www-form-urlencoded")
    assert kind == "application/x-www-form-urlencoded"
    assert parse_qs(body.decode()) == {"user[name]": ["a b"], "tags[0]": ["x"]}


def test_multipart_is_well_formed_and_a_value_cannot_break_out() -> None:
    kind, body = encode_body({'na"me\r\nX: y': "a\r\nb", "b": 1}, "multipart/form-data")
    boundary = kind.partition("boundary=")[2].encode()
    parts = body.split(b"--" + boundary)
    assert len(parts) == 4
    assert parts[-1] == b"--\r\n"
    head, _, value = parts[1].partition(b"\r\n\r\n")
    assert b"\nX:" not in head
    assert value == b"a\r\nb\r\n"


def test_a_field_for_a_file_has_a_name_for_the_file() -> None:
    file = Schema(("string",), format="binary")
    form = Schema(properties={"photo": file, "letter": file, "title": Schema(("string",))})
    operation = replace(op("POST /photos"), bodies=(Body("multipart/form-data", form),))
    sent = Arguments(body={"photo": "apiward", "letter": "apiward", "title": "Kim"}, media_type="multipart/form-data")
    body = build_request(operation, sent, ORIGIN).body
    assert b'name="letter"; filename="apiward.txt"\r\nContent-Type: text/plain\r\n\r\napiward\r\n' in body
    assert b'name="photo"; filename="apiward.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG' in body
    assert b'name="title"\r\n\r\nKim\r\n' in body
    odd = build_request(operation, sent.put(Slot(BODY, ("photo",)), "<b>"), ORIGIN).body
    assert b"image/png\r\n\r\n<b>\r\n" in odd


def test_unknown_media_types_are_sent_as_json_and_texts_as_text() -> None:
    assert encode_body({"a": 1}, "application/xml") == ("application/json", b'{"a": 1}')
    assert encode_body({"a": 1}, "application/vnd.api+json")[0] == "application/vnd.api+json"
    assert encode_body("hello", "text/plain") == ("text/plain", b"hello")


def test_slots_are_listed_read_and_set() -> None:
    arguments = Arguments(path={"id": 1}, query={"q": "a"}, body={"user": {"emails": ["x"]}})
    slots = dict(arguments.slots())
    deep = Slot(BODY, ("user", "emails", 0))
    assert list(slots.values()) == [1, "a", "x"]
    assert (deep.name, deep.label) == ("emails", "body user.emails[0]")
    assert Slot("path", ("id",)).label == "path id"
    changed = arguments.put(deep, "y").put(Slot("path", ("id",)), 2).put(Slot("header", ("X",)), "h")
    changed = changed.put(Slot("cookie", ("c",)), "k").put(Slot("query", ("q",)), "b")
    assert (changed.get(deep), changed.path["id"], changed.header["X"]) == ("y", 2, "h")
    assert (changed.cookie["c"], changed.query["q"]) == ("k", "b")
    assert arguments.get(deep) == "x", "the original stays"
    assert arguments.get(Slot(BODY, ("nothing",))) is NOT_JSON
    assert Arguments().get(deep) is NOT_JSON
    assert Arguments().put(Slot(BODY, ("a", "b")), 1).body == {"a": {"b": 1}}


@given(TEXTS, TEXTS, JSON, JSON, JSON, JSON, MEDIA)
def test_any_value_makes_a_request(
    name: str, path: str, in_path: Json, in_query: Json, in_header: Json, body: Json, media_type: str
) -> None:
    operation = op("POST /a/{" + name.replace(" ", "") + "}/" + "".join(path.split()))
    arguments = Arguments(
        path={name: in_path}, query={name: in_query}, header={"X": in_header}, cookie={name: in_path},
        body=body, media_type=media_type,
    )  # fmt: skip
    request = build_request(operation, arguments, ORIGIN)
    assert request.url.isascii()
    assert not set(request.url) & set(' \r\n\t"<>\\^`')
    for key, value in request.headers:
        assert "\r" not in key + value
        assert "\n" not in key + value
    assert isinstance(request.body, bytes)
    assert request == build_request(operation, arguments, ORIGIN)


@given(JSON)
def test_any_value_has_a_text(value: Json) -> None:
    assert isinstance(text_of(value), str)
