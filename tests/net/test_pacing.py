import asyncio

import pytest

from apiward.net.pacing import Pacer


class FakeTime:
    def __init__(self) -> None:
        self.now_s = 100.0
        self.slept_s: list[float] = []

    def now(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)


def _turns(pacer: Pacer, count: int) -> None:
    async def run() -> None:
        for _ in range(count):
            await pacer.turn()

    asyncio.run(run())


def test_turns_are_spaced_evenly() -> None:
    fake = FakeTime()
    _turns(Pacer(4, fake.now, fake.sleep), 4)
    assert fake.slept_s == [0.25, 0.5, 0.75]


def test_time_that_passed_is_not_made_up_for_with_a_burst() -> None:
    fake = FakeTime()
    pacer = Pacer(4, fake.now, fake.sleep)
    fake.now_s += 60
    _turns(pacer, 2)
    assert fake.slept_s == [0.25]


def test_without_a_rate_nobody_waits() -> None:
    fake = FakeTime()
    _turns(Pacer(None, fake.now, fake.sleep), 50)
    assert fake.slept_s == []


@pytest.mark.parametrize("rate", [0, -1])
def test_a_rate_of_nothing_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="rate"):
        Pacer(rate, FakeTime().now, FakeTime().sleep)
