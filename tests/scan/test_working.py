"""A crew does its items in order, a few at a time, stops when told to, and hands errors on."""

import asyncio

import pytest

from apiward.scan.working import Crew


def test_every_item_is_done_in_order_and_few_at_a_time() -> None:
    begun: list[int] = []
    state = {"now": 0, "most": 0}

    async def work(item: int) -> None:
        begun.append(item)
        state["now"] += 1
        state["most"] = max(state["most"], state["now"])
        await asyncio.sleep(0)
        state["now"] -= 1

    asyncio.run(Crew(3).run(range(20), work))
    assert begun == list(range(20))
    assert state["most"] == 3


def test_one_at_a_time_where_the_order_matters() -> None:
    ends: list[int] = []

    async def work(item: int) -> None:
        for _ in range(3 - item):
            await asyncio.sleep(0)
        ends.append(item)

    asyncio.run(Crew(5).run(range(3), work, size=1))
    assert ends == [0, 1, 2]


def test_after_a_stop_nothing_new_begins_but_what_is_under_way_ends() -> None:
    crew = Crew(2)
    ended: list[int] = []

    async def work(item: int) -> None:
        if item == 3:
            crew.stop()
        await asyncio.sleep(0)
        ended.append(item)

    asyncio.run(crew.run(range(100), work))
    assert ended[:3] == [0, 1, 2]
    assert 3 in ended
    assert len(ended) <= 5
    asyncio.run(crew.run(range(5), work))
    assert len(ended) <= 5


def test_an_error_ends_the_work_and_is_handed_on() -> None:
    begun: list[int] = []

    async def work(item: int) -> None:
        begun.append(item)
        await asyncio.sleep(0)
        if item == 2:
            raise LookupError("found nothing")
        await asyncio.sleep(0)

    with pytest.raises(LookupError, match="found nothing"):
        asyncio.run(Crew(2).run(range(1_000), work))
    assert len(begun) < 20


def test_no_item_is_no_error() -> None:
    async def work(_: int) -> None:
        raise AssertionError("there is nothing to do")

    asyncio.run(Crew(2).run([], work))
