"""Stages that stop at the first fault go on behind one that is excluded, so that the next one still refuses."""

import json
from collections.abc import Mapping
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import Api, Body, Operation, Parameter, Place
from apiward.core.call import BodyKind, Call
from apiward.core.decision import Decision, Effect
from apiward.core.jsonvalue import Json
from apiward.core.schema import Schema
from apiward.guard.allowing import Allowance
from apiward.guard.stage import Judgement
from apiward.guard.stages.inspect import Inspect, InspectSettings
from apiward.guard.stages.shape import Shape, ShapeSettings
from tests.guard.calls import call, parts
from tests.guard.stages.orders_api import API, FORM, HEADERS, ORDERS, SEARCH, SIGN_UP

SQL, SCRIPT, BOTH = "x' OR 1=1 --", "<script>alert(1)</script>", "x' OR 1=1 -- <script>alert(1)</script>"
MULTIPART = (
    '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n{0}\r\n'
    '--x\r\nContent-Disposition: form-data; name="b"\r\n\r\n{1}\r\n--x--\r\n'
)
TEXT = Schema(types=("string",))
NOTE = Schema(types=("object",), properties={"a": TEXT, "b": TEXT, "list": Schema(types=("array",), items=TEXT)})
NOTES = Operation(
    "POST",
    "/notes/{id}",
    parameters=(
        Parameter("id", Place.PATH, TEXT),
        Parameter("q", Place.QUERY, TEXT),
        Parameter("r", Place.QUERY, TEXT),
    ),
    bodies=(Body("application/json", NOTE), Body(FORM, NOTE)),
)
NOTES_API = Api("notes", "1", (NOTES,))


def _allow(operation: str, *rules: str) -> tuple[Allowance, ...]:
    """Return exclusions, each written as "rule place"."""
    pairs = (rule.partition(" ")[::2] for rule in rules)
    return tuple(
        Allowance(id=f"a{number}", operation=operation, rule=rule, place=place, expires="2030-01-01")
        for number, (rule, place) in enumerate(pairs)
    )


def _refusals(*said: Judgement) -> list[str]:
    """Return what refuses, and check that what does not is a note."""
    found: list[str] = []
    for one in said:
        for decision in one if isinstance(one, tuple) else (one,):
            assert decision is None or isinstance(decision, Decision)
            if decision is not None and decision.effect is Effect.DENY:
                found.append(f"{decision.rule} {decision.place}")
            elif decision is not None and decision.effect is Effect.NOTE:
                assert "allowed as a" in decision.saw
    return found


def _inspected(request: Call, *rules: str, known: bool) -> list[str]:
    key = "POST /notes/{id}" if known else "POST /notes/7"
    made = parts(api=NOTES_API if known else None, allowed=_allow(key, *rules))
    stage = Inspect(InspectSettings(), made)
    return _refusals(stage.on_head(request), stage.on_body(request))


def _note(
    target: str = "/notes/7", *, known: bool, json_: Json = None, headers: Mapping[str, str] | None = None
) -> Call:
    arguments = (target.partition("?")[0].rpartition("/")[2],) if known else ()
    operation = NOTES if known else None
    if json_ is None:
        return call("POST", target, operation=operation, path_arguments=arguments, headers=headers)
    return call("POST", target, operation=operation, path_arguments=arguments, headers=headers, json=json_)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("value", "rules", "left"),
    [
        ({"a": SQL}, ["inspect.sql body.a"], []),
        ({"a": SQL}, ["inspect.sql body.b"], ["inspect.sql body.a"]),
        ({"a": SQL}, ["inspect.markup body.a"], ["inspect.sql body.a"]),
        ({"a": SQL, "b": SQL}, ["inspect.sql body.a"], ["inspect.sql body.b"]),
        ({"a": SQL, "b": SCRIPT}, ["inspect.sql body.a"], ["inspect.markup body.b"]),
        ({"a": BOTH}, ["inspect.sql body.a"], ["inspect.markup body.a"]),
        ({"a": BOTH}, ["inspect.sql body.a", "inspect.markup body.a"], []),
        ({"list": ["fine", SQL, SQL]}, ["inspect.sql body.list[]"], []),
        ({"list": [SQL], "a": SQL}, ["inspect.sql body.list[]"], ["inspect.sql body.a"]),
        ({"a": json.dumps({"x": SQL})}, ["inspect.sql body.a"], []),
        ({"a": {"$gt": ""}}, ["inspect.nosql body.a.$gt"], []),
        ({"a": {"$gt": ""}, "b": SQL}, ["inspect.nosql body.a.$gt"], ["inspect.sql body.b"]),
    ],
)
def test_inspect_looks_behind_what_is_excluded(value: Json, rules: list[str], left: list[str], *, known: bool) -> None:
    assert _inspected(_note(known=known, json_=value), known=known), "it is refused without"
    assert _inspected(_note(known=known, json_=value), *rules, known=known) == left


