"""Exclusions: one rule, at one place, of one operation, until a day; and nothing beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.decision import Decision, Effect
from apiward.guard.allowing import NO_ALLOWANCES, Allowance, Allowances, is_exact, moment_of, wide_place
from tests.guard.calls import NOW_S, call
from tests.guard.stages.orders_api import ORDERS

LATER = "2030-01-01"
ONE = Allowance(id="a", operation="POST /orders", place="body.items[].note", rule="inspect.sql", expires=LATER)
SQL = Decision("inspect.sql", place="body.items[3].note", saw="a command", retry_after_s=3)


def _taken(said: Decision, *, allowance: Allowance = ONE, now_s: float = NOW_S, target: str = "/orders") -> bool:
    operation = ORDERS if target == "/orders" else None
    passes = Allowances((allowance,), lambda: now_s).passes(call("POST", target, operation=operation))
    return passes is not None and passes.take(said)


def test_it_lets_through_its_rule_at_its_place_whatever_the_entry() -> None:
    assert _taken(SQL)
    assert _taken(Decision("inspect.sql", place="body.items[0].note"))


@pytest.mark.parametrize(
    "said",
    [
        Decision("inspect.markup", place="body.items[3].note"),
        Decision("inspect.sql", place="body.items[3].title"),
        Decision("inspect.sql", place="body.items.note"),
        Decision("inspect.sql"),
    ],
)
def test_it_lets_through_nothing_else(said: Decision) -> None:
    assert not _taken(said)


def test_another_operation_is_judged_as_before() -> None:
    assert not _taken(SQL, target="/other")


def test_what_nothing_describes_is_known_by_method_and_path() -> None:
    hook = Allowance(id="a", operation="POST /hook", rule="route.undescribed", expires=LATER)
    assert _taken(Decision("route.undescribed"), allowance=hook, target="/hook")
    assert not _taken(Decision("route.undescribed"), allowance=hook, target="/hook/2")


def test_it_ends() -> None:
    end_s = moment_of(LATER, "expires")
    assert _taken(SQL, now_s=end_s - 1)
    assert not _taken(SQL, now_s=end_s)


def test_of_two_the_one_that_ends_later_counts() -> None:
    old = Allowance(id="b", operation=ONE.operation, place=ONE.place, rule=ONE.rule, expires="2020-01-01")
    for both in ((old, ONE), (ONE, old)):
        passes = Allowances(both, lambda: NOW_S).passes(call("POST", "/orders", operation=ORDERS))
        assert passes is not None
        assert passes.take(SQL)


def test_what_passes_is_noted_once_with_what_was_seen() -> None:
    passes = Allowances((ONE,), lambda: NOW_S).passes(call("POST", "/orders", operation=ORDERS))
    assert passes is not None
    assert passes.with_notes(None) is None
    passes.take(SQL)
    passes.take(Decision("inspect.sql", place="body.items[4].note"))
    assert passes.notes == [Decision("inspect.sql", Effect.NOTE, "body.items[3].note", "allowed as a: a command")]
    other = Decision("inspect.sql", place="body.x")
    assert passes.with_notes(other) == (*passes.notes, other)
    assert passes.with_notes(None) == tuple(passes.notes)


def test_none_is_none() -> None:
    assert not NO_ALLOWANCES.is_any
    assert NO_ALLOWANCES.passes(call()) is None


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"id": ""}, "id"),
        ({"operation": "orders"}, "operation"),
        ({"rule": "protocol.length"}, "cannot be allowed"),
        ({"rule": "permit.role"}, "cannot be allowed"),
        ({"rule": "inspect"}, "cannot be allowed"),
        ({"place": "body.?"}, "not told whole"),
        ({"place": "b" * 100}, "not told whole"),
        ({"expires": ""}, "must end"),
        ({"expires": "soon"}, "no date"),
        ({"since": "yesterday"}, "no date"),
    ],
)
def test_what_is_wrong_is_told(change: dict[str, str], word: str) -> None:
    good = {"id": "a", "operation": "POST /a", "place": "body.b", "rule": "shape.body", "expires": LATER}
    assert Allowance(**good).since_s == 0.0
    with pytest.raises(ValueError, match=word):
        Allowance(**{**good, **change})


def test_a_time_without_a_zone_is_utc() -> None:
    assert moment_of("2026-11-30T10:00:00", "x") == moment_of("2026-11-30T10:00:00Z", "x") == 1796032800.0


@given(st.lists(st.tuples(st.sampled_from(["items", "a", "x-y"]), st.integers(0, 10**6)), max_size=5))
def test_numbers_of_entries_do_not_count(steps: list[tuple[str, int]]) -> None:
    place = "body" + "".join(f".{name}[{number}]" for name, number in steps)
    other = "body" + "".join(f".{name}[{number + 1}]" for name, number in steps)
    assert wide_place(place) == wide_place(other)
    assert wide_place(wide_place(place)) == wide_place(place)
    assert is_exact(place) is (len(place) < 99)
