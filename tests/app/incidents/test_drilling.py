import asyncio
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from apiward.app.guarding.cases import Case
from apiward.app.guarding.shut_keys import Own
from apiward.app.guarding.shutting import Standing
from apiward.app.incidents.desk import IncidentDesk
from apiward.app.incidents.drilling import SUBJECT, Drill, Played, events_of, played_events
from apiward.config.errors import AdvisedError
from apiward.config.notifying import ChannelConfig, NotifyConfig
from apiward.core.event import Event
from apiward.core.incident import IncidentState
from tests.app.incidents.made import Watched, watched
from tests.app.incidents.test_desk import Guard
from tests.cli.test_notify import place
from tests.watch.seeing import START_S, log_in

NOW_S = START_S + 7_200.0


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Watched]:
    with watched(tmp_path) as made:
        yield made


@pytest.fixture
def guard(tmp_path: Path) -> Guard:
    return Guard(tmp_path, Own(), by="owner:ada", clock=lambda: NOW_S, environment={})


def drill(here: Watched, guard: Guard, tmp_path: Path) -> Drill:
    desk = IncidentDesk(here.record, guard, tmp_path, by="owner:ada", now=lambda: NOW_S)
    ticks = iter(range(10_000))
    return Drill(here.record, desk, guard, now=lambda: NOW_S, elapsed=lambda: float(next(ticks)), pause=lambda _: None)


def stuffing() -> list[tuple[Event, bool]]:
    usual = [(log_in(float(at_s), f"usual-{at_s}", good=True, drill="1"), False) for at_s in range(0, 3_600, 120)]
    return usual + [
        (log_in(3_600.0 + at_s, f"tried-{at_s}", client="192.0.2.9", drill="1"), True) for at_s in range(60)
    ]


def test_an_attack_is_noticed_told_held_off_and_kept(here: Watched, guard: Guard, tmp_path: Path) -> None:
    played = drill(here, guard, tmp_path)
    with place() as server:
        hook = ChannelConfig("hook", "ntfy", address=server.address, to=("alarms",), since="note")
        config = NotifyConfig(channels=(hook,), gather_s=0.0)
        drilled = played.notice(stuffing(), "stuffing")
        played.tell(drilled, config, tmp_path, tmp_path)
        played.contain(drilled)
        played.close(drilled)
        (posted,) = server.posted
    assert str(posted.json["title"]).startswith("Exercise, nothing happened: ")
    assert (drilled.attack_requests, drilled.requests) == (60, 90)
    assert 0 < drilled.noticed_after < 60
    assert drilled.noticed_s == drilled.noticed_after - 1
    assert list(drilled.told_s) == ["hook"]
    assert (drilled.contained_s, drilled.undone_s, drilled.why_not_contained) == (1.0, 1.0, "")
    assert guard.listed() == ()
    incident = here.record.incident(drilled.incident)
    assert incident is not None
    assert (incident.is_drill, incident.state) == (True, IncidentState.CLOSED)
    (kept,) = here.record.evidence(SUBJECT)
    assert kept.digest == hashlib.sha256(kept.body).hexdigest()
    assert json.loads(kept.body)["noticed_after"] == drilled.noticed_after


def test_nothing_stands_in_the_events_of_the_business(here: Watched, guard: Guard, tmp_path: Path) -> None:
    drill(here, guard, tmp_path).notice(stuffing(), "stuffing")
    assert here.record.events_after(0).events == []


def test_ordinary_use_is_not_noticed(here: Watched, guard: Guard, tmp_path: Path) -> None:
    events = [(event, is_attack) for event, is_attack in stuffing() if not is_attack]
    drilled = drill(here, guard, tmp_path).notice(events, "stuffing")
    assert (drilled.is_noticed, list(here.record.incidents())) == (False, [])


def test_what_fails_is_said(here: Watched, guard: Guard, tmp_path: Path) -> None:
    guard.says = Standing("No guard runs here now.")
    played = drill(here, guard, tmp_path)
    drilled = played.notice(stuffing(), "stuffing")
    away = ChannelConfig("hook", "ntfy", address="http://127.0.0.1:1", to=("alarms",), since="note")
    played.tell(drilled, NotifyConfig(channels=(away,), gather_s=0.0), tmp_path, tmp_path)
    played.contain(drilled)
    assert list(drilled.not_told) == ["hook"]
    assert (drilled.contained_s, drilled.undone_s) == (None, None)
    assert drilled.why_not_contained == "No guard runs here now."
    (tmp_path / "blocks").unlink()
    (tmp_path / "blocks").mkdir()
    played.contain(drilled)
    assert "cannot be used" in drilled.why_not_contained


def test_requests_become_events_by_a_guard_that_only_watches(tmp_path: Path) -> None:
    case = Case(1, "GET", "/a", [(b"host", b"shop.example")], client="192.0.2.7", started_s=NOW_S)
    ((event, is_attack),) = asyncio.run(events_of([Played(case, is_attack=True)], "[guard]\nmode='watch'", tmp_path))
    assert (event.client, event.at_s, is_attack) == ("192.0.2.7", NOW_S, True)
    assert ("drill", "1") in event.marks
    with pytest.raises(AdvisedError, match="cannot be set up"):
        played_events([], "[guard]\nmode='x'", tmp_path)
