import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import Api, Body, Operation
from apiward.core.call import BodyKind, Call
from apiward.core.decision import Decision, Effect
from apiward.core.jsonvalue import NOT_JSON, Json
from apiward.core.schema import Schema
from apiward.guard.stages.shape import Shape, ShapeSettings
from tests.guard.calls import call, parts
from tests.guard.stages.orders_api import ACTION, FORM, ORDER, ORDERS, PICTURE, SIGN_UP, TEXT, one, stage, told


def order(value: Json, **settings: object) -> Decision | None:
    return one(stage(**settings).on_body(call("POST", "/orders", json=value, operation=ORDERS)))


def test_described_bodies_pass() -> None:
    assert order({"note": "hi", "items": [{"sku": "a", "count": 2}]}) is None
    assert order({"note": "hi"}) is None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"note": "far too long a note"}, "shape.body: body.note"),
        ({}, "shape.body: body.note"),
        ([], "shape.body: body"),
        ({"note": "a", "items": [{"sku": "a"}, {"count": "2"}]}, "shape.body: body.items[1].count"),
        ({"note": "a", "role": "admin"}, "shape.undeclared: body.role"),
        ({"note": "a", "items": [{"sku": "a", "price": 0}]}, "shape.undeclared: body.items[0].price"),
        ({"note": "a", "<b>\r\n": 1}, "shape.undeclared: body.?"),
    ],
)
def test_other_bodies_are_refused_and_the_place_is_told(value: Json, said: str) -> None:
    decision = order(value)
    assert told(decision) == said
    assert decision is not None
    assert decision.effect is Effect.DENY
    assert "far too long" not in decision.saw


def test_undeclared_properties_can_be_dropped() -> None:
    decision = order({"note": "hé", "role": "admin", "items": [{"sku": "a", "price": 0}]}, undeclared="drop")
    assert decision is not None
    assert (decision.rule, decision.effect, decision.place) == ("shape.undeclared", Effect.EDIT, "body.role")
    assert decision.edit is not None
    assert decision.edit.value == {"note": "hé", "items": [{"sku": "a"}]}
    assert decision.edit.body is not None
    assert json.loads(decision.edit.body) == decision.edit.value
    assert order({"note": "a"}, undeclared="drop") is None


def test_what_is_wrong_beside_what_is_dropped_is_refused() -> None:
    assert told(order({"note": 1, "role": 1}, undeclared="drop")) == "shape.body: body.note"
    both = order({"note": "a", "role": 1, "total": 1}, undeclared="drop", read_only="refuse")
    assert told(both) == "shape.read-only: body.total"
    assert told(order({"note": 1}, undeclared="drop")) == "shape.body: body.note"


def test_read_only_properties_can_be_dropped_or_allowed() -> None:
    assert told(order({"note": "a", "total": 0}, read_only="refuse")) == "shape.read-only: body.total"
    decision = order({"note": "a", "total": 1})
    assert decision is not None
    assert decision.edit is not None
    assert decision.edit.value == {"note": "a"}
    assert order({"note": "a", "total": 1}, read_only="allow") is None
    assert told(order({"note": "a", "role": 1}, read_only="drop")) == "shape.undeclared: body.role"


def test_undeclared_properties_can_be_allowed_everywhere_or_for_some_operations() -> None:
    assert order({"note": "a", "role": 1}, undeclared="allow") is None
    assert order({"note": "a", "role": 1}, open_operations=("POST /orders",)) is None
    assert told(order({"note": 1, "role": 1}, open_operations=("/orders",))) == "shape.body: body.note"
    assert told(order({"note": "a", "role": 1}, open_operations=("/other",))) == "shape.undeclared: body.role"


def test_undeclared_properties_inside_a_variant_are_called_so() -> None:
    inner = Schema(types=("object",), properties={"loud": TEXT})
    cat, dog = (
        Schema(types=("object",), properties={"meow": TEXT}),
        Schema(properties={"bark": inner}, types=("object",)),
    )
    operation = Operation("POST", "/pets", bodies=(Body("application/json", Schema(variants=(cat, dog))),))
    shape = Shape(ShapeSettings(), parts(api=Api("a", "1", (operation,))))

    def judged(value: Json) -> str:
        return told(shape.on_body(call("POST", "/pets", json=value, operation=operation)))

    assert judged({"bark": {"loud": "x"}}) == "passes"
    assert judged({"bark": {"loud": "x", "role": 1}}) == "shape.undeclared: body.bark.role"
    assert judged({"role": 1}) == "shape.undeclared: body.role"
    assert judged(3) == "shape.body: body"


