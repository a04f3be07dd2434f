"""The components of a request, after the examples of RFC 9421, section 2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.access.signatures.components import ComponentError, component_value, signature_base
from apiward.access.signatures.structured import InnerList, Item, StructuredFieldError, parse_dictionary
from apiward.core.call import Call
from tests.access.making import call

QUERY = (
    b"var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something"
    b"&two=1&two=2&qux="
)


def item(text: str) -> Item:
    member = parse_dictionary(f"x=({text})")["x"]
    assert isinstance(member, InnerList)
    return member.items[0]


def request(**changed: object) -> Call:
    made = call(
        ("X-OWS-Header", "  Leading and trailing whitespace.  "), ("Cache-Control", "max-age=60"),
        ("Cache-Control", "   must-revalidate"), ("X-Empty", ""),
        ("Example-Dict", "a=1,    b=2;x=1;y=2,   c=(a   b   c), d"),
        method="POST", path="/path", query=QUERY,
    )  # fmt: skip
    for name, value in changed.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"@method"', "POST"),
        ('"@authority"', "api.shop.example"),
        ('"@scheme"', "https"),
        ('"@path"', "/path"),
        ('"@query-param";name="var"', "this%20is%20a%20big%0Amultiline%20value"),
        ('"@query-param";name="bar"', "with%20plus%20whitespace"),
        ('"@query-param";name="fa%C3%A7ade%22%3A%20"', "something"),
        ('"@query-param";name="qux"', ""),
        ('"x-ows-header"', "Leading and trailing whitespace."),
        ('"cache-control"', "max-age=60, must-revalidate"),
        ('"cache-control";sf', "max-age=60, must-revalidate"),
        ('"x-empty"', ""),
        ('"example-dict";key="a"', "1"),
        ('"example-dict";key="b"', "2;x=1;y=2"),
        ('"example-dict";key="c"', "(a b c)"),
        ('"example-dict";key="d"', "?1"),
        ('"x-ows-header";bs', ":TGVhZGluZyBhbmQgdHJhaWxpbmcgd2hpdGVzcGFjZS4=:"),
    ],
)
def test_values(text: str, value: str) -> None:
    assert component_value(request(), item(text)) == value


@pytest.mark.parametrize(
    "text",
    [
        '"@status"', '"@made-up"', '"@query-param"', '"@query-param";name="two"', '"@query-param";name="none"',
        '"@query-param";name=7', '"@method";req', '"x-gone"', '"X-Empty"', '"x-empty";tr', '"example-dict";key="e"',
        '"example-dict";key=1', '"x-ows-header";sf', '"x-ows-header";key="a"', '"x-empty";bs;sf', "7",
        '"cache-control";new',
    ],
)  # fmt: skip
def test_what_cannot_be_formed_is_refused(text: str) -> None:
    with pytest.raises(ComponentError):
        component_value(request(), item(text))


@pytest.mark.parametrize(
    ("scheme", "host", "authority"),
    [("https", b"WWW.Example.com:443", "www.example.com"), ("http", b"a:80", "a"), ("https", b"a:80", "a:80")],
)
def test_authority(scheme: str, host: bytes, authority: str) -> None:
    made = request(scheme=scheme)
    made.header = {b"host": host}
    assert component_value(made, item('"@authority"')) == authority


def test_target() -> None:
    made = request(query=b"a=1")
    assert component_value(made, item('"@target-uri"')) == "https://api.shop.example/path?a=1"
    assert component_value(made, item('"@request-target"')) == "/path?a=1"
    assert component_value(request(query=b""), item('"@request-target"')) == "/path"
    assert component_value(request(query=b""), item('"@query"')) == "?"


def test_too_many_and_no_host() -> None:
    covered = InnerList(tuple(Item(f"h{number}") for number in range(41)))
    with pytest.raises(ComponentError):
        signature_base(request(), covered)
    made = request()
    made.header = {}
    with pytest.raises(ComponentError):
        component_value(made, item('"@authority"'))


@given(st.text(alphabet='"@;=abc:?()0 name-queryparsfk', max_size=60), st.binary(max_size=40), st.binary(max_size=40))
def test_any_component_and_request(text: str, query: bytes, value: bytes) -> None:
    made = request(query=query)
    made.headers.append((b"a", value))
    try:
        member = parse_dictionary(f"x=({text})")["x"]
    except StructuredFieldError:
        return
    if isinstance(member, InnerList):
        try:
            signature_base(made, member)
        except ComponentError:
            return
