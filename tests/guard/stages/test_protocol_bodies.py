import gzip
import json
import zlib

import brotli  # type: ignore[import-untyped] # it ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import Api, Body, Operation, Parameter
from apiward.core.api import Place as ParameterPlace
from apiward.core.call import BodyKind, Call
from apiward.core.decision import Decision, Effect
from apiward.core.jsonvalue import NOT_JSON
from apiward.core.schema import Schema
from apiward.guard.stages.protocol import OnDoubt, Protocol, ProtocolSettings
from tests.guard.calls import parts, raw_call

FORM = "application/x-www-form-urlencoded"
MANY = Schema(types=("array",), items=Schema(types=("string",)))
ORDERS = Operation(
    "POST",
    "/orders",
    parameters=(Parameter("tag", ParameterPlace.QUERY, MANY), Parameter("page", ParameterPlace.QUERY)),
    bodies=(Body(FORM, Schema(types=("object",), properties={"size": MANY})),),
)


def protocol(**settings: object) -> Protocol:
    return Protocol(ProtocolSettings(**settings), parts(api=Api("shop", "1", (ORDERS,))))  # type: ignore[arg-type]


STAGE = protocol()


def judged(
    body: bytes,
    content_type: str = "application/json",
    *,
    stage: Protocol = STAGE,
    encoding: bytes = b"",
    query: bytes = b"",
    is_whole: bool = True,
) -> tuple[tuple[Decision, ...], Call]:
    headers = [(b"host", b"shop.test"), (b"content-type", content_type.encode())]
    headers.append((b"content-length", str(len(body)).encode()))
    if encoding:
        headers.append((b"content-encoding", encoding))
    call = raw_call("POST", b"/orders", query, headers=tuple(headers), body=body)
    said = stage.on_head(call)
    assert said is None, said
    call.operation, call.operation_key, call.is_body_whole = ORDERS, ORDERS.key, is_whole
    found = stage.on_body(call)
    assert found is None or isinstance(found, Decision | tuple)
    return (found,) if isinstance(found, Decision) else found or (), call


def rule(body: bytes, content_type: str = "application/json", **more: object) -> str:
    found, _ = judged(body, content_type, **more)  # type: ignore[arg-type]
    denied = [decision.rule.removeprefix("protocol.") for decision in found if decision.effect is Effect.DENY]
    return denied[-1] if denied else "passes"


def test_json_is_read() -> None:
    found, call = judged(b'{"a": [1, "x"]}')
    assert found == ()
    assert call.value == {"a": [1, "x"]}
    assert judged(b"")[1].value is NOT_JSON


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"a":1,"a":2}', "duplicate-key"), (b"{", "json"), (b"[" * 40 + b"]" * 40, "json-too-deep"),
        (b"[" + b"1" * 40 + b"]", "json-number"), (b"\xef\xbb\xbf{}", "json"), (b"{}{}", "json"),
    ],
)  # fmt: skip
def test_odd_json_is_refused_under_any_name_of_json(body: bytes, expected: str) -> None:
    assert rule(body) == expected
    assert rule(body, "application/merge-patch+json") == expected


def test_forms_are_read() -> None:
    found, call = judged(b"a=1&b=x+y%21&c=caf%C3%A9&d=caf\xc3\xa9", FORM)
    assert found == ()
    assert call.form_pairs == [("a", "1"), ("b", "x y!"), ("c", "café"), ("d", "café")]


@pytest.mark.parametrize("body", [b"a=%", b"a=%zz", b"a=%00", b"a=\x00", b"a=%ff", b"a=\xff", b"a=%c0%af"])
def test_badly_encoded_forms_are_refused(body: bytes) -> None:
    assert rule(body, FORM) == "form"


def test_forms_have_limits_and_name_no_other_method() -> None:
    assert rule(b"a=1&" * 1_000, FORM) == "form-too-large"
    assert rule(b"_method=DELETE", FORM) == "method-override"
    assert rule(b"_method=POST", FORM) == "passes"
    stage = protocol(largest_form=1_024)
    assert rule(b"a" * 1_024, FORM, stage=stage) == "passes"


def test_what_comes_twice_is_noted_but_not_where_a_list_is_described() -> None:
    def noted(query: bytes, body: bytes = b"x=1") -> str:
        found, _ = judged(body, FORM, query=query)
        return found[0].place if found else "nothing"

    assert noted(b"page=1&page=2") == "query.page"
    assert noted(b"tag=1&tag=2") == "nothing"
    assert noted(b"any[]=1&any[]=2") == "nothing"
    assert noted(b"a=1", b"role=1&role=2") == "body.role"
    assert noted(b"a=1", b"size=1&size=2") == "nothing"
    assert noted(b"<x>=1&<x>=2") == "query"
    assert rule(b"{}", query=b"page=1&page=2") == "passes"
    assert (
        rule(b"{}", query=b"page=1&page=2", stage=protocol(repeated_parameters=OnDoubt.REFUSE)) == "parameter-repeated"
    )
    assert judged(b"{}", query=b"page=1&page=2", stage=protocol(repeated_parameters=OnDoubt.PASS))[0] == ()


