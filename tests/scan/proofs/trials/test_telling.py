import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest

from apiward.core.exchange import Exchange, Failure, Request
from apiward.scan.proofs.trials.telling import Series, compare
from tests.scan.checks.authentication.answers import answered


def asks(*answers: Exchange) -> Callable[[], Awaitable[Exchange]]:
    waiting: Iterator[Exchange] = iter(answers)

    async def ask() -> Exchange:
        return next(waiting)

    return ask


def test_a_text_that_always_differs_is_told_by_its_field() -> None:
    real = [answered(f'{{"message": "wrong password", "id": "a{i}"}}') for i in range(3)]
    other = [answered(f'{{"message": "no such account", "id": "b{i}"}}') for i in range(3)]
    series = Series(real, other)
    assert series.difference() == "the text (message)"
    assert not series.is_alike


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        (answered("no", 401), answered("no", 404), "the status"),
        (answered("wrong password"), answered("no such account"), "the text"),
        (answered("{}", WWW_Authenticate="a"), answered("{}", WWW_Authenticate="b"), "the header www-authenticate"),
        (answered('{"a": 1}'), answered('{"a": 1, "left": null}'), "the set of fields"),
        (answered('{"a": {}}'), answered('{"b": {}}'), "the set of fields"),
    ],
)
def test_every_respect_counts(one: Exchange, other: Exchange, what: str) -> None:
    assert Series([one] * 3, [other] * 3).difference() == what


def test_what_varies_by_itself_is_no_difference() -> None:
    real = [answered(f'{{"m": "no", "at": "{i}"}}') for i in range(3)]
    other = [answered(f'{{"m": "no", "at": "{i + 7}"}}') for i in range(3)]
    series = Series(real, other)
    assert series.difference() is None
    assert series.is_alike


def test_a_lock_on_one_side_only_is_neither_alike_nor_a_steady_difference() -> None:
    real = [answered("no"), answered("no"), answered("locked")]
    series = Series(real, [answered("no")] * 3)
    assert series.difference() is None
    assert not series.is_alike


def test_the_echo_of_a_submitted_name_is_no_difference() -> None:
    series = Series([answered('{"m": "no ann"}')] * 3, [answered('{"m": "no bob"}')] * 3, ("ann", "bob"))
    assert series.difference() is None
    assert series.is_alike


def test_a_clear_lag_is_told() -> None:
    slow = [answered("no", after_s=0.1 + i / 100) for i in range(8)]
    fast = [answered("no", after_s=0.01 + i / 1000) for i in range(8)]
    assert (Series(slow, fast).lag() or 0) > 3
    assert (Series(fast, slow).lag() or 9) < 0.4


@pytest.mark.parametrize(
    ("slow", "fast"),
    [([0.1, 0.12, 0.011], [0.01, 0.01, 0.012]), ([0.02, 0.02, 0.02], [0.001, 0.001, 0.001]), ([0.2] * 3, [0.1] * 3)],
    ids=["overlap", "too small", "too near"],
)
def test_an_unclear_lag_is_not_told(slow: list[float], fast: list[float]) -> None:
    series = Series([answered(after_s=s) for s in slow], [answered(after_s=s) for s in fast])
    assert series.lag() is None


def test_asks_again_only_where_something_shows() -> None:
    same = asyncio.run(compare((asks(*[answered("no")] * 3), asks(*[answered("no")] * 3)), (), may_time=True))
    assert (len(same.real), len(same.invented)) == (3, 3)
    told = asyncio.run(compare((asks(*[answered("a")] * 5), asks(*[answered("b")] * 5)), (), may_time=True))
    assert (len(told.real), told.difference()) == (5, "the text")
    slow = [answered("no", after_s=0.2)] * 8
    timed = asyncio.run(compare((asks(*slow), asks(*[answered("no")] * 8)), (), may_time=True))
    assert (len(timed.real), timed.lag() is not None) == (8, True)
    untimed = asyncio.run(compare((asks(*slow), asks(*[answered("no")] * 8)), (), may_time=False))
    assert len(untimed.real) == 3


def test_a_difference_that_does_not_last_is_none() -> None:
    real = asks(*[answered("a")] * 4, answered("b"))
    other = asks(*[answered("b")] * 4, answered("a"))
    assert asyncio.run(compare((real, other), (), may_time=False)).difference() is None


@pytest.mark.parametrize(
    "lost", [answered(status=500), answered(status=429), Exchange(Request("GET", "http://a"), failure=Failure.TIMEOUT)]
)
def test_a_lost_answer_makes_it_doubtful(lost: Exchange) -> None:
    series = asyncio.run(compare((asks(*[lost] * 3), asks(*[answered()] * 3)), (), may_time=True))
    assert series.is_doubtful