def test_text_that_is_no_unicode_is_refused() -> None:
    operation = Operation("POST", "/names", bodies=(Body("application/json", Schema(types=("string",), max_length=9)),))
    shape = Shape(ShapeSettings(), parts(api=Api("a", "1", (operation,))))
    assert told(shape.on_body(call("POST", json="\ud800", operation=operation))) == "shape.body: body"


def test_a_body_must_be_there_and_of_a_described_type() -> None:
    shape = stage()
    assert told(shape.on_body(call("POST", "/orders", operation=ORDERS))) == "shape.body-missing: body"
    texts = call("POST", "/orders", body=b'{"note": "a"}', headers={"content-type": "text/plain"}, operation=ORDERS)
    assert told(shape.on_body(texts)) == "shape.content-type: header content-type"
    named = call(
        "POST", "/orders", json={"note": "a"}, headers={"content-type": "application/x+json"}, operation=ORDERS
    )
    assert shape.on_body(named) is None
    broken = call("POST", "/orders", body=b"{", headers={"content-type": "application/json"}, operation=ORDERS)
    assert told(shape.on_body(broken)) == "shape.body: body"
    assert shape.on_body(call("POST", "/sign-up", operation=SIGN_UP)) is None


def test_a_body_without_a_type_is_judged_as_the_json_that_it_is() -> None:
    asked = call("POST", "/orders", json={"note": "a", "role": 1}, operation=ORDERS)
    asked.header = {b"host": b"shop.test"}
    assert told(stage().on_body(asked)) == "shape.undeclared: body.role"
    asked.value = NOT_JSON
    assert told(stage().on_body(asked)) == "shape.content-type: header content-type"


def test_a_body_too_large_to_be_read_is_noted() -> None:
    asked = call("POST", "/orders", json={"note": "a"}, operation=ORDERS)
    asked.is_body_whole = False
    decision = one(stage().on_body(asked))
    assert decision is not None
    assert (decision.rule, decision.effect) == ("shape.unread", Effect.NOTE)


def test_a_body_where_none_is_described_is_refused_unless_it_says_nothing() -> None:
    def action(body: bytes, **settings: object) -> str:
        asked = call("POST", "/orders/7/cancel", body=body, operation=ACTION, path_arguments=("7",))
        return told(stage(**settings).on_body(asked))

    assert action(b'{"refund": 100}') == "shape.unexpected-body: body"
    assert {action(body) for body in (b"", b"{}", b" null ")} == {"passes"}
    assert action(b"x", unexpected_body="allow") == action(b"x", open_operations=("*",)) == "passes"
    noted = one(stage(unexpected_body="note").on_body(call("POST", body=b"x", operation=ACTION)))
    assert noted is not None
    assert noted.effect is Effect.NOTE


def form(body: bytes, content_type: str = FORM, **settings: object) -> Decision | None:
    asked = call("POST", "/sign-up", body=body, headers={"content-type": content_type}, operation=SIGN_UP)
    return one(stage(**settings).on_body(asked))


def test_forms() -> None:
    assert form(b"name=Ann&age=31&tags=a&tags=b&tags[]=c&csrfmiddlewaretoken=x") is None
    assert form(b"name=Ann&age=") is None
    assert told(form(b"name=Ann&age=old")) == "shape.body: body.age"
    assert told(form(b"age=31")) == "shape.body: body.name"
    assert told(form(b"name=Ann&role=admin")) == "shape.undeclared: body.role"
    assert told(form(b"name=Ann&id=1")) == "shape.read-only: body.id"
    assert form(b"name=Ann&role=admin", undeclared="allow") is None


def test_forms_can_be_trimmed_unless_they_have_parts() -> None:
    decision = form(b"name=A%20n&role=admin&age=3&x=1", undeclared="drop")
    assert decision is not None
    assert decision.place == "body.role"
    assert decision.edit is not None
    assert decision.edit.body == b"name=A+n&age=3"
    asked = call("POST", "/sign-up", headers={"content-type": "multipart/form-data"}, operation=SIGN_UP)
    asked.body, asked.form_pairs, asked.body_kind = b"--x", [("name", "a"), ("role", "b")], BodyKind.MULTIPART
    assert told(stage(undeclared="drop").on_body(asked)) == "shape.undeclared: body.role"


def test_bodies_that_are_not_looked_into() -> None:
    for content_type, said in (
        ("image/png", "passes"),
        ("text/plain", "passes"),
        ("application/pdf", "shape.content-type: header content-type"),
    ):
        asked = call("PUT", "/picture", body=b"\x00\xff", headers={"content-type": content_type}, operation=PICTURE)
        assert told(stage().on_body(asked)) == said
        assert stage().wants_body(asked) is (said != "passes")
        asked.body, asked.is_body_whole = b"", False
        assert told(stage().on_body(asked)) == said


