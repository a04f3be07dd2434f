from dataclasses import replace

import pytest
from sqlalchemy import Engine, func, select

from apiward.core.incident import IncidentState, Moment, MomentKind
from apiward.core.watching import KeptEvidence, WatchStep
from apiward.stores.record.watch_tables import APIS, FINDING_MOMENTS, FINDINGS, INCIDENT_MOMENTS, OPERATIONS
from apiward.stores.upkeep.expiring import remove_findings, remove_incidents
from apiward.stores.watching.scans import ScanStore
from tests.stores.events.made import NOW_S
from tests.stores.watching.made import INCIDENT, SEEN, watch
from tests.stores.watching.test_scans import scanned

DAY_S = 86_400.0


def counted(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        tables = (APIS, OPERATIONS, FINDINGS, FINDING_MOMENTS)
        return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]


def test_incidents_that_are_long_quiet_go_with_all_that_belongs_to_them(engine: Engine) -> None:
    found = watch(engine)
    closed = Moment(NOW_S + 5 * DAY_S, MomentKind.CLOSED, "Done.")
    lately = replace(INCIDENT, id="late", state=IncidentState.CLOSED, timeline=(closed,))
    found.commit(
        WatchStep(incidents=[INCIDENT, lately], detections=[("4f2a", SEEN), ("late", replace(SEEN, last_s=1e10))])
    )
    found.keep_evidence(
        [
            KeptEvidence("old", "incident:4f2a", "bundle", NOW_S, "", ""),
            KeptEvidence("held", "incident:4f2a", "bundle", NOW_S, "", "", until_s=NOW_S + 9 * DAY_S),
        ]
    )
    with engine.begin() as connection:
        assert not remove_incidents(connection, NOW_S + DAY_S, NOW_S + 8 * DAY_S, 100)
        assert connection.execute(select(INCIDENT_MOMENTS.c.incident)).scalars().all() == ["late"]
    assert [one.id for one in found.incidents()] == ["late"]
    assert (list(found.detections("4f2a")), len(found.detections("late"))) == ([], 1)
    assert [one.id for one in found.evidence("incident:4f2a")] == ["held"]


def test_it_says_when_there_may_be_more(engine: Engine) -> None:
    watch(engine).commit(WatchStep(incidents=[replace(INCIDENT, id=str(at)) for at in range(3)]))
    with engine.begin() as connection:
        assert [remove_incidents(connection, 1e10, 1e10, 2) for _ in range(2)] == [True, False]
    assert list(watch(engine).incidents()) == []


@pytest.mark.parametrize(("days", "left"), [(0, [1, 2, 2, 4]), (1, [1, 2, 1, 1]), (9, [1, 2, 1, 0])])
def test_fixed_findings_go_and_open_ones_stay(engine: Engine, days: int, left: list[int]) -> None:
    store = ScanStore(engine)
    store.note(scanned("CFG01", "OBJ01"))
    store.note(scanned("OBJ01", day=0.5, holds=("CFG01",)))
    with engine.begin() as connection:
        remove_findings(connection, scanned().started_at.timestamp() + days * 0.7 * DAY_S - 1, 100)
    assert counted(engine)[:3] == left[:3]


def test_an_api_that_is_scanned_no_more_goes_when_nothing_of_it_is_open(engine: Engine) -> None:
    ScanStore(engine).note(scanned("CFG01"))
    with engine.begin() as connection:
        remove_findings(connection, 1e10, 100)
    assert counted(engine)[:3] == [1, 2, 1]
    ScanStore(engine).note(scanned(day=1, holds=("CFG01",)))
    with engine.begin() as connection:
        remove_findings(connection, 1e10, 100)
    assert counted(engine) == [0, 0, 0, 0]