@pytest.mark.parametrize("known", [True, False])
def test_inspect_looks_behind_queries_headers_paths_and_forms(*, known: bool) -> None:
    query = _note(f"/notes/7?{urlencode({'q': SQL, 'r': SQL})}", known=known)
    assert _inspected(query, "inspect.sql query q", known=known) == ["inspect.sql query r"]
    assert _inspected(query, "inspect.sql query q", "inspect.sql query r", known=known) == []
    headed = _note(known=known, headers={"x-a": SCRIPT, "x-b": SCRIPT})
    assert _inspected(headed, "inspect.markup header x-a", known=known) == ["inspect.markup header x-b"]
    body = urlencode({"a": SQL, "b": SQL}).encode()
    form = call("POST", "/notes/7", operation=NOTES if known else None, path_arguments=("7",) if known else (),
                headers={"content-type": FORM}, body=body)  # fmt: skip
    assert _inspected(form, "inspect.sql body.a", known=known) == ["inspect.sql body.b"]
    assert _inspected(form, "inspect.sql body.a", "inspect.sql body.b", known=known) == []


def test_a_header_that_is_let_through_here_is_not_taken_for_harmless_elsewhere() -> None:
    stage = Inspect(InspectSettings(), parts(allowed=_allow("POST /notes/7", "inspect.markup header x-a")))
    headed = _note(known=False, headers={"x-a": SCRIPT})
    assert _refusals(stage.on_head(headed)) == []
    elsewhere = call("POST", "/other", headers={"x-a": SCRIPT})
    assert _refusals(stage.on_head(elsewhere)) == ["inspect.markup header x-a"]


def test_a_path_is_let_through_alone() -> None:
    request = call("POST", f"/notes/{SCRIPT}", operation=NOTES, path_arguments=(SCRIPT,))
    stage = Inspect(InspectSettings(), parts(api=NOTES_API, allowed=_allow(NOTES.key, "inspect.markup path id")))
    assert _refusals(stage.on_head(request)) == []
    request = call("POST", "/..%2f..%2fetc%2fpasswd", path_arguments=())
    bare = Inspect(InspectSettings(), parts())
    [refused] = _refusals(bare.on_head(request))
    stage = Inspect(InspectSettings(), parts(allowed=_allow(f"POST {request.path}", refused)))
    assert refused == "inspect.path path"
    assert _refusals(stage.on_head(request)) == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", MULTIPART),
        ("application/xml", "<r><a>{0}</a><b>{1}</b></r>"),
    ],
)
def test_inspect_looks_behind_parts_and_documents(kind: str, body: str) -> None:
    def request(*texts: str) -> Call:
        found = call("POST", "/notes/7", headers={"content-type": kind}, body=body.format(*texts).encode())
        found.body_kind = BodyKind.XML if "xml" in kind else BodyKind.MULTIPART
        return found

    [refused] = _inspected(request(SQL, "fine"), known=False)
    assert _inspected(request(SQL, "fine"), refused, known=False) == []
    assert _inspected(request(SQL, "' {{7*7}} ${{7*7}}; cat /etc/passwd"), refused, known=False) != []


