import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.inspection.bodies import (
    MAX_PAIRS,
    Place,
    inspect_body,
    inspect_field,
    inspect_graphql,
    inspect_json,
    inspect_pairs,
    inspect_xml,
    pairs_of,
)

SQL = "x' OR 'a'='a"
JSON = "application/json"


def place(body: str, media_type: str) -> Place | None:
    found = inspect_body(body.encode(), media_type)
    return found[0] if found is not None else None


def test_json_gives_the_pointer() -> None:
    found = inspect_json({"a": [{"b": "fine"}, {"c": SQL}]})

    assert found is not None
    assert found[0] == ("a", 1, "c")


@pytest.mark.parametrize(
    "value", [None, 1, True, "fine", [], {}, {"a": {"b": ["c", 1.5, None]}}, {"query": "{ shop { name } }"}]
)
def test_sound_json_passes(value: object) -> None:
    assert inspect_json(value) is None  # type: ignore[arg-type]


def test_json_names_and_members_are_judged() -> None:
    assert inspect_json({SQL: 1}) is not None
    assert inspect_json({"user": {"$ne": None}}) is not None
    assert inspect_json({"constructor": {"prototype": {}}}) is not None
    assert inspect_json(SQL) is not None


def test_what_is_harmless_in_one_place_is_judged_in_another() -> None:
    assert inspect_json([{"op": "$ne"}, {"$ne": 1}]) is not None
    assert inspect_json([{"web.config": "x"}, {"file": "web.config"}]) is not None
    assert inspect_json([{"type": "__proto__x"}, {"__proto__": {}}]) is not None
    assert inspect_json([{"query": "{ a } ; id"}, {"name": "{ a } ; id"}]) is not None


def test_json_in_a_string_is_taken_apart() -> None:
    inner = json.dumps({"deep": json.dumps({"q": SQL})})

    assert inspect_field("data", inner) is not None
    assert inspect_field("data", json.dumps({"a": "O'Neil", "b": ["it's", "ok; fine"]})) is None


def test_json_nested_beyond_the_bound_is_judged_as_text() -> None:
    text = SQL
    for _ in range(6):
        text = json.dumps([text])

    assert inspect_field("data", text) is not None


def test_deep_and_wide_json_is_no_trouble() -> None:
    deep: object = SQL
    for _ in range(5_000):
        deep = [deep]

    assert inspect_json(deep) is not None  # type: ignore[arg-type]
    assert inspect_json({str(number): "fine" for number in range(20_000)}) is None


def test_graphql_literals_are_judged_and_the_document_is_not() -> None:
    assert inspect_graphql('mutation { login(name: "anna", password: "x") { token } }') is None
    assert inspect_graphql(f'{{ user(name: "{SQL}") {{ id }} }}') is not None
    assert inspect_graphql('{ a(b: """<script>alert(1)</script>""") }') is not None
    assert inspect_json({"query": f'query {{ a(b: "{SQL}") }}'}) is not None
    assert place('{ a(b: "fine") }', "application/graphql") is None


def test_xml_declarations_texts_and_attributes() -> None:
    assert inspect_xml('<?xml version="1.0"?><a b="O\'Neil">fine &amp; good</a>') is None
    assert inspect_xml("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///x'>]><a>&b;</a>") is not None
    assert inspect_xml(f"<a><b>{SQL}</b></a>") is not None
    assert inspect_xml('<a b="../../../etc/passwd"/>') is not None
    assert inspect_xml("<a><![CDATA[<script>alert(1)</script>]]></a>") is not None
    assert inspect_xml("<a b='1 UNION SELECT 2,3'/>") is not None


def test_pairs_give_the_name() -> None:
    found = inspect_pairs([("a", "1"), ("q", SQL)])

    assert found is not None
    assert found[0] == ("q",)
    assert inspect_pairs([("a[$gt]", "1")]) is not None
    assert inspect_pairs([("a", "1"), ("b[c]", "O'Neil")]) is None
    assert inspect_pairs([("a", "1")] * MAX_PAIRS + [("q", SQL)]) is None


def test_pairs_are_decoded() -> None:
    assert list(pairs_of("a=1+2&b=%27&c&=d&&")) == [("a", "1 2"), ("b", "'"), ("", "c"), ("", "d")]


@pytest.mark.parametrize(
    ("body", "media_type", "expected"),
    [
        (json.dumps({"a": SQL}), JSON, ("a",)),
        (json.dumps({"a": SQL}), "text/plain", ("a",)),
        (json.dumps({"a": SQL}), "", ("a",)),
        ("{broken " + SQL, JSON, ()),
        ("a=1&b=x%27+OR+%27a%27%3D%27a", "application/x-www-form-urlencoded", ("b",)),
        (f"<a>{SQL}</a>", "application/xml", ()),
        (f"<a>{SQL}</a>", "", ()),
        (SQL, "text/plain", ()),
        ("word " * 200 + "<script>alert(1)</script>", "text/plain", ()),
        (json.dumps({"a": "fine"}), JSON, None),
        ("a=1&b=O%27Neil", "application/x-www-form-urlencoded", None),
        ("<a>fine</a>", "application/xml", None),
        ("Just a note; it's fine.", "text/plain", None),
        ("", JSON, None),
    ],
)
def test_bodies_by_media_type(body: str, media_type: str, expected: Place | None) -> None:
    assert place(body, media_type) == expected


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "ibm037", "utf-7", "latin-1"])
def test_bodies_in_other_character_sets(charset: str) -> None:
    body = json.dumps({"a": SQL}).encode(charset)

    assert inspect_body(body, f"{JSON}; charset={charset}") is not None


@pytest.mark.parametrize("charset", ["base64", "none", "utf-8", "zip"])
def test_wrong_character_sets_are_read_as_utf_8(charset: str) -> None:
    assert inspect_body(json.dumps({"a": SQL}).encode(), f"{JSON}; charset={charset}") is not None


def test_byte_order_marks_are_heeded() -> None:
    assert inspect_body(json.dumps({"a": SQL}).encode("utf-16"), JSON) is not None


def form(name: str, value: str, extra: str = "") -> str:
    return f'--b1\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n{value}\r\n--b1--\r\n'


@pytest.mark.parametrize(
    ("body", "is_seen"),
    [
        (form("a", SQL), True),
        (form("a", "O'Neil"), False),
        (form(SQL, "1"), True),
        (form("f", "x", '; filename="../../../etc/passwd"'), True),
        (form("f", SQL * 9, '; filename="a.bin"'), False),
        (form("f", "<script>alert(1)</script>", '; filename="a.svg"\r\nContent-Type: image/svg+xml'), True),
        (form("f", "fine", '; filename="a.txt"\r\nContent-Type: text/plain'), False),
    ],
)
def test_multipart(body: str, is_seen: bool) -> None:  # noqa: FBT001
    assert (place(body, "multipart/form-data; boundary=b1") is not None) is is_seen
    assert (place(body, "multipart/form-data") is not None) is is_seen


@given(
    st.binary(max_size=200),
    st.sampled_from([JSON, "", "text/xml", "multipart/form-data; boundary=a", "application/graphql"]),
)
def test_no_body_raises(body: bytes, media_type: str) -> None:
    inspect_body(body, media_type)


@given(
    st.recursive(
        st.none() | st.text(max_size=20), lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=9), inner)
    )
)
def test_no_json_raises(value: object) -> None:
    inspect_json(value)  # type: ignore[arg-type]
