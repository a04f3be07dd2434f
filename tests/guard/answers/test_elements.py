import json

from apiward.core.schema import Schema
from apiward.guard.answers.elements import Elements
from apiward.guard.answers.plans import Plans
from apiward.guard.answers.trimming import Limits
from tests.guard.calls import call
from tests.guard.schemas import TEXT, WHOLE, api, many, obj, operation

USER = obj({"name": TEXT})
LIMITS = Limits(max_items=2, cuts_lists=True)


def elements(schema: Schema) -> Elements:
    described = operation("GET /users", schema)
    plans = Plans(api(described), LIMITS, frozenset(), {}, is_closed=True)
    return Elements(plans.plan(call("GET", "/users", operation=described), 200), LIMITS)


def test_what_is_well_goes_byte_for_byte() -> None:
    raw = b'{ "name" : "Jo" }'
    assert elements(many(USER)).element("", raw) is raw


def test_elements_are_trimmed() -> None:
    work = elements(many(USER))
    assert work.element("", b'{"name":"Jo","x":1}') == b'{"name":"Jo"}'
    assert work.found.counts == {"minimise.undeclared": 1}


def test_elements_below_a_member() -> None:
    work = elements(obj({"items": many(USER), "total": WHOLE}))
    assert work.opens("items")
    assert json.loads(work.element("items", b'{"name":"Jo","x":1}') or b"") == {"name": "Jo"}
    assert work.member("total", b"3") == b"3"


def test_undeclared_members_do_not_open() -> None:
    work = elements(obj({"items": many(USER)}))
    assert not work.opens("debug")
    assert work.member("debug", b'{"a":1}') is None


def test_lists_are_cut() -> None:
    work = elements(many(USER))
    assert [work.element("", b"{}") for _ in range(3)] == [b"{}", b"{}", None]


def test_what_is_no_json_does_not_leave() -> None:
    assert elements(many(USER)).element("", b"{oops") is None
