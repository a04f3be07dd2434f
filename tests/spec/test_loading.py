import time
from collections.abc import Iterator

import pytest

from apiward.core.api import Api
from apiward.spec.errors import DescriptionError
from apiward.spec.limits import Limits
from apiward.spec.reading import read_description

HEAD = b"openapi: 3.0.0\npaths: {/x: {get: {}}}\n"


def read(text: bytes, limits: Limits | None = None) -> Api:
    return read_description(text, source="x", limits=limits or Limits())


def words(text: bytes) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.message) for problem in read(text).problems]


def test_yaml_keeps_status_numbers_and_dates_as_text() -> None:
    text = b"""
openapi: 3.0
info: {title: 2024-01-01, version: 1.10}
paths:
  /x:
    get:
      responses:
        200: {description: yes}
        404: {}
"""
    api = read(text)
    assert (api.title, api.version, api.problems) == ("2024-01-01", "1.1", ())
    assert [(answer.status, answer.description) for answer in api.operations[0].answers] == [
        ("200", "yes"),
        ("404", ""),
    ]


def test_scalars_follow_yaml_1_2() -> None:
    text = (
        HEAD
        + b"""
components: {schemas: {}}
x: 1
"""
    )
    enum = b"openapi: 3.0.0\npaths: {/x: {get: {parameters: [{name: a, in: query, schema: {enum: ["
    values = (
        b"1, -2.5, 1e3, .5, 0x1F, true, no, 'true', !!str 5, !!int '7', 2020-01-01T10:00:00Z, 1_000, ~, '', .]}}]}}}"
    )
    (parameter,) = read(enum + values).operations[0].parameters
    assert read(text).problems == ()
    assert parameter.schema.enum == (
        *(1, -2.5, 1000.0, 0.5, 31, True, "no", "true", "5", 7),
        *("2020-01-01T10:00:00Z", "1_000", "", "."),
    )
    assert parameter.schema.is_nullable


def test_repeated_names_are_said_in_yaml_and_json() -> None:
    assert ("/a/b", "This name stands twice; the last one counts.") in words(HEAD + b"a: {b: 1, b: 2}")
    text = b'{"openapi": "3.0.0", "paths": {"/x": {}, "/x": {"get": {}, "get": {}}}}'
    assert [pointer for pointer, _ in words(text)] == ["/paths/~1x", "/paths/~1x/get"]


def test_merge_keys_and_aliases_are_understood() -> None:
    text = b"""
openapi: 3.0.0
x-shared: &shared {summary: common, tags: [a]}
paths:
  /x:
    get: {<<: *shared, summary: own}
    put: *shared
"""
    first, second = read(text).operations
    assert (first.summary, first.tags, second.summary) == ("own", ("a",), "common")


def test_odd_yaml_gets_a_word() -> None:
    assert "more than one YAML document" in words(HEAD + b"---\nopenapi: 3.0.0\n")[0][1]
    assert words(HEAD + b"x: {[a]: 1, b: 2}")[0][0] == "/x"
    assert "*a" in words(HEAD + b"x: &a [*a]")[0][1]
    assert "control characters" in words(HEAD + b"x: a\x01b")[0][1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_every_unicode_encoding_is_read(encoding: str) -> None:
    assert read('{"openapi": "3.0.0", "info": {"title": "Ü"}, "paths": {}}'.encode(encoding)).title == "Ü"


def test_other_bytes_are_replaced_with_a_word() -> None:
    api = read('{"openapi": "3.0.0", "info": {"title": "Ü"}, "paths": {}}'.encode("latin-1"))
    assert (api.title, api.problems[0].pointer) == ("�", "")


def test_half_characters_can_be_printed() -> None:
    api = read(b'{"openapi": "3.0.0", "info": {"title": "\\ud800x"}, "paths": {"/\\udc00": {"get": {}}}}')
    assert api.title.encode()
    assert api.operations[0].path.encode()


def test_nearly_json_is_read_as_yaml_with_a_word() -> None:
    api = read(b'{"openapi": "3.0.0", "paths": {"/x": {"get": {},}},}')
    assert (len(api.operations), "no clean JSON" in api.problems[0].message) == (1, True)


LAUGHS = b"a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (i, i, b",".join([b"*a%d" % (i - 1)] * 10)) for i in range(1, 30)
)


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS + HEAD,
        LAUGHS.replace(b"[", b"{<<: [").replace(b"]", b"]}") + HEAD,
        HEAD + b"x: " + b"[" * 50_000,
        HEAD + b"x: " + b"{a: " * 50_000,
        HEAD + b"x:\n" + b"- " * 100_000,
        HEAD + b"x: " + b"[" * 900 + b"]" * 900,
        b'{"openapi":"3.0.0","paths":{"/x":{"get":{}}},"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"openapi":"3.0.0","paths":{"/x":{"get":{}}},"x":' + b"[" * 600 + b"]" * 600 + b"}",
        b'{"openapi":"3.0.0","paths":{"/x":{"get":{}}},"x":' + b'{"a":' * 600 + b"1" + b"}" * 600 + b"}",
    ],
    ids=[
        "laughs",
        "merged laughs",
        "brackets",
        "braces",
        "dashes",
        "deep YAML",
        "very deep JSON",
        "deep JSON",
        "deep objects",
    ],
)
def test_bombs_end_quickly_with_a_word(text: bytes) -> None:
    started = time.thread_time()
    try:
        api = read(text)
    except DescriptionError as error:
        said = error.advice
    else:
        said = api.problems[0].message
        assert len(api.operations) == 1
    assert said
    assert time.thread_time() - started < 5


def test_numbers_of_any_length_are_harmless() -> None:
    for text in (b'{"openapi":"3.0.0","paths":{},"x":' + b"9" * 100_000 + b"}", HEAD + b"x: " + b"9" * 100_000):
        assert read(text).problems == ()


def test_size_is_bounded() -> None:
    with pytest.raises(DescriptionError, match="at most"):
        read(HEAD, Limits(max_bytes=10))


def test_operations_and_schemas_are_bounded() -> None:
    text = b"openapi: 3.0.0\npaths: {" + b", ".join(b"/x%d: {get: {}}" % i for i in range(20)) + b"}"
    api = read(text, Limits(max_operations=7))
    assert (len(api.operations), api.problems[-1].pointer) == (7, "/paths/~1x7/get")
    schema = b"{properties: {" + b", ".join(b"p%d: {}" % i for i in range(50)) + b"}}"
    text = b"openapi: 3.0.0\npaths: {/x: {get: {parameters: [{name: a, in: query, schema: " + schema + b"}]}}}"
    assert "too large" in read(text, Limits(max_schemas=10)).problems[-1].message
    assert read(text).problems == ()


def ticks(step: float) -> Iterator[float]:
    now = 0.0
    while True:
        yield now
        now += step


def test_time_is_bounded() -> None:
    slow = ticks(8.0)
    with pytest.raises(DescriptionError, match="within 20 seconds"):
        read_description(b"openapi: 3.0.0\nx:\n" + b"- 1\n" * 9_000, source="x", clock=lambda: next(slow))
    slow = ticks(8.0)
    text = b'{"openapi": "3.0.0", "paths": {"/x": {"get": {}, "put": {}, "post": {}, "patch": {}}}}'
    api = read_description(text, source="x", clock=lambda: next(slow))
    assert 0 < len(api.operations) < 4
    assert "more than 20 seconds" in api.problems[-1].message
