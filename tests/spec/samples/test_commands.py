import shlex
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.jsonvalue import NOT_JSON
from apiward.spec.document import Journal
from apiward.spec.limits import DEFAULT_LIMITS
from apiward.spec.samples.commands import command_samples, is_list
from apiward.spec.samples.sample import Sample
from tests.spec.samples.collections import operations, read


def samples(text: str) -> tuple[list[Sample], Journal]:
    journal = Journal(DEFAULT_LIMITS, lambda: 0.0, 0.0)
    return list(command_samples(text, journal)), journal


def one(text: str) -> Sample:
    (found,), journal = samples(text)
    assert journal.all() == ()
    return found


@pytest.mark.parametrize(
    ("line", "method", "path", "kind", "body"),
    [
        ("http://h/a?x=1", "GET", "/a", "", None),
        ("/orders/7", "GET", "/orders/7", "", None),
        ("DELETE http://h/a HTTP/1.1", "DELETE", "/a", "", None),
        ("curl h/a", "GET", "/a", "", None),
        ("curl -sSL -o out.txt http://h/a", "GET", "/a", "", None),
        ("curl -XPUT http://h/a -d 'x=1&y=2'", "PUT", "/a", "application/x-www-form-urlencoded", {"x": "1", "y": "2"}),
        ("curl --json '{\"a\":1}' http://h/a", "POST", "/a", "application/json", {"a": 1}),
        ("curl h/a -H 'content-type: application/json' -d '{\"a\":[1]}'", "POST", "/a", "application/json", {"a": [1]}),
        ("curl h/a --data-raw $'{\"a\":\"it\\'s\\u0021\"}'", "POST", "/a", "application/json", {"a": "it's!"}),
        ("curl -G http://h/a -d q=1", "GET", "/a", "", None),
        ("curl -I http://h/a", "HEAD", "/a", "", None),
        ("curl -F name=x -F f=@/etc/passwd h/a", "POST", "/a", "multipart/form-data", {"name": "x", "f": ""}),
        ("curl http://h/a -d @secrets.json", "POST", "/a", "", None),
        ("curl --request=PATCH --url http://h/a", "PATCH", "/a", "", None),
        ("curl --max-redirs 5 h/a", "GET", "/a", "", None),
        ("curl --noproxy '*' --proto =https h/a", "GET", "/a", "", None),
        ("curl --unix-socket /run/s.sock http://h/a", "GET", "/a", "", None),
        ("curl --of-tomorrow 5 http://h/a", "GET", "/a", "", None),
        ("curl --of-tomorrow 5 {{base}}/a", "GET", "/a", "", None),
    ],
)  # fmt: skip
def test_lines_are_read(line: str, method: str, path: str, kind: str, body: object) -> None:
    found = one(line)
    assert (found.method, found.path) == (method, path)
    assert found.body_type == kind
    assert found.body == (NOT_JSON if body is None else body)


def test_how_somebody_shows_itself_is_told_and_never_with_what() -> None:
    assert one("curl -u anna:hunter2 http://h/a").shown == ("basic",)
    assert one("curl -H 'Authorization: Bearer eyJ' http://h/a").shown == ("bearer",)
    assert one("curl -H 'X-Api-Key: k' http://h/a").shown == ("header x-api-key",)
    assert one("curl -b 'theme=dark; sessionid=1' http://h/a").shown == ("cookie sessionid",)
    assert one("curl 'http://h/a?api_key=s3cret&q=1'").query == (("q", "1"),)
    assert one("curl -H 'Authorization;' -H 'Authorization:' http://h/a").shown == ("header authorization",)
    keyed = one("curl 'http://h/a?key=s3cret'")
    assert (keyed.query, keyed.shown) == ((), ("query key",))


def test_a_token_against_forgery_is_no_session() -> None:
    found = one("curl -b 'csrftoken=1' -H 'X-CSRFToken: 1' -H 'X-Shop: 2' http://h/a")
    assert (found.shown, found.headers) == ((), ("x-shop",))


def test_lines_go_on_after_a_backslash_and_within_quotes() -> None:
    text = "# ours\n\ncurl http://h/a \\\n  -X POST \\\n  -d '{\"a\":\n 1}'\nhttp://h/b\n"
    found, journal = samples(text)
    assert next((sample.method, sample.path, sample.body) for sample in found) == ("POST", "/a", {"a": 1})
    assert [sample.path for sample in found] == ["/a", "/b"]
    assert journal.all() == ()
    text = "curl h/a --data $'it\\'s'\nhttp://h/b"
    assert [sample.path for sample in samples(text)[0]] == ["/a", "/b"]


def test_what_cannot_be_read_is_told_with_its_line() -> None:
    found, journal = samples("http://h/a\nfoo bar\ncurl\ncurl ftp://h/x\ncurl 'http://h/b\n")
    assert [sample.path for sample in found] == ["/a"]
    assert [problem.pointer for problem in journal.all()] == ["/line 2", "/line 3", "/line 4", "/line 5"]


def test_a_list_is_told_from_other_texts() -> None:
    assert is_list("# x\ncurl http://h")
    assert is_list("GET /a")
    assert not is_list("openapi: 3.1.0\npaths: {}")
    assert not is_list("")
    assert read("openapi: 3.1.0\npaths: {}").dialect == "OpenAPI 3.1"


def test_ids_become_values() -> None:
    found = operations(
        "http://h/orders/17\nhttp://h/orders/18\nDELETE http://h/orders/{id}\nPOST http://h/orders/:id/items"
    )
    assert set(found) == {"GET /orders/{id}", "DELETE /orders/{id}", "POST /orders/{id}/items"}


@given(st.lists(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=30), max_size=6))
def test_every_quoted_command_is_read_as_the_shell_reads_it(words: list[str]) -> None:
    data = [word for word in words if word and not word.startswith("@")]
    line = shlex.join(["curl", "-X", "POST", "http://h/a", *(part for word in data for part in ("--data-raw", word))])
    if "$'" in line or "\\\n" in line:
        return
    found, _ = samples(line.replace("\r", " ").replace("\x0b", " ").replace("\x0c", " "))
    assert [sample.path for sample in found][:1] == ["/a"]


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    samples("curl " + text)
    samples(text)
    assert is_list(text) in {True, False}


@pytest.mark.parametrize("piece", ["curl 'x\n", "x\\\n", '"\n', "$'a\\'", "curl -H 'a: b' "])
def test_hostile_lists_take_linear_time(piece: str) -> None:
    begun = time.process_time()
    samples("curl " + piece * 500)
    first = time.process_time() - begun
    begun = time.process_time()
    samples("curl " + piece * 2_000)
    assert time.process_time() - begun < 11 * first + 0.3
