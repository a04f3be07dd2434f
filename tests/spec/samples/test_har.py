import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.spec.errors import DescriptionError
from tests.spec.samples.collections import entry, operations, read, recording

SENT = {"mimeType": "application/json; charset=utf-8", "text": '{"title":"a","text":"b"}'}


def test_calls_become_operations_and_pages_do_not() -> None:
    note = '{"id":7,"title":"a"}'
    found = operations(
        recording(
            entry("GET", "https://shop.example/", kind="text/html", answer="<p>"),
            entry("GET", "https://shop.example/app.js", kind="text/javascript"),
            entry("GET", "https://shop.example/logo.png", kind=""),
            entry("GET", "https://shop.example/api/notes/7?full=1", answer=note),
            entry("GET", "https://shop.example/api/notes/8", answer=note),
            entry("POST", "https://shop.example/api/notes", postData=SENT, status=201, answer=note,
                  headers=[{"name": "Authorization", "value": "Bearer eyJsecret"}]),
            entry("GET", "https://stats.example/pixel"),
            entry("GET", "https://shop.example/api/me", status=401),
            {"request": {"method": "GET", "url": "data:text/plain,x"}},
        )
    )  # fmt: skip
    assert set(found) == {"GET /api/notes/{note_id}", "POST /api/notes", "GET /api/me"}
    assert found["POST /api/notes"].is_secured
    assert found["GET /api/me"].is_secured
    assert found["GET /api/me"].answers == ()
    assert found["GET /api/notes/{note_id}"].parameters[0].schema.types == ("integer",)


@pytest.mark.parametrize("status", [404, 405, 410, 501])
def test_what_was_not_there_is_no_operation(status: int) -> None:
    gone = entry("PUT", "http://h/gone", status=status)
    assert set(operations(recording(entry("GET", "http://h/notes", status=500), gone))) == {"GET /notes"}


def test_the_server_that_is_scanned_counts_else_the_busiest() -> None:
    both = recording(
        entry("GET", "https://a.example/x"), entry("GET", "https://a.example/y"), entry("GET", "http://h:1/z")
    )
    assert set(operations(both)) == {"GET /x", "GET /y"}
    assert set(operations(both, target="http://h:1")) == {"GET /z"}
    api = read(both)
    assert "other servers than https://a.example" in api.problems[-1].message
    assert not any(problem.is_unreadable for problem in api.problems)


@pytest.mark.parametrize(
    ("recorded", "target"),
    [("https://Shop.example:443", "https://shop.example"), ("http://[::1]:8000", "http://[::1]:8000/v1")],
)
def test_one_server_written_in_two_ways_is_one_server(recorded: str, target: str) -> None:
    other = [entry("GET", f"https://stats.example/{name}") for name in "xyz"]
    assert set(operations(recording(entry("GET", f"{recorded}/notes"), *other), target=target)) == {"GET /notes"}


def test_secrets_of_a_recording_are_not_kept() -> None:
    sent = {
        "mimeType": "application/x-www-form-urlencoded",
        "params": [{"name": "password", "value": "hunter2hunter2"}],
    }
    cookie = [{"name": "Cookie", "value": "sessionid=abcsecret"}]
    api = read(recording(entry("POST", "http://h/login?api_key=ksecret", postData=sent, headers=cookie)))
    for secret in ("hunter2", "abcsecret", "ksecret"):
        assert secret not in repr(api)


def test_an_empty_recording_is_refused() -> None:
    with pytest.raises(DescriptionError, match="Pictures, pages and other files"):
        read(recording(entry("GET", "http://h/", kind="text/html")))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["GET", "http://h/x", "\ud800"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["request", "response", "url", "method", "headers", "name", "value", "postData",
                                       "text", "params", "mimeType", "content", "status", "encoding"]),
                      inner, max_size=6),
    max_leaves=30,
)  # fmt: skip


@given(_JSON)
def test_any_recording_is_read_or_refused(one: Any) -> None:  # noqa: ANN401 - any JSON
    text = json.dumps({"log": {"entries": [one, entry("GET", "http://h/ok")]}})
    assert "GET /ok" in operations(text, target="http://h")
