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
