import base64
import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.app.guarding import har
from apiward.app.guarding.cases import Case, SlipError, WrittenAnswer
from apiward.app.guarding.har import read_har
from apiward.config.errors import AdvisedError

URL = "https://shop.test/orders?id=%27#part"


def entry(url: str = URL, at: str = "2026-01-31T12:00:00.000Z", **more: dict[str, Any]) -> dict[str, Any]:
    request = {"method": "GET", "url": url, "httpVersion": "HTTP/1.1", "headers": []}
    return {"startedDateTime": at, "request": {**request, **more.pop("request", {})}, **more}


def saved(folder: Path, *entries: object) -> Path:
    path = folder / "a.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    return path


def pairs(**headers: str) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def test_a_whole_entry(tmp_path: Path) -> None:
    request = {
        "method": "POST",
        "httpVersion": "HTTP/1.1",
        "headers": [*pairs(Host="shop.test"), *pairs(Accept="*/*"), {"name": "Content-Length", "value": "9999"}],
        "postData": {"mimeType": "application/json", "text": '{"a": "é"}'},
    }
    response = {
        "status": 200,
        "headers": [{"name": "Content-Encoding", "value": "br"}, {"name": "Content-Type", "value": "image/png"}],
        "content": {"text": base64.b64encode(b"\x89PNG").decode(), "encoding": "base64"},
    }
    body = '{"a": "é"}'.encode()
    assert read_har(saved(tmp_path, entry(request=request, response=response))) == (
        Case(
            1,
            "POST",
            "/orders?id=%27",
            [(b"host", b"shop.test"), (b"accept", b"*/*"), (b"content-length", str(len(body)).encode())],
            body,
            scheme="https",
            started_s=1_769_860_800.0,
            answer=WrittenAnswer(200, [(b"content-type", b"image/png")], b"\x89PNG"),
        ),
    )


@pytest.mark.parametrize(("told", "version"), [("http/2.0", "2"), ("h2", "2"), ("h3", "3"), ("HTTP/1.0", "1.0")])
def test_pseudo_headers_are_left_out(tmp_path: Path, told: str, version: str) -> None:
    headers = [
        {"name": ":authority", "value": "shop.test"},
        {"name": ":path", "value": "/"},
        *pairs(Connection="close"),
    ]
    case = read_har(saved(tmp_path, entry(request={"httpVersion": told, "headers": headers})))[0]
    assert case.http_version == version
    assert dict(case.headers).keys() == {b"host"} | ({b"connection"} if version == "1.0" else set())


def test_entries_are_judged_in_the_order_of_their_times(tmp_path: Path) -> None:
    late, early = entry(at="2026-01-31T12:00:01Z"), entry(at="2026-01-31T13:00:00.5+01:00")
    assert [case.number for case in read_har(saved(tmp_path, late, early))] == [2, 1]


def test_what_no_server_saw_is_left_out(tmp_path: Path) -> None:
    assert len(read_har(saved(tmp_path, entry("data:text/plain,x"), entry("wss://shop.test/live")))) == 1


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://a.test", "/"),
        ("http://a.test?x=1", "/?x=1"),
        ("http://a.test/a/../b//c", "/a/../b//c"),
        ("http://a.test/?next=/a", "/?next=/a"),
    ],
)
def test_the_path_stays_as_it_was_written(tmp_path: Path, url: str, target: str) -> None:
    assert read_har(saved(tmp_path, entry(url)))[0].target == target


@pytest.mark.parametrize(
    ("data", "body"),
    [
        ({"mimeType": "application/x-www-form-urlencoded", "params": pairs(a="1 2")}, b"a=1+2"),
        ({"mimeType": "multipart/form-data", "params": pairs(a="1")}, b""),
        ({"mimeType": "image/png", "text": "AAE=", "encoding": "base64"}, b"\x00\x01"),
        ({"mimeType": "text/plain", "text": ""}, b""),
    ],
)
def test_bodies(tmp_path: Path, data: dict[str, Any], body: bytes) -> None:
    case = read_har(saved(tmp_path, entry(request={"method": "POST", "postData": data})))[0]
    assert case.body == body
    assert (b"content-length" in dict(case.headers)) is bool(body)


def test_no_answer(tmp_path: Path) -> None:
    for response in ({"status": 0}, {"status": 101}, {}):
        assert read_har(saved(tmp_path, entry(response=response)))[0].answer is None


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (1, "entry 2: must be an object"),
        ({}, "entry 2: request: must be an object"),
        (entry(request={"url": 1}), "url: must be a text"),
        (entry(at="noon"), "startedDateTime: must be a time"),
        (entry(request={"headers": [1]}), "request.headers: must be a list of objects"),
        (entry(request={"headers": [{"name": "a"}]}), "value: is missing"),
        (entry(response={"status": 200, "content": {"text": "?", "encoding": "base64"}}), "is no base64"),
        (entry("http://[::1"), "request.url: is no address"),
    ],
)
def test_slips_are_told(tmp_path: Path, one: object, said: str) -> None:
    with pytest.raises(AdvisedError) as told:
        read_har(saved(tmp_path, entry(), one))
    assert said in told.value.why


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"log":\n {"entries": [}}', "Line 2, column"),
        ("[" * 100_000, "too deep"),
        ("[]", "is no HAR file"),
        ('{"log": {"entries": []}}', "holds no requests"),
    ],
)
def test_files_that_are_none(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.har").write_text(text)
    with pytest.raises(AdvisedError, match=said):
        read_har(tmp_path / "a.har")


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3))


@given(st.dictionaries(st.sampled_from(["method", "url", "headers", "postData", "httpVersion"]), JSON), JSON)
def test_any_entry_is_cases_or_a_slip(request: dict[str, Any], response: object) -> None:
    whole = {"method": "GET", "url": URL, **request}
    with contextlib.suppress(SlipError):
        list(har._case({"request": whole, "response": response}, 1))
