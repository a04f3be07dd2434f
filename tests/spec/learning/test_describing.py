from dataclasses import replace
from random import Random

import pytest

from apiward.core.api import Place
from apiward.core.jsonvalue import Json
from apiward.core.observation import Observation
from apiward.spec.learning.describing import bare
from apiward.spec.learning.learner import Learner
from apiward.spec.learning.tallies import Tally
from tests.spec.learning.seeing import CALLERS, learner, often, operation, seen

ORDER: Json = {"id": 7, "total": 10.5, "state": "open", "paid": None, "lines": [{"sku": "a-b", "count": 1}]}


def test_methods_parameters_bodies_and_answers_are_told() -> None:
    made = learner(
        [
            *often("GET /orders?page=2&sort=name", answer=[ORDER]),
            *often("POST /orders", body={"total": 1.5}, answer=ORDER, status=201, shown=("bearer",)),
        ]
    )
    listed, made_new = operation(made, "GET /orders").operation, operation(made, "POST /orders").operation
    assert {one.name: one.schema.types for one in listed.parameters} == {"page": ("integer",), "sort": ("string",)}
    (body,) = made_new.bodies
    assert (body.media_type, body.schema.properties["total"].types) == ("application/json", ("number",))
    (answer,) = made_new.answers
    inner = answer.bodies[0].schema.properties
    assert answer.status == "201"
    assert {name: one.types for name, one in inner.items()} == {
        "id": ("integer",),
        "total": ("number",),
        "state": ("string",),
        "paid": (),
        "lines": ("array",),
    }
    assert inner["paid"].is_nullable
    assert inner["lines"].items is not None
    assert made_new.security == (("bearer",),)
    assert made.learned().schemes["bearer"].kind.value == "bearer"


def test_types_that_differ_are_told_together() -> None:
    made = learner(
        [*often("GET /a", answer={"v": 1}), *often("GET /a", answer={"v": "x"}), *often("GET /a", answer={"v": 2.5})]
    )
    answer = operation(made, "GET /a").operation.answers[0].bodies[0].schema
    assert answer.properties["v"].types == ("number", "string")


def test_a_repeated_parameter_is_a_list() -> None:
    made = learner(often("GET /a?id=1&id=2&tag[]=x"))
    schemas = {one.name: one.schema for one in operation(made, "GET /a").operation.parameters_in(Place.QUERY)}
    assert schemas["id"].types == schemas["tag"].types == ("array",)


def test_what_the_web_adds_is_no_parameter() -> None:
    made = learner(often("GET /a?utm_source=x&fbclid=y&page=1"))
    assert [one.name for one in operation(made, "GET /a").operation.parameters] == ["page"]


def test_a_form_is_told_with_the_types_that_its_texts_mean() -> None:
    form = (("name", "x y"), ("age", "7"), ("tag", "a"), ("tag", "b"), ("ok", "true"))
    made = learner(often("POST /f", body_type="application/x-www-form-urlencoded", form=form))
    schema = operation(made, "POST /f").operation.bodies[0].schema
    types = {name: one.types for name, one in schema.properties.items()}
    assert types == {"name": ("string",), "age": ("integer",), "tag": ("array",), "ok": ("boolean",)}


def test_log_ins_are_told_by_how_callers_show_themselves() -> None:
    made = learner(
        [
            *often("GET /always", shown=("cookie session",)),
            *often("GET /never"),
            *often("GET /sometimes", shown=("header x-shop-key",)),
            *often("GET /sometimes"),
        ]
    )
    assert operation(made, "GET /always").operation.security == (("cookie_session",),)
    assert operation(made, "GET /never").operation.security == ()
    assert operation(made, "GET /sometimes").operation.security == (("header_x_shop_key",), ())
    scheme = made.learned().schemes["cookie_session"]
    assert (scheme.place, scheme.field_name) == (Place.COOKIE, "session")