@pytest.mark.parametrize("content_type", ["text/plain", FORM, "application/octet-stream", "text/csv", "image/png"])
def test_json_under_another_name_is_judged_as_json(content_type: str) -> None:
    found, call = judged(b'{"a": "b"}', content_type)
    assert [decision.effect for decision in found] == [Effect.NOTE]
    assert call.value == {"a": "b"}
    assert rule(b'{"a":1,"a":2}', content_type) == "duplicate-key"
    assert rule(b"{}", content_type, stage=protocol(mistyped_bodies=OnDoubt.REFUSE)) == "type-mismatch"
    assert judged(b"{}", content_type, stage=protocol(mistyped_bodies=OnDoubt.PASS))[0] == ()


def test_text_that_only_begins_like_json_stays_text() -> None:
    found, call = judged(b"[draft] see you at 5", "text/plain")
    assert found == ()
    assert call.value is NOT_JSON


def test_json_in_the_name_of_a_form_is_read_both_ways() -> None:
    _, call = judged(b'{"discount": "50% off", "b": "&role=admin"}', FORM)
    assert call.value == {"discount": "50% off", "b": "&role=admin"}
    assert ("role", 'admin"}') in call.form_pairs


def test_lines_of_json_are_each_read() -> None:
    _, call = judged(b'{"a":1}\n{"a":2}\n', "application/x-ndjson")
    assert call.value == [{"a": 1}, {"a": 2}]
    assert rule(b'{"a":1}\n{"a":1,"a":2}\n', "application/x-ndjson") == "duplicate-key"


def test_text_is_utf8_and_xml_brings_no_definitions() -> None:
    assert rule("Grüße".encode(), "text/plain") == "passes"
    assert rule(b"Gr\xfc\xdfe", "text/plain") == "text-encoding"
    assert rule(b"a\x00", "text/csv") == "text-encoding"
    assert rule(b'<?xml version="1.0" encoding="utf-8"?><a>\xc3\xa9</a>', "application/xml") == "passes"
    assert rule(b"<a/>", "application/soap+xml") == "passes"
    for body in (b"<!DOCTYPE a [<!ENTITY x 'y'>]><a/>", b"<?xml version='1.0'?>\n<!doctype a SYSTEM 'http://x'><a/>"):
        assert rule(body, "text/xml") == "xml-entities"
    for body in (
        b"<?xml version='1.0' encoding='utf-7'?><a/>",
        b"<?xml version='1.0'" + b" " * 600 + b" encoding='utf-7'?><a/>",
        "<a/>".encode("utf-16"),
        b"<a>\xff</a>",
        b"<?xml version='1.0' encoding='iso-8859-1'?><a>\xc3\xa9</a>",
    ):
        assert rule(body, "text/xml") == "xml"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_compressed_bodies_go_on_as_they_were_judged(encoding: str) -> None:
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}[encoding]
    plain = json.dumps({"a": "b" * 100}).encode()
    found, call = judged(pack(plain), encoding=encoding.encode())
    (decision,) = found
    assert decision.effect is Effect.EDIT
    assert decision.edit is not None
    assert decision.edit.body == plain
    assert decision.edit.value == call.value == {"a": "b" * 100}
    assert decision.edit.removed == {b"content-encoding"}
    assert rule(pack(b'{"a":1,"a":2}'), encoding=encoding.encode()) == "duplicate-key"
    packed = pack(plain)
    for damaged in (packed[:-4], packed + b"x", packed + packed, b"no" + packed, plain):
        assert rule(damaged, encoding=encoding.encode()) == "inflation"
    assert rule(pack(b"0" * 50_000_000), encoding=encoding.encode()) == "inflated-too-large"
    assert rule(packed, encoding=encoding.encode(), is_whole=False) == "body-too-large"


def test_bodies_that_are_not_whole_or_were_not_announced() -> None:
    assert rule(b"{}", is_whole=False) == "body-too-large"
    assert rule(b"a=1", FORM, is_whole=False) == "body-too-large"
    assert rule(b"\x89PNG", "image/png", is_whole=False) == "passes"
    call = raw_call("GET", body=b"{}")
    assert STAGE.on_head(call) is None
    said = STAGE.on_body(call)
    assert isinstance(said, Decision)
    assert said.rule == "protocol.body-unexpected"


