from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import Operation, Parameter, Place
from apiward.core.schema import Schema
from apiward.guard.shapes.faults import Fault
from apiward.guard.shapes.parameters import parameter_rules
from tests.guard.calls import call

WHOLE = Schema(types=("integer",))
TEXT = Schema(types=("string",))
OBJECT = Schema(types=("object",), properties={"a": TEXT, "b": TEXT})


def test_path_arguments_stand_in_the_order_of_the_template() -> None:
    declared = (Parameter("b", Place.PATH, WHOLE), Parameter("a", Place.PATH, TEXT))
    rules = parameter_rules(Operation("GET", "/{a}/{b}", parameters=declared), {})
    assert rules.fault(call("GET", path_arguments=("x", "7"))) is None
    assert rules.fault(call("GET", path_arguments=("7", "x"))) == Fault("path", "path b", "another type than described")


def test_objects_in_a_query_are_known_by_their_spellings() -> None:
    declared = (
        Parameter("filter", Place.QUERY, OBJECT, is_required=True, style="deepObject"),
        Parameter("spread", Place.QUERY, OBJECT),
        Parameter("ids", Place.QUERY, Schema(types=("array",), items=WHOLE)),
    )
    query = parameter_rules(Operation("GET", "/", parameters=declared), {}, ["api_key"]).query
    assert list(query.unknown([("filter[a]", "1"), ("a", "1"), ("b", "1"), ("ids[]", "1"), ("api_key", "x")])) == []
    assert list(query.unknown([("other[a]", "1")])) == ["?"]
    assert list(query.unknown([("c", "1")])) == ["c"]
    assert query.fault([("a", "1"), ("ids[]", "x")]) == Fault("query", "query ids", "another type than described")


def test_headers_that_others_judge_are_left_out() -> None:
    declared = tuple(Parameter(name, Place.HEADER, WHOLE, is_required=True) for name in ("Accept", "Authorization"))
    rules = parameter_rules(Operation("GET", "/", parameters=declared), {})
    assert rules.headers == ()
    assert rules.fault(call()) is None


def test_a_required_cookie_must_be_there() -> None:
    declared = (Parameter("lang", Place.COOKIE, TEXT, is_required=True),)
    rules = parameter_rules(Operation("GET", "/", parameters=declared), {})
    assert rules.fault(call()) == Fault("cookie", "cookie lang", "missing")
    assert rules.fault(call(headers={"cookie": "a=b;lang=de"})) is None


_NAMES = st.sampled_from(["page", "ids", "ids[]", "q", "other", "other[]"])
_DECLARED = (
    Parameter("page", Place.QUERY, WHOLE),
    Parameter("ids", Place.QUERY, Schema(types=("array",), items=WHOLE)),
    Parameter("q", Place.QUERY, TEXT),
)


@given(st.lists(st.tuples(_NAMES, st.sampled_from(["", "1", "x", "1,2"])), max_size=5), st.booleans())
def test_the_quick_look_at_a_query_finds_what_the_long_one_does(
    pairs: list[tuple[str, str]],
    needs_page: bool,  # noqa: FBT001 - drawn
) -> None:
    declared = (replace(_DECLARED[0], is_required=needs_page), *_DECLARED[1:])
    query = parameter_rules(Operation("GET", "/", parameters=declared), {}).query
    assert query.fault(pairs) == query._first_fault(pairs, None)
