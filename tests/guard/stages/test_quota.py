import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import Api, Operation
from apiward.core.decision import Decision
from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind
from apiward.guard.stages.quota import PlanSettings, Quota, QuotaSettings
from tests.guard.calls import NOW_S, FakeCounters, answer, call, parts

REPORT = Operation("POST", "/reports")
API = Api("shop", "1", (REPORT, Operation("GET", "/items")))
ANN = Principal(PrincipalKind.USER, "ann", roles=frozenset({"gold"}))
BEN = Principal(PrincipalKind.USER, "ben")


def rule_of(decision: Decision | None) -> str:
    return decision.rule if decision else "passes"


def quota(**more: object) -> Quota:
    return Quota(QuotaSettings(**more), parts(api=API))  # type: ignore[arg-type]


def test_a_caller_may_use_so_much_in_a_minute_and_others_are_not_touched() -> None:
    stage = quota(per_minute=2)
    assert [rule_of(stage.on_head(call(principal=ANN))) for _ in range(3)] == ["passes", "passes", "quota.minute"]
    assert stage.on_head(call(principal=BEN)) is None
    assert stage.on_head(call(principal=ANN, started_s=NOW_S + 61)) is None


def test_a_refusal_says_when_to_try_again() -> None:
    stage = quota(per_minute=1)
    stage.on_head(call(principal=ANN))
    decision = stage.on_head(call(principal=ANN))
    assert decision is not None
    assert decision.retry_after_s == 60
    assert decision.headers == (
        (b"ratelimit-policy", b'"minute";q=1;w=60'),
        (b"ratelimit", b'"minute";r=0;t=60'),
    )
    quiet = quota(per_minute=1, tell=False)
    quiet.on_head(call(principal=ANN))
    decision = quiet.on_head(call(principal=ANN))
    assert decision is not None
    assert decision.headers == ()


@pytest.mark.parametrize(("limits", "rule"), [({"per_day": 1}, "quota.day"), ({"per_month": 1}, "quota.month")])
def test_days_and_months_have_limits_of_their_own(limits: dict[str, int], rule: str) -> None:
    stage = quota(**limits)
    assert stage.on_head(call(principal=ANN)) is None
    assert rule_of(stage.on_head(call(principal=ANN, started_s=NOW_S + 70))) == rule


def test_plans_go_by_role_and_kind_and_the_first_counts() -> None:
    plans = (
        PlanSettings("gold", roles=("gold",), per_minute=3),
        PlanSettings("guests", kinds=("anonymous",), per_minute=1),
    )
    stage = quota(plans=plans, per_minute=2)
    for principal, fitting in ((ANN, 3), (BEN, 2), (ANONYMOUS, 1)):
        passed = [stage.on_head(call(principal=principal)) is None for _ in range(4)]
        assert sum(passed) == fitting


def test_expensive_operations_cost_more() -> None:
    stage = quota(per_minute=10, costs={"POST /reports": 5, "/exports/*": 4})
    report = call("POST", "/reports", operation=REPORT, principal=ANN)
    assert [rule_of(stage.on_head(report)) for _ in range(3)] == ["passes", "passes", "quota.minute"]
    export = call("GET", "/exports/7", principal=BEN)
    assert [rule_of(stage.on_head(export)) for _ in range(3)] == ["passes", "passes", "quota.minute"]
    assert stage.on_head(call("GET", "/items", principal=BEN)) is None


def test_calls_at_once_are_counted_down_when_they_end() -> None:
    stage = quota(concurrency=2)
    first, second, third = (call(principal=ANN) for _ in range(3))
    assert stage.on_head(first) is None
    assert stage.on_head(second) is None
    assert rule_of(stage.on_head(third)) == "quota.at-once"
    stage.on_end(third, 429)
    assert rule_of(stage.on_head(call(principal=ANN))) == "quota.at-once"
    stage.on_end(first, 200)
    stage.on_end(first, 200)
    assert stage.on_head(call(principal=ANN)) is None
    assert rule_of(stage.on_head(call(principal=ANN))) == "quota.at-once"
    assert stage.on_head(call(principal=BEN)) is None


def test_what_is_refused_for_another_reason_is_counted_down_too() -> None:
    stage = quota(concurrency=1, per_minute=1)
    for _ in range(3):
        one = call(principal=ANN)
        assert rule_of(stage.on_head(one)) in ("passes", "quota.minute")
        stage.on_end(one, 429)
    assert stage._running == {}


def test_made_up_tokens_and_strangers_are_counted_by_address() -> None:
    stage = quota(per_minute=2)
    made_up = [stage.on_head(call(principal=Principal(PrincipalKind.TOKEN, str(at)))) for at in range(3)]
    assert rule_of(made_up[-1]) == "quota.minute"
    assert stage.on_head(call(principal=ANONYMOUS, client="192.0.2.9")) is None


def test_an_ipv6_household_is_one_caller() -> None:
    stage = quota(per_minute=1)
    assert stage.on_head(call(client="2001:db8::1")) is None
    assert rule_of(stage.on_head(call(client="2001:db8::ffff"))) == "quota.minute"
    assert stage.on_head(call(client="2001:db8:0:1::1")) is None


def test_answers_tell_how_much_is_left() -> None:
    stage = quota(per_minute=10, per_day=100)
    one = call(principal=ANN)
    stage.on_head(one)
    edit = stage.on_answer_head(one, answer())
    assert edit is not None
    assert edit.added == (
        (b"ratelimit-policy", b'"minute";q=10;w=60, "day";q=100;w=86400'),
        (b"ratelimit", b'"minute";r=9;t=60, "day";r=99;t=86400'),
    )


def test_answers_tell_nothing_where_nothing_is_limited_or_telling_is_off() -> None:
    for stage in (quota(per_minute=0), quota(tell=False)):
        one = call(principal=ANN)
        stage.on_head(one)
        assert stage.on_answer_head(one, answer()) is None
        stage.on_end(one, 200)
    assert quota().on_answer_head(call(), answer()) is None


def test_without_limits_nothing_is_counted() -> None:
    counters = FakeCounters()
    stage = Quota(QuotaSettings(per_minute=0, concurrency=0), parts(counters=counters))
    assert all(stage.on_head(call()) is None for _ in range(100))
    assert counters.hits == {}


def test_settings_say_what_is_wrong() -> None:
    with pytest.raises(ValueError, match=r"^name: "):
        PlanSettings()
    with pytest.raises(ValueError, match=r"^kinds: 'robot'"):
        PlanSettings("a", kinds=("robot",))
    with pytest.raises(ValueError, match=r"^costs: 'GET /a'"):
        QuotaSettings(costs={"GET /a": -1})
    with pytest.raises(ValueError, match=r"^costs: "):
        QuotaSettings(costs={"no path": 1})


@given(st.text(), st.text())
def test_any_request_is_counted_without_an_error(client: str, path: str) -> None:
    one = call()
    one.client, one.path = client, path
    stage = quota(costs={"/a/*": 2})
    stage.on_head(one)
    stage.on_end(one, 200)
