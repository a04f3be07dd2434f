from dataclasses import replace
from pathlib import Path

from apiward.core.finding import Severity
from apiward.core.incident import IncidentState
from apiward.core.watching import WatchStep
from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.watching.headlines import Headlines
from tests.stores.events.made import NOW_S
from tests.stores.watching.made import INCIDENT, watch


def test_headlines_are_the_incidents_without_their_timelines(tmp_path: Path) -> None:
    engine = open_database(sqlite_url(tmp_path / "events.sqlite"))
    worse = replace(INCIDENT, id="5", severity=Severity.CRITICAL, last_s=NOW_S + 5)
    closed = replace(INCIDENT, id="6", state=IncidentState.CLOSED)
    watch(engine).commit(WatchStep(incidents=(INCIDENT, worse, closed)))
    headlines = Headlines(engine)
    alive = (IncidentState.OPEN, IncidentState.CONTAINED)
    assert headlines.listed(alive) == [replace(worse, timeline=()), replace(INCIDENT, timeline=())]
    assert (headlines.count(alive), headlines.count((IncidentState.CLOSED,))) == (2, 1)
    assert headlines.count(alive, since_s=NOW_S + 60) == 1
    assert [one.id for one in headlines.listed(alive, limit=1)] == ["5"]
    engine.dispose()


def test_those_that_began_since_are_counted_whatever_became_of_them(tmp_path: Path) -> None:
    engine = open_database(sqlite_url(tmp_path / "events.sqlite"))
    went_on = replace(INCIDENT, id="5", first_s=NOW_S - 100, last_s=NOW_S)
    closed = replace(INCIDENT, id="6", state=IncidentState.CLOSED, first_s=NOW_S)
    watch(engine).commit(
        WatchStep(incidents=(replace(INCIDENT, first_s=NOW_S), went_on, closed, replace(closed, id="7", is_drill=True)))
    )
    assert (Headlines(engine).begun(NOW_S), Headlines(engine).begun(NOW_S - 100)) == (2, 3)
    engine.dispose()
