import pytest

from apiward.guard.conducts.steps import StepRule, Steps
from tests.guard.calls import FakeCounters
from tests.guard.schemas import api, operation

API = api(operation("POST /cart"), operation("POST /pay"))
RULE = StepRule(before="POST /pay", needs="POST /cart", within_s=60)


def test_a_step_that_was_left_out_is_refused() -> None:
    steps = Steps((RULE,), API, FakeCounters())
    said = steps.before("user:1", "POST /pay", 0.0)
    assert said is not None
    assert said.rule == "conduct.order"


def test_the_right_order_passes_for_a_time_and_for_one_caller() -> None:
    steps = Steps((RULE,), API, FakeCounters())
    steps.after("user:1", "POST /cart", 201, 0.0)
    assert steps.before("user:1", "POST /pay", 10.0) is None
    assert steps.before("user:2", "POST /pay", 10.0) is not None
    assert steps.before("user:1", "POST /pay", 90.0) is not None


def test_a_step_that_failed_does_not_count() -> None:
    steps = Steps((RULE,), API, FakeCounters())
    steps.after("user:1", "POST /cart", 400, 0.0)
    assert steps.before("user:1", "POST /pay", 1.0) is not None
    assert steps.before("user:1", "POST /cart", 1.0) is None


def test_wrong_rules_are_said() -> None:
    with pytest.raises(ValueError, match=r"order\.before: 'pay' is no operation"):
        StepRule(before="pay", needs="POST /cart")
    with pytest.raises(ValueError, match="did you mean 'POST /cart'"):
        Steps((StepRule(before="POST /pay", needs="POST /carts"),), API, FakeCounters())
