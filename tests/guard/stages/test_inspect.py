import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import Api, Body, Operation, Parameter, Place
from apiward.core.call import Call
from apiward.core.decision import Decision
from apiward.core.jsonvalue import Json
from apiward.core.schema import Schema
from apiward.guard.stages.inspect import Inspect, InspectSettings
from apiward.inspection.api import BARE
from apiward.inspection.bodies import inspect_string
from tests.guard.calls import call, parts

TEXT = Schema(types=("string",))
NOTE = Schema(
    types=("object",),
    properties={"text": TEXT, "size": Schema(types=("integer",)), "kind": Schema(types=("string",), enum=("a", "b"))},
)
OPERATION = Operation(
    "POST",
    "/notes/{id}",
    parameters=(
        Parameter("id", Place.PATH, Schema(types=("string",))),
        Parameter("q", Place.QUERY, TEXT),
        Parameter("page", Place.QUERY, Schema(types=("integer",))),
    ),
    bodies=(Body("application/json", NOTE), Body("application/x-www-form-urlencoded", NOTE)),
)
API = Api("notes", "1", (OPERATION,))
SQL = "x' OR 1=1 --"
SCRIPT = "<script>alert(1)</script>"


def _said(request: Call, *, known: bool, headers: bool = True) -> str:
    stage = Inspect(InspectSettings(headers=headers), parts(api=API if known else None))
    decision = stage.on_head(request) or stage.on_body(request)
    assert decision is None or isinstance(decision, Decision)
    return f"{decision.rule} {decision.place}" if decision else ""


def _call(target: str = "/notes/7", *, known: bool, **parts_: object) -> Call:
    operation = OPERATION if known else None
    arguments = (target.partition("?")[0].rpartition("/")[2],) if known else ()
    return call("POST", target, operation=operation, path_arguments=arguments, **parts_)  # type: ignore[arg-type]


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("target", "parts_", "said"),
    [
        ("/notes/7", {"json": {"text": "Two shirts, please; O'Brien's size is <L>."}}, ""),
        ("/notes/7?q=red+shoes&page=2", {}, ""),
        ("/notes/7", {"json": {"text": SCRIPT}}, "inspect.markup body.text"),
        ("/notes/7?q=x'%20OR%201%3D1%20--", {}, "inspect.sql query q"),
        ("/notes/7", {"json": {"text": {"$gt": ""}}}, "inspect.nosql body.text.$gt"),
        ("/notes/7", {"json": {"text": '{"a": "x\' OR 1=1 --"}'}}, "inspect.sql body.text"),
        ("/notes/7", {"headers": {"x-name": SCRIPT}}, "inspect.markup header x-name"),
        (
            "/notes/7",
            {"body": b"text=x'+OR+1%3D1+--", "headers": {"content-type": "application/x-www-form-urlencoded"}},
            "inspect.sql body.text",
        ),
    ],
)
def test_texts_are_judged_wherever_they_stand(
    target: str, parts_: dict[str, object], said: str, *, known: bool
) -> None:
    assert _said(_call(target, known=known, **parts_), known=known) == said


def test_what_has_the_narrow_form_that_is_described_is_not_asked() -> None:
    assert _said(_call(known=True, json={"size": 3, "kind": "a", "text": "b"}), known=True) == ""
    assert _said(_call(known=True, json={"size": SQL}), known=True) == "inspect.sql body.size"
    assert _said(_call(known=True, json={"kind": SCRIPT}), known=True) == "inspect.markup body.kind"


def test_paths_are_judged_with_and_without_a_description() -> None:
    assert _said(_call("/notes/..%2f..%2fetc%2fpasswd", known=False), known=False).startswith("inspect.path")
    request = _call(known=True)
    request.path_arguments = (SQL,)
    assert _said(request, known=True) == "inspect.sql path id"


def test_headers_can_be_left_out() -> None:
    request = _call(known=True, headers={"x-name": SCRIPT})
    assert _said(request, known=True, headers=False) == ""


def test_harmless_headers_are_remembered_within_a_bound() -> None:
    stage = Inspect(InspectSettings(), parts())
    for number in range(5_000):
        assert stage.on_head(call(headers={"x-name": f"value {number}"})) is None
    assert len(stage._quiet) <= 4_096


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3)
                    | st.dictionaries(st.text(max_size=9), inner, max_size=3)), st.booleans())  # fmt: skip
def test_any_body_is_judged(value: Json, known: bool) -> None:  # noqa: FBT001 - drawn
    _said(_call(known=known, json=value), known=known)


@given(
    st.text(max_size=17).filter(str.isalnum) | st.sampled_from(["query", "constructor"]),
    st.sampled_from(["q", "query"]),
)
def test_what_is_passed_over_as_a_short_word_is_no_attack(text: str, name: str) -> None:
    if len(text) < BARE:
        assert inspect_string(name, text) is None
