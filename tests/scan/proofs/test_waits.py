import asyncio
from collections.abc import Callable

import pytest

from apiward.core.exchange import Exchange, Failure, Request, Response
from apiward.scan.proofs.waits import keeps_time

REQUEST = Request("GET", "http://api.test/a")


def _proved(took_s: Callable[[int, int], float], *, status: int = 200) -> bool:
    count = 0

    async def ask(wait_s: int) -> Exchange:
        nonlocal count
        count += 1
        if not status:
            return Exchange(REQUEST, failure=Failure.TIMEOUT, elapsed_s=took_s(wait_s, count))
        return Exchange(REQUEST, Response(status), elapsed_s=took_s(wait_s, count))

    return asyncio.run(keeps_time(ask, 0.05)) is not None


def test_time_that_follows_what_was_asked_is_a_proof() -> None:
    assert _proved(lambda wait_s, _: 0.05 + wait_s)
    assert _proved(lambda wait_s, count: 0.05 + wait_s + 0.2 * (count % 2))
    assert _proved(lambda wait_s, _: 0.05 + wait_s, status=500)


@pytest.mark.parametrize(
    "took_s",
    [
        lambda _, __: 0.05,
        lambda _, __: 1.1,
        lambda wait_s, _: 0.05 + 3 * wait_s,
        lambda wait_s, count: 0.05 + wait_s + 0.9 * (count % 2),
        lambda wait_s, count: 0.05 + wait_s if count < 3 else 0.05,
    ],
    ids=["quick", "late always", "too late", "uneven", "late once"],
)
def test_other_times_are_none(took_s: Callable[[int, int], float]) -> None:
    assert not _proved(took_s)


def test_no_answer_is_none() -> None:
    assert not _proved(lambda wait_s, _: 0.05 + wait_s, status=0)
    assert not _proved(lambda wait_s, _: 0.05 + wait_s, status=503)