def test_sensitive_data_is_named_by_its_place() -> None:
    made = learner(often("GET /me", answer={"user": {"mail": "anna@mail.example", "full_name": "Anna B"}}))
    found = operation(made, "GET /me")
    assert found.sensitive == (("answer.user.mail", "email"), ("answer.user.full_name", "name"))
    schema = found.operation.answers[0].bodies[0].schema.properties["user"]
    assert schema.properties["mail"].description == "Holds: email."


def test_a_map_has_no_properties() -> None:
    rng = Random(1)
    words = [f"{a}{b}{c}" for a in "abcd" for b in "efgh" for c in "ijkl"]
    made = learner(
        seen("GET /prices", CALLERS[n % 8], answer=dict.fromkeys(rng.sample(words, 4), 1.5)) for n in range(60)
    )
    schema = operation(made, "GET /prices").operation.answers[0].bodies[0].schema
    assert (schema.types, dict(schema.properties)) == (("object",), {})


def test_what_only_answers_show_is_read_only() -> None:
    answer: Json = {"id": 1, "name": "x", "is_admin": False, "city": "y", "created_at": "2026-11-30"}
    made = learner(often("POST /users", body={"name": "x", "age": 3}, answer=answer))
    found = operation(made, "POST /users")
    told = found.operation.answers[0].bodies[0].schema.properties
    assert {name for name, one in told.items() if one.is_read_only} == {"id", "is_admin", "city", "created_at"}
    guarded = found.guarded.bodies[0].schema.properties
    assert {name for name, one in guarded.items() if one.is_read_only} == {"id", "is_admin", "created_at"}, (
        "a city may be set by somebody tomorrow"
    )


def test_read_only_is_found_in_an_envelope_and_in_the_answer_of_reading() -> None:
    made = learner(
        [
            *often("PUT /articles/7", body={"article": {"title": "x", "text": "y"}}, status=204),
            *often("GET /articles/7", answer={"article": {"title": "x", "text": "y", "role": "z"}}),
        ]
    )
    guarded = operation(made, "PUT /articles/{article_id}").guarded.bodies[0].schema
    assert guarded.properties["article"].properties["role"].is_read_only


def test_how_sure_it_is_told_in_words() -> None:
    assert operation(learner(often("GET /a", 12, 2)), "GET /a").sureness.missing == "8 more requests and 2 more callers"
    made = operation(learner(often("GET /a", 40, 8)), "GET /a").sureness
    assert (made.is_sure, str(made)) == (True, "40 requests of 8 callers")
    fresh = [*often("GET /a", 40), *often("GET /a?page=1", 6)]
    assert operation(learner(fresh), "GET /a").sureness.missing == "8 more requests without news"


def test_only_what_is_sure_is_for_the_guard() -> None:
    made = learner([*often("GET /a", 40), *often("GET /b", 10)]).learned()
    assert [one.key for one in made.guarded().operations] == ["GET /a"]
    assert [one.key for one in made.api().operations] == ["GET /a", "GET /b"]


def test_the_guard_is_given_no_bound_after_tens_of_requests() -> None:
    made = learner(often("POST /a?page=2", body={"name": "open", "n": 1, "at": "2026-11-30"}, answer={"ok": True}))
    found = operation(made, "POST /a")
    assert found.earned == ()
    guarded = found.guarded
    schema = guarded.bodies[0].schema
    assert guarded.bodies[-1].media_type == "*/*"
    assert not any(one.is_required for one in guarded.parameters)
    assert not any(one.is_required for one in guarded.bodies)
    assert (schema.is_open, schema.required) == (True, frozenset())
    assert schema.properties["n"].types == ("number",)
    for one in schema.properties.values():
        assert (one.enum, one.format, one.max_length, one.maximum) == ((), None, None, None)
        assert one.is_nullable
    assert guarded.security is None


