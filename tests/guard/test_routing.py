import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import Api, Operation
from apiward.guard.routing import Match, RouteTable, _find, _straight


def table(*keys: str, base_path: str = "") -> RouteTable:
    operations = []
    for key in keys:
        method, path = key.split(" ")
        operations.append(Operation(method, path, base_path=base_path))
    return RouteTable(Api("shop", "1", tuple(operations)))


def found(match: Match) -> tuple[str, tuple[str, ...]]:
    return match.operation_key, match.arguments


def test_a_path_without_parameters_is_found_with_its_method() -> None:
    routes = table("GET /items", "POST /items", base_path="/v1")
    assert found(routes.match("POST", "/v1/items")) == ("POST /v1/items", ())
    assert routes.match("POST", "/items").operation is None


def test_parameters_are_given_in_the_order_of_the_template() -> None:
    routes = table("GET /shops/{shop}/items/{item}")
    assert found(routes.match("GET", "/shops/a b/items/9")) == ("GET /shops/{shop}/items/{item}", ("a b", "9"))


def test_concrete_paths_win_over_templates() -> None:
    routes = table("GET /users/{id}", "GET /users/me", "GET /users/{id}/notes", "GET /{kind}/me/notes")
    assert routes.match("GET", "/users/me").operation_key == "GET /users/me"
    assert found(routes.match("GET", "/users/4")) == ("GET /users/{id}", ("4",))
    assert found(routes.match("GET", "/users/me/notes")) == ("GET /users/{id}/notes", ("me",))
    assert found(routes.match("GET", "/shops/me/notes")) == ("GET /{kind}/me/notes", ("shops",))


def test_a_template_that_knows_the_method_is_taken_where_the_concrete_path_does_not() -> None:
    routes = table("GET /users/me", "DELETE /users/{id}")
    assert found(routes.match("DELETE", "/users/me")) == ("DELETE /users/{id}", ("me",))


def test_segments_may_hold_several_parameters_and_verbs() -> None:
    routes = table("GET /files/{name}.{kind}", "POST /orders/{id}:cancel", "GET /v{version}/items", "GET /files/{id}")
    assert found(routes.match("GET", "/files/a.b.c")) == ("GET /files/{name}.{kind}", ("a", "b.c"))
    assert found(routes.match("GET", "/files/abc")) == ("GET /files/{id}", ("abc",))
    assert found(routes.match("POST", "/orders/7:cancel")) == ("POST /orders/{id}:cancel", ("7",))
    assert found(routes.match("GET", "/v2/items")) == ("GET /v{version}/items", ("2",))
    assert routes.match("POST", "/orders/:cancel").operation is None


def test_a_parameter_that_takes_the_rest_of_the_path() -> None:
    routes = table("GET /files/{path:path}", "GET /proxy/{rest+}")
    assert found(routes.match("GET", "/files/a/b/c")) == ("GET /files/{path:path}", ("a/b/c",))
    assert found(routes.match("GET", "/proxy/a")) == ("GET /proxy/{rest+}", ("a",))
    assert routes.match("GET", "/proxy/").operation is None


def test_head_falls_back_on_get() -> None:
    routes = table("GET /items", "GET /items/{id}", "HEAD /shops", "GET /shops")
    assert routes.match("HEAD", "/items").operation_key == "GET /items"
    assert routes.match("HEAD", "/items/1").operation_key == "GET /items/{id}"
    assert routes.match("HEAD", "/shops").operation_key == "HEAD /shops"


def test_a_known_path_with_another_method_says_what_is_allowed() -> None:
    routes = table("GET /items/{id}", "PUT /items/{id}", "DELETE /items/last")
    match = routes.match("PATCH", "/items/last")
    assert match.operation is None
    assert match.allowed == ("DELETE", "GET", "HEAD", "PUT")


@pytest.mark.parametrize("path", ["/items/", "/items/4/"])
def test_a_slash_too_many_is_said(path: str) -> None:
    match = table("GET /items", "GET /items/{id}").match("GET", path)
    assert match.operation is None
    assert match.is_slash_apart
    assert match.allowed == ()


def test_a_missing_slash_is_said_and_a_strange_path_is_not() -> None:
    routes = table("GET /items/")
    assert routes.match("GET", "/items").is_slash_apart
    assert not routes.match("GET", "/Items/").is_slash_apart


def test_an_empty_segment_is_no_argument() -> None:
    assert table("GET /items/{id}/parts").match("GET", "/items//parts").operation is None


def test_encoded_templates_match_decoded_paths() -> None:
    assert table("GET /caf%C3%A9/{id}").match("GET", "/café/1").operation is not None


def test_of_two_equal_templates_the_first_counts() -> None:
    assert table("GET /a/{x}", "GET /a/{y}").match("GET", "/a/1").operation_key == "GET /a/{x}"


@given(st.text(alphabet="ab{}:./", max_size=30), st.text(alphabet="ab:./", max_size=30))
def test_any_template_and_any_path_are_matched_without_an_error(template: str, path: str) -> None:
    routes = table(f"GET /{template}")
    match = routes.match("GET", path)
    assert (match.operation is None) == (match.operation_key == "")


@given(st.lists(st.text(alphabet="abc.-", min_size=1, max_size=8), min_size=1, max_size=4))
def test_arguments_come_back_as_they_went_in(values: list[str]) -> None:
    template = "".join(f"/p{at}/{{a{at}}}" for at in range(len(values)))
    path = "".join(f"/p{at}/{value}" for at, value in enumerate(values))
    assert table(f"GET {template}").match("GET", path).arguments == tuple(values)


_parts = st.sampled_from(["a", "b", "{x}", "{y}.a", "{z}"])
_templates = st.lists(_parts, min_size=1, max_size=4).map("/".join)
_segments = st.lists(st.sampled_from(["a", "b", "c.a", "", "d"]), min_size=1, max_size=4)


@given(st.lists(st.tuples(st.sampled_from(["GET", "PUT"]), _templates), min_size=1, max_size=8), _segments)
def test_the_straight_way_leads_where_the_long_one_does(described: list[tuple[str, str]], asked: list[str]) -> None:
    routes = table(*(f"{method} /{template}" for method, template in described))
    for method in ("GET", "PUT"):
        straight = _straight(routes._root, ["", *asked], method)
        assert straight in (None, _find(routes._root, ["", *asked], 0, method))
