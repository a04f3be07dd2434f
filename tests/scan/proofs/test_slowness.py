"""The meter alone, with times that are told instead of taken."""

import asyncio
from collections.abc import Callable

from apiward.core.exchange import Exchange, Request, Response
from apiward.scan.proofs.slow_texts import Family
from apiward.scan.proofs.slowness import Budget, Growth, Meter

FAMILY = Family("letters", lambda count: "a" * count + "!")


def measured(takes: Callable[[str, int], float]) -> tuple[Growth | None, Budget]:
    """Measure an API that takes as long for a text, and for the number of the call, as is said."""
    budget, calls = Budget(), iter(range(1, 1_000))

    async def send(text: str, timeout_s: float) -> Exchange:
        await asyncio.sleep(0)
        request = Request("POST", "http://api.test/x", body=text.encode())
        took_s = min(0.001 + takes(text, next(calls)), timeout_s)
        return Exchange(request, Response(422), elapsed_s=took_s)

    return asyncio.run(Meter(send, FAMILY, budget, usual_s=0.001).measure()), budget


def doubling(text: str, _: int) -> float:
    """A pattern that takes twice as long for each character more."""
    return 2.0 ** min(len(text) - 26, 3) if text.startswith("a") else 0.0


def test_growth_is_measured() -> None:
    growth, budget = measured(doubling)
    assert growth is not None
    assert growth.slow.elapsed_s > 2 * growth.shorter.elapsed_s
    assert growth.usual_s < 0.01
    assert not budget.was_uneven


def test_one_harmless_answer_that_came_late_does_not_hide_the_growth() -> None:
    late = iter([0.9])
    growth, _ = measured(lambda text, count: doubling(text, count) if text.startswith("a") else next(late, 0.0))
    assert growth is not None


def test_what_looks_like_growth_once_is_no_proof() -> None:
    slow = iter([0.5] * 3)
    growth, budget = measured(lambda text, _: next(slow, 0.0) if text.startswith("a") and len(text) == 13 else 0.0)
    assert growth is None
    assert budget.was_uneven


def test_what_comes_late_at_random_is_no_growth_and_is_known() -> None:
    growth, budget = measured(lambda _, count: 0.4 if count % 3 == 0 else 0.0)
    assert growth is None
    assert budget.was_uneven


def test_what_is_always_quick_leaves_no_doubt() -> None:
    growth, budget = measured(lambda _text, _count: 0.0)
    assert growth is None
    assert not budget.was_uneven


def test_no_long_text_follows_a_short_one_that_came_late() -> None:
    sent: list[int] = []

    def blurred(text: str, count: int) -> float:
        """A pattern that doubles, on a machine where each answer waits for others."""
        sent.append(len(text))
        return (doubling(text, count) if len(text) < 40 else 1e9) + 0.3 * (count % 2)

    growth, budget = measured(blurred)
    assert growth is None
    assert budget.was_uneven
    assert max(sent) < 40


def test_where_short_texts_are_quick_long_ones_show_slower_growth() -> None:
    growth, _ = measured(lambda text, _: (len(text) / 1_000) ** 2 if text.startswith("a") else 0.0)
    assert growth is not None
    assert growth.length > 400
