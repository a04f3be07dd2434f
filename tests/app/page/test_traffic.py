from collections.abc import Iterator
from pathlib import Path

import pytest

from apiward.app.page.traffic import LIVE_S, MOST_LIVE, TrafficKind, allow, refusal, traffic
from apiward.config.errors import AdvisedError
from tests.web.made import DENIED, SEEN, Browser, Shop, shop, week


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Shop]:
    with shop(tmp_path) as one:
        yield one


def test_where_no_list_is_named_it_is_the_one_that_holds_something(empty: Shop) -> None:
    assert traffic(empty.source).kind is TrafficKind.REFUSED
    empty.store([one._replace(rulings=(SEEN,)) for one in week() if DENIED not in one.rulings])
    assert traffic(empty.source).kind is TrafficKind.WOULD_BE
    assert traffic(empty.source, TrafficKind.REFUSED).refusals == ()
    empty.store([one._replace(id=f"r{one.id}") for one in week()])
    assert traffic(empty.source).kind is TrafficKind.REFUSED


def test_older_refusals_are_on_the_next_page(empty: Shop) -> None:
    empty.store([one._replace(outcome="refused", rulings=(DENIED,), operation="GET /a") for one in week()])
    first = traffic(empty.source)
    assert len(first.refusals) == 25
    second = traffic(empty.source, before=first.before)
    assert len(second.refusals) == 15
    assert second.before == ""
    assert first.count is not None
    assert first.count.refused == 40
    assert traffic(empty.source, operation="GET /b").refusals == ()


def test_what_is_looked_at_live_comes_again_so_many_times(empty: Shop) -> None:
    empty.store(week())
    assert traffic(empty.source).refresh == ""
    first = traffic(empty.source, TrafficKind.REFUSED, operation="GET /a&b", live=999)
    assert first.live == MOST_LIVE
    left = f"{LIVE_S};url=/traffic?kind=refused&operation=GET+%2Fa%26b&live={MOST_LIVE - 1}#refusals"
    assert first.refresh == left
    assert (
        traffic(empty.source, TrafficKind.REFUSED, live=1).refresh
        == f"{LIVE_S};url=/traffic?kind=refused&live=0#refusals"
    )
    assert traffic(empty.source, before="x", live=5).refresh == ""
    browser = Browser(empty)
    answer = browser.http.get("/traffic?kind=would-be&live=60")
    assert answer.headers["refresh"] == f"{LIVE_S};url=/traffic?kind=would-be&live=59#refusals"
    assert "Stop that" in answer.text
    for path in ("/traffic", "/traffic?live=0", "/traffic?live=x", "/traffic.json?live=60"):
        assert "refresh" not in browser.http.get(path).headers
    assert "\n" not in browser.http.get("/traffic?live=9&operation=a%0d%0ax:%20y").headers["refresh"]


def test_where_attacks_would_pass_somebody_must_say_that_they_know(empty: Shop) -> None:
    stranger = [one._replace(principal="", client=f"198.51.100.{at}", id=f"s{at}") for at, one in enumerate(week())]
    injection = DENIED.__class__(DENIED.decision.__class__("inspect.sql", place="query.q"), is_applied=True)
    both = [one._replace(rulings=(DENIED, injection)) for one in stranger if DENIED in one.rulings]
    empty.store([*both, *week()])
    id_ = both[0].id
    shown = refusal(empty.source, id_)
    assert shown.attacks > 0
    with pytest.raises(AdvisedError, match="look like attacks"):
        allow(empty.source, id_, reason="x", days=7, is_anyway=False)
    assert allow(empty.source, id_, reason="x", days=7, is_anyway=True)
    with pytest.raises(AdvisedError, match="already"):
        allow(empty.source, id_, reason="x", days=7, is_anyway=True)


def test_what_cannot_be_let_through_says_why(empty: Shop) -> None:
    flood = DENIED.__class__(DENIED.decision.__class__("flood.too-many"), is_applied=True)
    empty.store([week()[0]._replace(outcome="refused", rulings=(flood,))])
    assert "guard.flood" in refusal(empty.source, week()[0].id).why_not
