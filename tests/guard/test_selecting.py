import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import Operation
from apiward.guard.selecting import Cover, selector, selectors

_LITERALS = st.sampled_from(("a", "b", "ab"))
_TEMPLATE = st.lists(st.sampled_from(("a", "b", "ab", "{x}", "{y}.{z}", "a{x}")), min_size=1, max_size=3)
_FORM = st.tuples(st.lists(st.sampled_from(("a", "b", "ab", "*", "a*", "*b")), max_size=3), st.booleans())
_VALUES = st.lists(st.sampled_from(("a", "b", "ab", "abc", "1")), min_size=6, max_size=6)


def operation(key: str, **more: object) -> Operation:
    method, path = key.split(" ")
    return Operation(method, path, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "key", "cover"),
    [
        ("GET /orders/*", "GET /orders/{id}", Cover.ALWAYS),
        ("GET /orders/*", "DELETE /orders/{id}", Cover.NEVER),
        ("/orders/*", "DELETE /orders/last", Cover.ALWAYS),
        ("/orders/*", "GET /orders", Cover.NEVER),
        ("/orders/**", "GET /orders", Cover.ALWAYS),
        ("/orders/**", "GET /orders/{id}/notes/{note}", Cover.ALWAYS),
        ("/orders/**", "GET /ordersets", Cover.NEVER),
        ("GET /orders/{order_id}", "GET /orders/{id}", Cover.ALWAYS),
        ("GET /orders/{id}", "GET /orders/last", Cover.NEVER),
        ("/orders/7", "GET /orders/{id}", Cover.SOMETIMES),
        ("/admin/**", "GET /{section}/{page}", Cover.SOMETIMES),
        ("/admin/*", "GET /{path:path}", Cover.SOMETIMES),
        ("/**", "GET /files/{path:path}", Cover.ALWAYS),
        ("*", "POST /anything", Cover.ALWAYS),
        ("/a.b", "GET /axb", Cover.NEVER),
    ],
)
def test_paths_cover_operations(text: str, key: str, cover: Cover) -> None:
    assert selector(text).cover(operation(key)) is cover


def test_tags_and_operation_ids() -> None:
    described = operation("GET /a", tags=("staff",), operation_id="listUsers")
    assert selector("tag:staff").cover(described) is Cover.ALWAYS
    assert selector("tag:shop").cover(described) is Cover.NEVER
    assert selector("list*").cover(described) is Cover.ALWAYS
    assert selector("listOrders").cover(described) is Cover.NEVER
    assert not selector("tag:staff").fits("GET", "/a")


def test_plain_requests() -> None:
    assert selector("GET /a/*").fits("HEAD", "/a/1")
    assert not selector("GET /a/*").fits("GET", "/a/1/2")
    assert not selector("GET /a/*").fits("POST", "/a/1")
    assert selector("/a/{id}").fits("POST", "/a/1")
    assert not selector("/a/**").fits("GET", "/A/1")
    assert selector("/a/**").fits("GET", "/a/\n/b")


@pytest.mark.parametrize(
    "text", ["", "tag:", "get /a", "orders/1", "two words", "/a/**/b", "/a*b*c", "/{a}{b}", "GET a"]
)
def test_what_is_no_selector_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r"^private: .*'GET /orders/\*'"):
        selectors((text,), "private")


@given(_TEMPLATE, _FORM, _VALUES)
def test_what_covers_a_template_always_or_never_does_so_for_each_request(
    template: list[str], form: tuple[list[str], bool], values: list[str]
) -> None:
    path = "/" + "/".join(template)
    for name in ("x", "y", "z"):
        while f"{{{name}}}" in path:
            path = path.replace(f"{{{name}}}", values[len(path) % 6], 1)
    text = "/" + "/".join(form[0]) + ("/**" if form[0] and form[1] else "")
    chosen = selector(text)
    cover = chosen.cover(operation("GET /" + "/".join(template)))
    if cover is not Cover.SOMETIMES:
        assert chosen.fits("GET", path) is (cover is Cover.ALWAYS)