def test_a_description_that_names_no_type_takes_json_and_forms_by_their_schema() -> None:
    operation = Operation("POST", "/any", bodies=(Body("*/*", ORDER),))
    shape = Shape(ShapeSettings(), parts(api=Api("a", "1", (operation,))))
    assert told(shape.on_body(call("POST", json={"note": "a", "role": 1}, operation=operation))) == (
        "shape.undeclared: body.role"
    )
    asked = call("POST", body=b"note=a&role=1", headers={"content-type": FORM}, operation=operation)
    assert told(shape.on_body(asked)) == "shape.undeclared: body.role"
    asked = call("POST", body=b"hello", headers={"content-type": "text/plain"}, operation=operation)
    assert shape.on_body(asked) is None


def test_graphql_is_judged_where_it_is_spoken() -> None:
    shape = stage(graphql_depth=2)
    deep: Json = {"query": "{ a { b { c } } }"}
    assert told(shape.on_body(call("POST", "/api/graphql", json=deep))) == "shape.graphql-depth: query"
    assert shape.on_body(call("POST", "/notes", json=deep)) is None
    assert shape.wants_body(call("POST", "/api/graphql"))
    introspection: Json = {"query": "{ __schema { types } }"}
    for setting, effect in (("refuse", Effect.DENY), ("note", Effect.NOTE)):
        decision = one(stage(graphql_introspection=setting).on_body(call("POST", "/graphql", json=introspection)))
        assert decision is not None
        assert (decision.rule, decision.effect) == ("shape.graphql-introspection", effect)
    assert stage(graphql_introspection="allow").on_body(call("POST", "/graphql", json=introspection)) is None


def test_a_dropped_property_does_not_hide_a_query_that_asks_for_too_much() -> None:
    schema = Schema(types=("object",), properties={"query": TEXT})
    operation = Operation("POST", "/graphql", bodies=(Body("application/json", schema),))
    shape = Shape(ShapeSettings(undeclared="drop", graphql_depth=1), parts(api=Api("a", "1", (operation,))))
    said = shape.on_body(call("POST", "/graphql", json={"query": "{a{b}}", "x": 1}, operation=operation))
    assert isinstance(said, tuple)
    assert [(one.rule, one.effect) for one in said] == [
        ("shape.undeclared", Effect.EDIT),
        ("shape.graphql-depth", Effect.DENY),
    ]
    assert told(shape.on_body(call("POST", "/graphql", json={"query": "{a}", "x": 1}, operation=operation))) == (
        "shape.undeclared: body.x"
    )


def test_what_nothing_describes_is_not_judged() -> None:
    shape = stage()
    asked = call("POST", "/other?x=1", json={"a": 1})
    assert shape.on_head(asked) is None
    assert shape.on_body(asked) is None
    assert not shape.wants_body(asked)
    assert not Shape(ShapeSettings(), parts()).wants_body(asked)
    assert stage().wants_body(call("POST", "/orders", operation=ORDERS))
    assert not stage(open_operations=("*",)).wants_body(call("POST", "/x", operation=ACTION))


def test_settings_say_what_is_wrong() -> None:
    with pytest.raises(ValueError, match=r"^undeclared: 'note' is unknown; allowed are refuse, drop, allow"):
        ShapeSettings(undeclared="note")
    with pytest.raises(ValueError, match=r"^unknown_query: "):
        ShapeSettings(unknown_query="drop")
    with pytest.raises(ValueError, match=r"^graphql_paths: "):
        ShapeSettings(graphql_paths=("",))
    with pytest.raises(ValueError, match=r"^open_operations: "):
        ShapeSettings(open_operations=("no path",))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(("note", "items", "sku", "total", "x")), inner),
    max_leaves=15,
)
STAGES = tuple(stage(undeclared=one, read_only=two) for one in ("refuse", "drop") for two in ("refuse", "drop"))


@given(st.sampled_from(STAGES), JSON)
def test_any_json_is_judged_and_what_is_left_after_dropping_passes(shape: Shape, value: Json) -> None:
    asked = Call("POST", b"/orders", b"", [], "192.0.2.1")
    asked.header, asked.operation_key = {b"content-type": b"application/json"}, ORDERS.key
    asked.body, asked.value = b"x", value
    decision = one(shape.on_body(asked))
    if decision is not None and decision.edit is not None:
        asked.value = decision.edit.value
        assert shape.on_body(asked) is None