def test_later_pieces_of_a_form_are_judged_so_too() -> None:
    stage = Inspect(InspectSettings(), parts(allowed=_allow("POST /notes/7", "inspect.sql body.a")))
    piece = call("POST", "/notes/7")
    piece.form_pairs = [("a", SQL)]
    assert _refusals(stage.on_more(piece)) == []
    piece.form_pairs = [("a", SQL), ("b", SQL)]
    assert _refusals(stage.on_more(piece)) == ["inspect.sql body.b"]


_TEXTS = {"fine": frozenset(), SQL: frozenset({"inspect.sql"}), SCRIPT: frozenset({"inspect.markup"}),
          BOTH: frozenset({"inspect.sql", "inspect.markup"})}  # fmt: skip


@given(
    st.dictionaries(st.sampled_from("abcde"), st.sampled_from(list(_TEXTS)), min_size=1),
    st.sets(st.tuples(st.sampled_from(["inspect.sql", "inspect.markup"]), st.sampled_from("abcde"))),
    st.booleans(),
)
def test_it_refuses_exactly_where_something_is_left(
    value: dict[str, str],
    allowed: set[tuple[str, str]],
    known: bool,  # noqa: FBT001 - given by hypothesis
) -> None:
    rules = [f"{rule} body.{name}" for rule, name in sorted(allowed)]
    left = {f"{rule} body.{name}" for name, text in value.items() for rule in _TEXTS[text]} - set(rules)
    said = _inspected(_note(known=known, json_=dict(value)), *rules, known=known)
    assert bool(said) is bool(left)
    assert set(said) <= left


def _shaped(request: Call, *rules: str, **settings: object) -> list[str]:
    operation = request.operation
    assert operation is not None
    made = parts(api=API, allowed=_allow(operation.key, *rules))
    stage = Shape(ShapeSettings(**settings), made)  # type: ignore[arg-type] # whichever the case names
    head = stage.on_head(request)
    return _refusals(head, stage.on_body(request) if not _refusals(head) else None)


def _order(value: Json, *rules: str, **settings: object) -> list[str]:
    return _shaped(call("POST", "/orders", json=value, operation=ORDERS), *rules, **settings)


@pytest.mark.parametrize(
    ("value", "rules", "left"),
    [
        ({"note": "a", "role": 1}, ["shape.undeclared body.role"], []),
        ({"note": "a", "role": 1, "price": 1}, ["shape.undeclared body.role"], ["shape.undeclared body.price"]),
        ({"note": 7, "role": 1}, ["shape.undeclared body.role"], ["shape.body body.note"]),
        ({"note": 7, "role": 1}, ["shape.body body.note"], ["shape.undeclared body.role"]),
        ({"note": 7, "role": 1}, ["shape.body body.note", "shape.undeclared body.role"], []),
        ({"note": "a", "items": [{"x": 1}, {"x": 2}]}, ["shape.undeclared body.items[].x"], []),
        (
            {"note": "a", "items": [{"x": 1}, {"count": "2"}]},
            ["shape.undeclared body.items[].x"],
            ["shape.body body.items[1].count"],
        ),
        ({}, ["shape.body body.note"], []),
        ([], ["shape.body body"], []),
    ],
)
def test_shape_looks_behind_what_is_excluded(value: Json, rules: list[str], left: list[str]) -> None:
    assert _order(value)
    assert _order(value, *rules) == left


def test_what_is_dropped_is_dropped_still_and_what_is_excluded_goes_on() -> None:
    made = parts(api=API, allowed=_allow(ORDERS.key, "shape.undeclared body.role"))
    request = call("POST", "/orders", json={"note": "a", "role": 1, "total": 9}, operation=ORDERS)
    said = Shape(ShapeSettings(), made).on_body(request)
    assert isinstance(said, tuple)
    assert [(one.rule, one.effect) for one in said] == [
        ("shape.undeclared", Effect.NOTE),
        ("shape.read-only", Effect.EDIT),
    ]
    edit = said[-1].edit
    assert edit is not None
    assert edit.value == {"note": "a", "role": 1}


