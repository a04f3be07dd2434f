"""The index of objects must find whatever looking at every object would find."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import Operation
from apiward.core.jsonvalue import Json
from apiward.scan.ownership import objects
from apiward.scan.ownership.belongings import Belongings, Signposts
from apiward.scan.ownership.objects import OwnedObject
from tests.scan.operations import op

NAMES = ["orderid", "itemid", "id", "user", "userid", "username", "slug", "orderslug", "title", "reference"]
OPERATIONS = (
    op("GET /orders/{order_id}"),
    op("GET /orders/{id}"),
    op("GET /orders/{slug}/items/{item_id}"),
    op("PUT /items/{reference}", body="title user"),
    op("POST /items/move", body="item_id username"),
    op("GET /items", query="user order_id"),
    op("DELETE /orders/{title}"),
    op("GET /users/{username}"),
    op("GET /orders"),
)


def _thing(name: str = "orderid", value: Json = 7, *, owner: str = "ann", mark: str = "") -> OwnedObject:
    return OwnedObject(owner, "order", "/orders", {name: (value,)}, frozenset({mark} if mark else ()))


known = st.dictionaries(st.sampled_from(NAMES), st.tuples(st.sampled_from([7, "seven"])), max_size=4)
things = st.builds(
    OwnedObject,
    owner=st.sampled_from(["ann", "bob"]),
    noun=st.sampled_from(["order", "item", "user"]),
    collection=st.sampled_from(["/orders", "/items", ""]),
    names=known,
    marks=st.just(frozenset[str]()),
    is_account=st.booleans(),
    parents=known,
)


def _filled(last: list[OwnedObject], first: list[OwnedObject]) -> Belongings:
    belongings = Belongings()
    for target in last:
        belongings.append(target)
    belongings.prepend(first)
    return belongings


@given(st.lists(things, max_size=8), st.lists(things, max_size=4), st.sampled_from(OPERATIONS))
def test_nothing_that_can_be_pointed_at_is_missed(
    last: list[OwnedObject], first: list[OwnedObject], operation: Operation
) -> None:
    belongings = _filled(last, first)
    wanted = [t for t in reversed(belongings) if t.owner == "ann" and objects.pointings(operation, t)]
    near = belongings.within_reach("ann", operation)
    assert [t for t in near if objects.pointings(operation, t)] == wanted
    assert all(t.owner == "ann" for t in near)


@given(things)
def test_no_operation_that_can_point_is_missed(target: OwnedObject) -> None:
    found = Signposts(OPERATIONS, lambda _: False).to(target)
    assert [o for o in found if objects.pointings(o, target)] == [o for o in OPERATIONS if objects.pointings(o, target)]


@given(st.lists(things, max_size=8), st.lists(things, max_size=4), st.lists(st.sampled_from(NAMES), max_size=3))
def test_the_latest_value_is_that_of_the_most_preferred_object(
    last: list[OwnedObject], first: list[OwnedObject], names: list[str]
) -> None:
    belongings = _filled(last, first)
    own = (t for t in reversed(belongings) if t.owner == "ann")
    wanted = next((t.names[name] for t in own for name in names if t.names.get(name)), ())
    assert belongings.latest("ann", tuple(names)) == wanted


def test_what_is_put_in_front_comes_last() -> None:
    late, early, earliest = _thing(value=3), _thing(value=2), _thing(value=1)
    belongings = _filled([late], [earliest, early])
    assert list(belongings) == [earliest, early, late]
    assert len(belongings) == 3
    assert belongings.within_reach("ann", OPERATIONS[0]) == [late, early, earliest]


def test_an_operation_that_names_something_else_is_not_near() -> None:
    belongings = _filled([replace(_thing(), collection="")], [])
    assert belongings.within_reach("ann", op("GET /invoices/{invoice_id}")) == []
    assert belongings.within_reach("bob", OPERATIONS[0]) == []


def test_kin_are_of_one_owner_and_kind() -> None:
    first, second = _thing(), _thing()
    belongings = _filled([first, second, _thing(owner="bob"), replace(_thing(), noun="item")], [])
    assert belongings.kin("ann", first) == [first, second]
    assert belongings.kin("eve", first) == []


@pytest.mark.parametrize(("name", "expected"), [("ann", False), ("bob", True), ("", True)])
def test_marks_of_others_are_told_from_ones_own(name: str, *, expected: bool) -> None:
    belongings = _filled([_thing(mark="abcd12345")], [])
    assert belongings.others_own(frozenset({"abcd12345", "efgh12345"}), name) is expected
    assert belongings.others_own(frozenset({"efgh12345"}), name) is False


def test_lists_of_a_thing_are_its_collection_and_then_its_kin() -> None:
    own, kin, staff, one, other = (
        op("GET /shops/{shop_id}/orders"),
        op("GET /my/orders"),
        op("GET /staff/orders"),
        op("GET /orders/{id}"),
        op("GET /items"),
    )
    target = replace(_thing(), collection="/shops/{shop_id}/orders")
    assert Signposts((kin, staff, one, other, own), lambda o: o is staff).lists_of(target) == [own, kin]


def test_what_was_there_before_the_scan_is_no_value_for_a_change() -> None:
    made = replace(_thing(value=7), maker=op("POST /orders", body="title"))
    belongings = _filled([made, _thing(value=8)], [])
    assert belongings.latest("ann", ("orderid",)) == (8,)
    assert belongings.latest("ann", ("orderid",), is_to_change=True) == (7,)