def test_in_http2_a_body_may_come_without_a_length_but_not_without_a_type() -> None:
    for headers, body, expected in (
        (((b"content-type", b"application/json"),), b'{"a":1}', None),
        ((), b"", None),
        ((), b'{"a":1}', "protocol.content-type-missing"),
    ):
        call = raw_call("POST", headers=((b"host", b"a"), *headers), body=body, http_version="2")
        assert STAGE.on_head(call) is None
        assert STAGE.wants_body(call)
        said = STAGE.on_body(call)
        assert (said.rule if isinstance(said, Decision) else said) == expected


CRLF = b"\r\n"


def part(*head: bytes, content: bytes = b"x") -> bytes:
    return b"--B" + CRLF + CRLF.join(head) + CRLF + CRLF + content + CRLF


def multipart(*body_parts: bytes, end: bytes = b"--B--\r\n", is_whole: bool = True) -> str:
    return rule(b"".join(body_parts) + end, "multipart/form-data; boundary=B", is_whole=is_whole)


NAMED = b'Content-Disposition: form-data; name="a"'


def file_named(name: bytes) -> str:
    return multipart(part(NAMED + b"; " + name, b"Content-Type: image/png"))


def test_forms_with_files_are_read() -> None:
    body = (
        part(NAMED, content="é".encode())
        + part(NAMED + b'; filename="b \\"1\\".png"', b"Content-Type: image/png")
        + b"--B--"
    )
    found, call = judged(body, "multipart/form-data; boundary=B")
    assert [decision.rule for decision in found] == ["protocol.parameter-repeated"]
    assert call.body_kind is BodyKind.MULTIPART
    assert call.form_pairs == [("a", "é"), ("a", 'b "1".png')]


def test_forms_with_files_have_one_cut() -> None:
    good = part(NAMED)
    assert multipart(good) == "passes"
    assert multipart(good, end=b"--B--") == "passes"
    assert multipart(good, end=b"--B", is_whole=False) == "passes"
    for bad in (
        b"preamble\r\n" + good,
        good.replace(CRLF, b"\n"),
        part(b"Content-Disposition: attachment; name=a"),
        part(b"Content-Disposition: form-data"),
        part(b"Content-Type: text/plain"),
        part(NAMED, NAMED),
        part(NAMED + b'; name="b"'),
        part(NAMED + b"; size=1"),
        part(NAMED, b"Content-Transfer-Encoding: base64"),
        part(NAMED, b" folded: x"),
        part(NAMED, b"X-Long: " + b"x" * 5_000),
        part(NAMED, content=b"\xff"),
        part(NAMED, content=b"\x00"),
        part(NAMED).replace(b"--B", b"--Bx"),
    ):
        assert multipart(bad) == "multipart", bad
    assert multipart(good, end=b"") == "multipart"
    assert multipart(good, end=b"--B--\r\nepilogue") == "multipart"
    assert multipart(*[good] * 201) == "form-too-large"
    assert multipart(part(NAMED, b"Content-Type: text/plain; charset=utf-7")) == "charset"
    assert multipart(part(NAMED, b"Content-Type: application/json", content=b'{"a":1,"a":2}')) == "duplicate-key"
    assert multipart(part(b'Content-Disposition: form-data; name="_method"', content=b"DELETE")) == "method-override"


@pytest.mark.parametrize(
    "name",
    [b'filename="bill.pdf"', b'filename="a.tar.gz"', b"filename=x", b"filename*=utf-8''caf%C3%A9.png", b'filename=""',
     'filename="Rechnung für März.pdf"'.encode()],
)  # fmt: skip
def test_ordinary_file_names_pass(name: bytes) -> None:
    assert file_named(name) == "passes"


@pytest.mark.parametrize(
    "name",
    [b'filename="../a.png"', b'filename="a/b.png"', b'filename="C:\\\\a.png"', b'filename=".."', b'filename="a.php"',
     b'filename="a.PhP.jpg"', b'filename="a.php;.jpg"', b'filename="a.jsp."', b'filename="' + b"a" * 256 + b'"',
     b"filename=a.png; filename*=utf-8''b.png", b"filename*=utf-8''..%2Fa", b"filename*=utf-16''a",
     b"filename*=utf-8''%ff", b"filename*=utf-8''a%00.png", 'filename="a\u202egnp.exe"'.encode()],
)  # fmt: skip
def test_tricky_file_names_are_refused(name: bytes) -> None:
    assert file_named(name) == "upload-name"


@given(
    st.sampled_from(["application/json", FORM, "multipart/form-data; boundary=B", "text/xml", "text/plain"]),
    st.binary(),
)
def test_no_body_makes_it_fail(content_type: str, body: bytes) -> None:
    judged(body, content_type)
    judged(b"--B\r\n" + body + b"\r\n--B--", "multipart/form-data; boundary=B")
    judged(body, content_type, encoding=b"gzip")
