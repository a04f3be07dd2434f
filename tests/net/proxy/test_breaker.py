"""The circuit breaker, on a clock of our own."""

from apiward.net.proxy.breaker import Breaker, BreakerSettings

SETTINGS = BreakerSettings(failures=3, rest_s=2.0, longest_s=5.0)


def _opened() -> Breaker:
    breaker = Breaker(SETTINGS)
    for _ in range(3):
        breaker.failed(0.0)
    return breaker


def test_it_stays_closed_while_successes_come_between() -> None:
    breaker = Breaker(SETTINGS)
    for _ in range(10):
        breaker.failed(0.0)
        breaker.failed(0.0)
        breaker.succeeded()
    assert breaker.is_closed
    assert breaker.allows(0.0)


def test_it_opens_after_failures_in_a_row() -> None:
    breaker = _opened()
    assert not breaker.is_closed
    assert not breaker.allows(1.9)
    assert breaker.wait_s(0.5) == 1.5


def test_it_lets_one_request_try() -> None:
    breaker = _opened()
    assert breaker.allows(2.0)
    assert not breaker.allows(2.0)
    breaker.succeeded()
    assert breaker.is_closed
    assert breaker.allows(2.0)


def test_a_failed_try_makes_the_rest_longer_up_to_a_limit() -> None:
    breaker = _opened()
    assert breaker.allows(2.0)
    breaker.failed(2.0)
    assert not breaker.allows(5.9)
    assert breaker.allows(6.0)
    breaker.failed(6.0)
    assert not breaker.allows(10.9)
    assert breaker.allows(11.0)


def test_a_try_that_says_nothing_may_be_made_again() -> None:
    breaker = _opened()
    assert breaker.allows(2.0)
    breaker.forgot()
    assert breaker.allows(2.0)
