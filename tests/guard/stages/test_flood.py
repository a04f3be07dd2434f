from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.call import Call
from apiward.guard.stages.flood import Flood, FloodSettings
from apiward.stores.counters.memory import MemoryCounters
from tests.guard.calls import NOW_S, FakeCounters, call, parts


def flood(counters: FakeCounters | None = None, **settings: object) -> Flood:
    return Flood(FloodSettings(**settings), parts(counters=counters))  # type: ignore[arg-type]


def rule(stage: Flood, client: str = "192.0.2.1", now_s: float = NOW_S) -> str:
    request = call(client=client, started_s=now_s)
    decision = stage.on_head(request)
    stage.on_end(request, 200)
    return decision.rule.removeprefix("flood.") if decision else "passes"


def test_one_address_may_send_so_much_and_others_are_not_touched() -> None:
    stage = flood(address_requests=3)
    assert [rule(stage) for _ in range(4)] == ["passes", "passes", "passes", "too-many"]
    assert rule(stage, "192.0.2.2") == "passes"
    assert rule(stage, now_s=NOW_S + 121) == "passes"


def test_a_refusal_says_when_to_try_again() -> None:
    stage = flood(address_requests=1)
    rule(stage)
    decision = stage.on_head(call(client="192.0.2.1"))
    assert decision is not None
    assert decision.retry_after_s == 60
    assert decision.saw == "over 1 in 60 s"


def test_an_ipv6_caller_has_its_whole_network() -> None:
    stage = flood(address_requests=2)
    assert [rule(stage, f"2001:db8::{end}") for end in "123"] == ["passes", "passes", "too-many"]
    assert rule(stage, "2001:db8:0:1::1") == "passes"


@pytest.mark.parametrize(
    ("clients", "outside"),
    [
        (["192.0.2.1", "192.0.2.2", "192.0.2.3"], "192.0.3.1"),
        (["2001:db8:0:1::1", "2001:db8:0:2::1", "2001:db8:0:3::1"], "2001:db8:1::1"),
    ],
)
def test_neighbours_are_counted_together(clients: list[str], outside: str) -> None:
    stage = flood(area_requests=2)
    assert [rule(stage, client) for client in clients] == ["passes", "passes", "area"]
    assert rule(stage, outside) == "passes"


def test_what_is_under_way_at_once_is_bounded_and_counted_out_again() -> None:
    stage = flood(address_at_once=2, all_at_once=3)
    under_way = [call(client="192.0.2.1"), call(client="192.0.2.1"), call(client="198.51.100.1")]
    for request in under_way[:2]:
        assert stage.on_head(request) is None
    assert rule(stage) == "at-once"
    assert stage.on_head(under_way[2]) is None
    assert rule(stage, "198.51.100.2") == "overload"
    decision = stage.on_head(call(client="203.0.113.1"))
    assert decision is not None
    assert decision.retry_after_s == 5
    for request in under_way:
        stage.on_end(request, 200)
        stage.on_end(request, 200)
    assert rule(stage) == "passes"
    assert rule(stage, "198.51.100.2") == "passes"


def test_a_request_that_never_came_so_far_is_not_counted_out() -> None:
    stage = flood(all_at_once=1)
    running = call()
    assert stage.on_head(running) is None
    stage.on_end(call(), 403)
    assert rule(stage) == "overload"


def test_this_machine_is_not_counted_by_address_but_with_all() -> None:
    stage = flood(address_requests=1, address_at_once=1, all_at_once=5)
    running = [call(client=client) for client in ("127.0.0.1", "127.0.0.1", "::1", "")]
    assert [stage.on_head(request) for request in running] == [None] * 4
    assert stage.on_head(call(client="127.0.0.1")) is None
    assert rule(stage, "127.0.0.1") == "overload"


def test_limits_can_be_lifted() -> None:
    stage = flood(address_requests=0, area_requests=0, address_at_once=0, all_at_once=0)
    assert all(stage.on_head(call()) is None for _ in range(2_000))


def test_an_office_behind_one_address_has_room() -> None:
    stage = Flood(FloodSettings(), parts(counters=FakeCounters()))
    people = [(person * 0.1 + request * 0.01) for person in range(50) for request in range(20)]
    assert {rule(stage, now_s=NOW_S + at_s) for at_s in people} == {"passes"}


@pytest.mark.long
def test_many_addresses_do_not_grow_memory_without_end() -> None:
    stage = Flood(FloodSettings(), replace(parts(), counters=MemoryCounters(1_000)))
    for number in range(20_000):
        assert rule(stage, f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}") == "passes"
    assert len(stage._callers) <= 8_192
    assert not stage._under_way


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3))))
def test_nothing_leaks_whatever_the_order(steps: list[tuple[bool, int]]) -> None:
    stage = flood(address_at_once=2, all_at_once=3, address_requests=5)
    running: list[Call] = []
    for comes, which in steps:
        if comes:
            running.append(call(client=f"192.0.2.{which}"))
            stage.on_head(running[-1])
        elif running:
            stage.on_end(running.pop(which % len(running)), 200)
    for request in running:
        stage.on_end(request, 499)
    assert stage._all_under_way == 0
    assert not stage._under_way
