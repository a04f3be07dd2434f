"""Traffic is counted, bounded and polite, and a target that gives nothing ends the scan."""

import asyncio
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.exchange import Exchange, Failure, Request, Response
from apiward.scan.calling import traffic
from apiward.scan.calling.traffic import MAX_WAIT_S, SILENT_IN_A_ROW, Budget, TargetLostError, Traffic
from tests.scan.senders import Answerer, FakeSender, Waits, answer, fail

REQUEST = Request("GET", "http://api.test/a")
NOW_S = 1_900_000_000.0


def _traffic(*script: Answerer, budget: Budget | None = None) -> tuple[Traffic, FakeSender, Waits]:
    sender, waits = FakeSender(list(script)), Waits()
    return Traffic(sender, budget or Budget(), clock=lambda: NOW_S, wait=waits), sender, waits


async def _send_many(made: Traffic) -> None:
    for _ in range(100):
        await made.send(REQUEST)


def _limit_of_loss(made: Traffic) -> str:
    with pytest.raises(TargetLostError) as caught:
        asyncio.run(_send_many(made))
    return caught.value.limit


def test_requests_are_counted_and_bounded() -> None:
    made, sender, _ = _traffic(answer(), budget=Budget(requests=3))
    for _ in range(3):
        asyncio.run(made.send(REQUEST))
    with pytest.raises(TargetLostError, match="budget of 3 requests") as caught:
        asyncio.run(made.send(REQUEST))
    assert caught.value.limit == "request-budget"
    assert (len(sender.sent), made.sent_count, made.answered_count) == (3, 3, 3)


def test_no_more_than_allowed_are_under_way() -> None:
    made, sender, _ = _traffic(answer(), budget=Budget(at_a_time=4))

    async def many() -> None:
        await asyncio.gather(*(made.send(REQUEST) for _ in range(40)))

    asyncio.run(many())
    assert sender.most_at_once == 4


@pytest.mark.parametrize("status", [429, 503])
def test_it_waits_as_asked_and_tries_again(status: int) -> None:
    made, _, waits = _traffic(answer(status, headers=(("Retry-After", "7"),)), answer(200))
    assert asyncio.run(made.send(REQUEST)).status == 200
    assert waits.asked_s == [7.0]
    assert made.slowed_count == 1


@pytest.mark.parametrize(
    ("asked", "expected_s"),
    [
        ("0", 0.0),
        (" 3 ", 3.0),
        ("45", MAX_WAIT_S),
        (formatdate(NOW_S + 5, usegmt=True), 5.0),
        (formatdate(NOW_S - 500, usegmt=True), 0.0),
        (formatdate(NOW_S + 50, usegmt=True), MAX_WAIT_S),
        ("soon", 0.5),
        ("-1", 0.5),
        ("1.5", 0.5),
        ("٣", 0.5),
        ("", 0.5),
    ],
)
def test_how_long_it_waits(asked: str, expected_s: float) -> None:
    made, _, waits = _traffic(answer(429, headers=(("Retry-After", asked),)), answer(200))
    asyncio.run(made.send(REQUEST))
    assert waits.asked_s == [expected_s]


@pytest.mark.parametrize("asked", ["61", "86400", "9" * 5_000, formatdate(NOW_S + 5_000, usegmt=True)])
def test_what_would_outlast_all_waiting_is_not_waited_for(asked: str) -> None:
    made, _, waits = _traffic(answer(429, headers=(("Retry-After", asked),)), answer(429), answer(200))
    assert asyncio.run(made.send(REQUEST, key="GET /busy")).status == 429
    assert asyncio.run(made.send(REQUEST, key="GET /busy")).status == 429, "nor a moment later"
    assert (waits.asked_s, made.slowed_count) == ([], 1)


def test_without_a_hint_it_waits_longer_each_time_and_gives_up() -> None:
    made, sender, waits = _traffic(answer(503))
    assert asyncio.run(made.send(REQUEST)).status == 503
    assert waits.asked_s == [0.5, 1.0, 2.0]
    assert len(sender.sent) == 4


def test_a_check_may_want_to_see_the_first_refusal() -> None:
    made, _, waits = _traffic(answer(429))
    assert asyncio.run(made.send(REQUEST, backs_off=False)).status == 429
    assert waits.asked_s == []


@given(st.text(max_size=40), st.integers(0, 5))
def test_any_hint_gives_a_short_wait(asked: str, attempt: int) -> None:
    exchange = Exchange(REQUEST, Response(429, (("Retry-After", asked),)))
    assert 0.0 <= traffic._pause_s(exchange, attempt, NOW_S) <= MAX_WAIT_S


@pytest.mark.parametrize("failure", [Failure.UNREACHABLE, Failure.TIMEOUT, Failure.HUNG_UP, Failure.BAD_PROTOCOL])
def test_a_target_that_never_answers_is_lost(failure: Failure) -> None:
    made, sender, _ = _traffic(fail(failure))
    assert _limit_of_loss(made) == "unreachable"
    assert len(sender.sent) == SILENT_IN_A_ROW


def test_a_target_that_falls_silent_is_said_to_have_answered_before() -> None:
    made, _, _ = _traffic(answer(), fail(Failure.TIMEOUT))
    assert _limit_of_loss(made) == "went-silent"


def test_a_single_answer_among_failures_keeps_the_scan_alive() -> None:
    pattern = [*[fail(Failure.HUNG_UP)] * (SILENT_IN_A_ROW - 1), answer()]
    made, _, _ = _traffic(*pattern * 5)
    for _ in range(len(pattern) * 5):
        asyncio.run(made.send(REQUEST))
    assert made.answered_count == 5


def test_answers_that_never_come_to_an_end_use_up_the_patience() -> None:
    def cut(request: Request) -> Exchange:
        return Exchange(request, Response(200, (), b"a", is_cut=True), elapsed_s=15.0)

    made, sender, _ = _traffic(cut, budget=Budget(patience_s=100.0))
    assert _limit_of_loss(made) == "went-silent"
    assert len(sender.sent) == 7


def test_a_whole_answer_restores_the_patience() -> None:
    made, _, _ = _traffic(*[fail(Failure.TIMEOUT, elapsed_s=60.0), answer()] * 10, budget=Budget(patience_s=100.0))
    for _ in range(20):
        asyncio.run(made.send(REQUEST))


def test_what_cannot_be_sent_says_nothing_of_the_target() -> None:
    made, _, _ = _traffic(fail(Failure.NOT_SENDABLE))
    for _ in range(50):
        assert asyncio.run(made.send(REQUEST)).failure is Failure.NOT_SENDABLE


def test_the_rate_is_what_was_sent_by_the_time_that_went_by() -> None:
    now = [100.0]
    made = Traffic(FakeSender([answer()]), Budget(), clock=lambda: now[0], wait=Waits())
    for _ in range(10):
        asyncio.run(made.send(REQUEST))
    now[0] = 105.0
    assert made.rate_per_s == 2.0


def test_what_stayed_refused_through_all_waiting_is_not_waited_for_again() -> None:
    made, sender, waits = _traffic(answer(429))
    for _ in range(5):
        assert asyncio.run(made.send(REQUEST, key="POST /register")).status == 429
    assert waits.asked_s == [0.5, 1.0, 2.0]
    assert len(sender.sent) == 8


def test_other_operations_are_still_waited_for() -> None:
    made, _, waits = _traffic(answer(429))
    asyncio.run(made.send(REQUEST, key="POST /register"))
    asyncio.run(made.send(REQUEST, key="GET /items"))
    assert waits.asked_s == [0.5, 1.0, 2.0] * 2