def test_forms_of_which_one_must_fit_are_judged_without_what_is_excluded() -> None:
    one, other = (
        Schema(types=("object",), properties={name: TEXT}, required=frozenset({name}), is_open=False) for name in "ab"
    )
    either = Operation("POST", "/either", bodies=(Body("application/json", Schema(variants=(one, other))),))
    api = Api("x", "1", (either,))

    def said(value: Json, *rules: str) -> list[str]:
        stage = Shape(ShapeSettings(), parts(api=api, allowed=_allow(either.key, *rules)))
        return _refusals(stage.on_body(call("POST", "/either", json=value, operation=either)))

    assert said({"a": "x", "c": 1}) == ["shape.undeclared body.c"]
    assert said({"a": "x", "c": 1}, "shape.undeclared body.c") == []
    assert said({"a": "x", "c": 1, "d": 1}, "shape.undeclared body.c") == ["shape.undeclared body.d"]
    assert said({"a": 7, "c": 1}, "shape.undeclared body.c") != []


def _search(query: str, *rules: str, cookie: str = "", **headers: str) -> list[str]:
    sent = {**HEADERS, **headers} | ({"cookie": cookie} if cookie else {})
    request = call("GET", f"/shops/x/orders?{query}", operation=SEARCH, path_arguments=("x",), headers=sent)
    return _shaped(request, *rules, unknown_query="refuse")


def test_shape_looks_behind_parameters() -> None:
    assert _search("page=1") == ["shape.path path shop"]
    path = "shape.path path shop"
    assert _search("page=1", path) == []
    assert _search("page=0", path) == ["shape.query query page"]
    assert _search("page=1&page=1", path, "shape.query query page") == []
    assert _search("page=0&price=10", path, "shape.query query page") == ["shape.query query price"]
    assert _search("", path) == ["shape.query query page"]
    assert _search("", path, "shape.query query page") == []
    assert _search("page=1&x=1&y=2", path, "shape.unknown-query query x") == ["shape.unknown-query query y"]
    assert _search("page=1", path, "shape.header header x-shop", **{"x-shop": "z"}) == []
    late = ["shape.header header x-shop", "shape.cookie cookie lang"]
    assert _search("page=1", path, late[0], cookie="lang=english", **{"x-shop": "z"}) == [late[1]]
    assert _search("page=1", path, *late, cookie="lang=english", **{"x-shop": "z"}) == []


def _form(text: str, *rules: str, **settings: object) -> list[str]:
    request = call("POST", "/sign-up", headers={"content-type": FORM}, body=text.encode(), operation=SIGN_UP)
    return _shaped(request, *rules, **settings)


def test_shape_looks_behind_fields_of_forms() -> None:
    assert _form("name=a&age=x", "shape.body body.age") == []
    assert _form("name=a&age=x&role=1", "shape.body body.age") == ["shape.undeclared body.role"]
    assert _form("name=a&role=1&sort=2", "shape.undeclared body.role") == ["shape.undeclared body.sort"]
    assert _form("role=1", "shape.undeclared body.role") == ["shape.body body.name"]
    assert _form("role=1", "shape.undeclared body.role", "shape.body body.name") == []


def test_a_body_that_is_not_expected_is_let_through_there() -> None:
    request = call("POST", "/orders", headers={"content-type": "text/csv"}, body=b"a,b", operation=ORDERS)
    assert _shaped(request) == ["shape.content-type header content-type"]
    assert _shaped(request, "shape.content-type header content-type") == []


def test_graphql_is_judged_behind_it() -> None:
    made = parts(api=API, allowed=_allow("POST /orders", "shape.content-type header content-type"))
    stage = Shape(ShapeSettings(graphql_depth=1, graphql_paths=("/orders",)), made)
    body = b"{ a { b { c } } }"
    request = call("POST", "/orders", headers={"content-type": "application/graphql"}, body=body, operation=ORDERS)
    said = stage.on_body(request)
    assert isinstance(said, tuple)
    assert [(one.rule, one.effect) for one in said] == [
        ("shape.content-type", Effect.NOTE),
        ("shape.graphql-depth", Effect.DENY),
    ]
