"""Detections and incidents made by hand."""

from typing import Any, Final

from hypothesis import strategies as st
from sqlalchemy import Engine

from apiward.core.detection import Detection
from apiward.core.finding import Severity
from apiward.core.incident import Incident, IncidentState, Moment, MomentKind
from apiward.core.watching import KeptEvidence, WatchStep
from apiward.stores.record.watch_tables import APIS, FINDING_MOMENTS, FINDINGS, OPERATIONS
from apiward.stores.watching.store import WatchStore
from tests.stores.events.made import NOW_S

SEEN: Final = Detection(
    rule="accounts.stuffing",
    who="address:192.0.2.1",
    severity=Severity.HIGH,
    first_s=NOW_S,
    last_s=NOW_S + 60,
    count=57,
    where="POST /login",
    events=("00000001", "00000002"),
    facts=(("accounts", "57"),),
    touched=("user:7",),
)
OPENED: Final = Moment(NOW_S, MomentKind.SEEN, "57 accounts were tried from one address.")
CLOSED: Final = Moment(NOW_S + 100, MomentKind.CLOSED, "It was our own test.", "owner:root")
INCIDENT: Final = Incident(
    id="4f2a",
    rule="accounts.stuffing",
    who="address:192.0.2.1",
    severity=Severity.HIGH,
    first_s=NOW_S,
    last_s=NOW_S + 60,
    count=57,
    where=("POST /login",),
    events=("00000001",),
    facts=(("accounts", "57"),),
    touched=("user:7",),
    touched_count=1,
    unknown=("Whether a password was right.",),
    timeline=(OPENED,),
)
_texts = st.text(max_size=20)
_times = st.integers(0, 10_000).map(lambda number: NOW_S + number / 8)
MOMENTS: Final = st.builds(Moment, _times, st.sampled_from(MomentKind), _texts, _texts)
INCIDENTS: Final = st.builds(
    Incident,
    id=st.sampled_from(["1", "2", "3"]),
    rule=_texts,
    who=_texts,
    severity=st.sampled_from(Severity),
    first_s=_times,
    last_s=_times,
    count=st.integers(0, 1_000),
    state=st.sampled_from(IncidentState),
    where=st.lists(_texts, max_size=3).map(tuple),
    events=st.lists(_texts, max_size=3).map(tuple),
    facts=st.lists(st.tuples(_texts, _texts), max_size=3).map(tuple),
    touched=st.lists(_texts, max_size=3).map(tuple),
    touched_count=st.integers(0, 1_000),
    unknown=st.lists(_texts, max_size=3).map(tuple),
    timeline=st.lists(MOMENTS, max_size=4).map(tuple),
    is_drill=st.booleans(),
)


def watch(engine: Engine) -> WatchStore:
    """Return a store whose clock stands."""
    return WatchStore(engine, lambda: NOW_S, rest=lambda: None)


def keep_one_of_each(engine: Engine) -> None:
    """Write a row of each kind that watch knows."""
    found = watch(engine)
    found.commit(WatchStep(detections=[("4f2a", SEEN)], incidents=[INCIDENT], positions={"a": "1"}, checkpoint=b"\0"))
    found.keep_evidence([KeptEvidence("e1", "incident:4f2a", "bundle", NOW_S, "What was there", "ab" * 32, b"\0\xff")])
    with engine.begin() as connection:
        for table, row in _SCANNED:
            connection.execute(table.insert(), {**row, "id": "1"})


_SPAN: Final = {"first_s": NOW_S, "last_s": NOW_S}
_FOUND: Final = {"check_id": "OBJ01", "operation": "GET /", "place": "", "confidence": "proved", "saw": "It was read."}
_SCANNED: Final = (
    (APIS, {"target": "http://localhost", "title": "Shop", "source": "", **_SPAN}),
    (OPERATIONS, {"api": "1", "operation": "GET /", **_SPAN}),
    (FINDINGS, {"api": "1", "finding": "ab", "severity": 3, "state": "open", "times": 1, **_FOUND, **_SPAN}),
    (FINDING_MOMENTS, {"finding": "1", "scan": "s", "at_s": NOW_S, "kind": "new", "severity": 3}),
)


def contents(engine: Engine) -> list[Any]:
    """Return all that watch has kept, as it is compared."""
    found = watch(engine)
    incidents = sorted(found.incidents(limit=1_000), key=lambda one: one.id)
    return [(one, list(found.detections(one.id))) for one in incidents]
