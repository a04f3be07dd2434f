from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import Api, Operation
from apiward.core.decision import Decision, Effect
from apiward.guard.routing import RouteTable
from apiward.guard.stages.route import RetiredSettings, Route, RouteSettings
from tests.guard.calls import answer, call, parts

API = Api(
    "shop",
    "1",
    (
        Operation("GET", "/items/{id}"),
        Operation("PUT", "/items/{id}"),
        Operation("GET", "/v1/items"),
        Operation("GET", "/old", is_deprecated=True),
        Operation("GET", "/{part}/{page}"),
    ),
)
ROUTES = RouteTable(API)
USUAL = RouteSettings()
BEFORE = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp()
AFTER = BEFORE + 1
V1 = RetiredSettings(("/v1/**",), deprecated="2026-05-01", retired="2027-01-01", link="https://shop.test/moving")


def judged(asked: str, settings: RouteSettings = USUAL, **more: object) -> Decision | None:
    method, path = asked.split(" ")
    operation = ROUTES.match(method, path).operation
    return Route(settings, parts(api=API)).on_head(call(method, path, operation=operation, **more))  # type: ignore[arg-type]


def test_described_paths_pass() -> None:
    assert judged("GET /items/1") is None
    assert judged("HEAD /items/1") is None


def test_undescribed_paths_are_refused_or_noted() -> None:
    decision = judged("GET /debug")
    assert decision == Decision("route.undescribed", Effect.DENY)
    noted = judged("GET /debug", RouteSettings(undescribed="note"))
    assert noted is not None
    assert noted.effect is Effect.NOTE


def test_a_slash_too_many_is_said_to_the_owner() -> None:
    decision = judged("GET /v1/items/")
    assert decision is not None
    assert decision.saw == "only a last slash is different"


def test_open_paths_pass() -> None:
    settings = RouteSettings(open=("/static/**",))
    assert judged("GET /static/a/b.css", settings) is None
    assert judged("GET /debug", settings) is not None


def test_unknown_methods_are_told_what_is_allowed() -> None:
    decision = judged("DELETE /items/1")
    assert decision is not None
    assert (decision.rule, decision.effect) == ("route.method", Effect.DENY)
    assert decision.headers == ((b"allow", b"GET, HEAD, PUT"),)
    noted = judged("DELETE /items/1", RouteSettings(methods="note"))
    assert noted is not None
    assert noted.effect is Effect.NOTE


def test_what_a_browser_asks_beforehand_passes() -> None:
    asks = {"origin": "https://a.test", "access-control-request-method": "PUT"}
    assert judged("OPTIONS /items/1", headers=asks) is None
    assert judged("OPTIONS /items/1") is not None
    assert judged("OPTIONS /debug", headers=asks) is not None


def test_without_a_description_every_path_passes() -> None:
    assert Route(RouteSettings(), parts()).on_head(call("GET", "/anything")) is None


def test_retired_operations_end_on_their_day() -> None:
    settings = RouteSettings(retired=(V1,))
    assert judged("GET /v1/items", settings, started_s=BEFORE) is None
    decision = judged("GET /v1/items", settings, started_s=AFTER)
    assert decision is not None
    assert decision.rule == "route.retired"
    assert judged("GET /items/1", settings, started_s=AFTER) is None


def test_retired_paths_end_even_where_nothing_describes_them_or_a_wide_template_does() -> None:
    settings = RouteSettings(retired=(V1,), open=("/**",))
    for asked in ("GET /v1/orders/1/2", "GET /v1/orders"):
        decision = judged(asked, settings, started_s=AFTER)
        assert decision is not None
        assert decision.rule == "route.retired"
    assert judged("GET /v2/orders", settings, started_s=AFTER) is None


def test_what_goes_out_of_use_is_announced() -> None:
    stage = Route(RouteSettings(retired=(V1,)), parts(api=API))
    asked = call("GET", "/v1/items", operation=API.operations[2])
    decision = stage.on_answer_head(asked, answer(headers={"link": '</v1/items?page=2>; rel="next"'}))
    assert decision is not None
    assert (decision.effect, decision.rule) == (Effect.EDIT, "route.deprecated")
    assert decision.edit is not None
    assert decision.edit.added == (
        (b"deprecation", b"@1777593600"),
        (b"sunset", b"Fri, 01 Jan 2027 00:00:00 GMT"),
        (b"link", b'</v1/items?page=2>; rel="next", <https://shop.test/moving>; rel="sunset"'),
    )
    other = call("GET", "/items/1", operation=API.operations[0])
    assert stage.on_answer_head(other, answer()) is None
    assert Route(RouteSettings(), parts(api=API)).on_answer_head(asked, answer()) is None


def test_what_the_description_calls_deprecated_is_noted() -> None:
    assert judged("GET /old") == Decision("route.deprecated", Effect.NOTE)


def test_settings_say_what_is_wrong() -> None:
    with pytest.raises(ValueError, match=r"^undescribed: 'no' is unknown; allowed are refuse, note"):
        RouteSettings(undescribed="no")
    with pytest.raises(ValueError, match=r"^retired: '1.1.27' is no day"):
        RetiredSettings(("/a",), retired="1.1.27")
    with pytest.raises(ValueError, match=r"^operations: name at least one"):
        RetiredSettings(retired="2027-01-01")
    with pytest.raises(ValueError, match=r"^retired: give a day"):
        RetiredSettings(("/a",))
    with pytest.raises(ValueError, match=r"^link: "):
        RetiredSettings(("/a",), retired="2027-01-01", link="a\r\nb: c")


@given(st.text(max_size=5), st.text())
def test_any_request_is_judged_without_an_error(method: str, path: str) -> None:
    one = call(method)
    one.path = path
    Route(RouteSettings(retired=(V1,)), parts(api=API)).on_head(one)
