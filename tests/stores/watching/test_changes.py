from dataclasses import replace

from sqlalchemy import Engine

from apiward.core.kept_finding import FindingTurn
from apiward.core.watching import WatchStep
from apiward.stores.watching.changes import ChangeReader
from apiward.stores.watching.scans import ScanStore
from tests.stores.watching.made import INCIDENT, SEEN, watch
from tests.stores.watching.test_scans import CFG, OBJ, scanned


def test_what_scans_said_comes_in_order(engine: Engine) -> None:
    store, reader = ScanStore(engine), ChangeReader(engine)
    store.note(scanned("OBJ01"))
    store.note(scanned("CFG01", day=1, holds=("OBJ01",)))
    changes = reader.findings(0)
    assert [(one.value[0].id, one.value[1].kind, one.is_first) for one in changes] == [
        (OBJ, FindingTurn.NEW, True),
        (CFG, FindingTurn.NEW, True),
        (OBJ, FindingTurn.FIXED, False),
    ]
    assert [one.value[0].id for one in reader.findings(changes[0].number, limit=1)] == [CFG]


def test_an_incident_is_new_to_who_has_not_seen_it_and_changed_to_who_has(engine: Engine) -> None:
    reader = ChangeReader(engine)
    watch(engine).commit(WatchStep(incidents=[INCIDENT], detections=[("4f2a", SEEN)]))
    (first,) = reader.incidents(0)
    (seen,) = reader.detections(0)
    assert (first.value, first.is_first, seen.value, seen.is_first) == (INCIDENT, True, ("4f2a", SEEN), True)
    more = replace(INCIDENT, count=99)
    watch(engine).commit(WatchStep(incidents=[more], detections=[("4f2a", replace(SEEN, count=99))]))
    (change,) = reader.incidents(first.number)
    assert (change.value, change.is_first) == (more, False)
    assert [one.is_first for one in reader.incidents(0)] == [True]
    assert [(one.is_first, one.value[1].count) for one in reader.detections(seen.number)] == [(False, 99)]


def test_a_reader_keeps_how_far_it_has_come(engine: Engine) -> None:
    reader = ChangeReader(engine)
    assert reader.place("logs") == {}
    reader.keep_place("logs", {"events": 7, "incidents": 2})
    reader.keep_place("logs", {"events": 8, "incidents": 2})
    reader.keep_place("other", {})
    assert (reader.place("logs"), reader.place("other")) == ({"events": 8, "incidents": 2}, {})
    assert watch(engine).resume() == ({}, b"")