def test_what_an_api_gave_to_a_few_callers_alone_is_told_with_all_its_names() -> None:
    some: Json = {"items": [{"id": 1, "name": "x"}], "more": {"page": 2}}
    none: Json = {"items": [], "more": None}
    made = learner(
        [*often("GET /search", 36, answer=none), *(seen("GET /search", by, answer=some) for by in CALLERS[:2])]
    )
    schema = operation(made, "GET /search").operation.answers[0].bodies[0].schema
    items, more = schema.properties["items"].items, schema.properties["more"]
    assert items is not None
    assert set(items.properties) == {"id", "name"}
    assert (more.types, more.is_nullable, set(more.properties)) == (("object",), True, {"page"})
    sent = learner([*often("POST /a", 36, body=none), *(seen("POST /a", by, body=some) for by in CALLERS[:2])])
    taken = operation(sent, "POST /a").operation.bodies[0].schema
    assert taken.properties["more"].properties == {}


def earned(seen_of: list[Observation], factor: int) -> Learner:
    """Return a learner as if all of it had come `factor` times."""
    made = learner(seen_of)
    tallies: list[Tally] = []

    def grow(value: object) -> None:
        if isinstance(value, Tally):
            tallies.append(value)
        elif isinstance(value, dict):
            for one in value.values():
                grow(one)
        elif hasattr(value, "__slots__"):
            for name in type(value).__slots__:
                grow(getattr(value, name, None))

    grow(made._tree.root)
    for one in tallies:
        one.count *= factor
    for _, _, found in made._tree.operations():
        found.count *= factor
    for again in (*seen_of[:2], *seen_of[-4:]):  # values of lists are written down when they come again
        made.learn(again)
    return made


BODY: Json = {"state": "open", "n": 5, "tags": ["a"], "id": "0b9c1f38-3c5b-4f53-9c1b-0a6b6f2a7d11"}


def test_bounds_with_room_are_earned_after_a_thousand() -> None:
    made = operation(earned(often("POST /a", 44, 11, body=BODY), 25), "POST /a")
    schema = made.guarded.bodies[0].schema
    assert schema.properties["n"].maximum == 800
    assert schema.properties["n"].minimum == -100
    assert schema.properties["tags"].max_items == 100
    assert schema.properties["state"].max_length == 64
    assert schema.properties["id"].format == "uuid"
    assert schema.properties["state"].enum == ()
    assert schema.is_open
    assert "body.n: from -100 to 800" in made.earned


def test_bounds_without_room_are_earned_after_ten_thousand() -> None:
    made = operation(earned(often("POST /a?page=1", 44, 11, body=BODY), 250), "POST /a")
    schema = made.guarded.bodies[0].schema
    assert schema.properties["state"].enum == ("open",)
    assert schema.properties["n"].minimum == 0
    assert schema.properties["n"].types == ("integer",)
    assert not schema.properties["n"].is_nullable
    assert not schema.is_open
    assert schema.required == frozenset({"state", "n", "tags", "id"})
    assert [one.media_type for one in made.guarded.bodies] == ["application/json"]
    assert all(one.is_required for one in made.guarded.parameters)
    assert all(one.is_required for one in made.guarded.bodies)
    assert {"body: nothing else", "body.state: one of 1", "query page: must be there"} <= set(made.earned)


@pytest.mark.parametrize("more", [{"extra": 1}, {"state": None}, {"state": "shut"}])
def test_one_exception_of_many_callers_keeps_a_bound_from_being_earned(more: dict[str, Json]) -> None:
    assert isinstance(BODY, dict)
    others = [replace(one, body={**BODY, **more}) for one in often("POST /a", 4, 4, body=BODY)]
    schema = operation(earned([*often("POST /a", 44, 11, body=BODY), *others], 250), "POST /a").guarded.bodies[0].schema
    state = schema.properties["state"]
    assert schema.is_open is False
    assert ("extra" in schema.properties) or state.is_nullable or set(state.enum) == {"open", "shut"}


def test_keys_without_the_names_of_parameters_are_alike() -> None:
    assert bare("GET /a/{id}/b/{other}.json") == "GET /a/{}/b/{}.json"
