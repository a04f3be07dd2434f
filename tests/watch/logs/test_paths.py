from hypothesis import given
from hypothesis import strategies as st

from apiward.watch.logs.paths import MOST_KNOWN, PathTemplates


def test_values_are_left_out() -> None:
    templates = PathTemplates()
    assert templates.key_of("GET", "/orders/17/items/3.json") == ("GET /orders/{id}/items/{id}.json", "3")
    assert templates.key_of("HEAD", "/users/5e1c61c8-6d0b-4f6e-8a8f-0b3f0a6f2c11")[0] == "GET /users/{id}"
    assert templates.key_of("POST", "/login") == ("POST /login", "")
    assert templates.key_of("GET", "/") == ("GET /", "")


def test_what_answered_well_is_known_also_after_a_start() -> None:
    templates = PathTemplates()
    templates.add("GET /orders/{id}")
    assert "GET /orders/{id}" in templates
    assert "GET /carts" not in templates
    assert PathTemplates(templates.state()).state() == templates.state()


def test_many_words_beside_one_another_are_values() -> None:
    templates = PathTemplates()
    for number in range(60):
        templates.add(f"GET /products/{chr(97 + number % 26)}{'o' * (number // 26)}ne")
    assert templates.key_of("GET", "/products/lamp") == ("GET /products/{id}", "lamp")
    assert templates.key_of("GET", "/products/ane") == ("GET /products/ane", ""), "it was there before"
    assert templates.key_of("GET", "/lamp") == ("GET /lamp", ""), "first parts are no values"


def test_what_is_known_is_bounded() -> None:
    templates = PathTemplates()
    for number in range(MOST_KNOWN + 100):
        templates.add(f"GET /shop/a{number:x}z/list")
    assert len(templates.state()) == MOST_KNOWN
    key, _ = templates.key_of("GET", "/shop/other/thing")
    assert key == "GET /shop/…"
    assert key in templates
    assert templates.key_of("GET", "/unknown/thing")[0] == "GET /{id}/…"


@given(path=st.text(max_size=200).map(lambda text: f"/{text}"))
def test_no_path_hurts(path: str) -> None:
    key, value = PathTemplates().key_of("GET", path)
    assert key.startswith("GET /")
    assert value in path
