from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from apiward.core.finding import Severity
from apiward.core.incident import Incident, IncidentState, Moment, MomentKind
from apiward.core.lanes import AuditKind
from apiward.core.ports import WatchRecord
from apiward.core.watching import KeptEvidence, WatchStep
from apiward.stores.events.database import bring_up_to_date, open_database, sqlite_url
from apiward.stores.events.evidence import StoreError
from apiward.stores.events.reading import EventReader
from apiward.stores.events.rows import row_of
from apiward.stores.events.storing import SqlEvents
from apiward.stores.record.reading import read_audit
from apiward.stores.record.watch_tables import INCIDENTS
from tests.stores.events.made import NOW_S, event, rows
from tests.stores.record.made import looked
from tests.stores.watching.made import CLOSED, INCIDENT, OPENED, SEEN, contents, watch
from tests.stores.watching.made import INCIDENTS as ANY_INCIDENTS

FROM_A_LOG = event(9, marks=(("source", "nginx"),), status=401)


def test_it_answers_the_port(engine: Engine) -> None:
    record: WatchRecord = watch(engine)
    assert record.resume() == ({}, b"")
    assert (record.incident("x"), list(record.incidents()), list(record.detections("x"))) == (None, [], [])


def test_a_step_is_kept_whole_and_found_again(engine: Engine) -> None:
    found = watch(engine)
    step = WatchStep([FROM_A_LOG], [("4f2a", SEEN)], [INCIDENT], {"nginx": "1:200", "guard": "7"}, b"\0state")
    found.commit(step)
    assert found.incident("4f2a") == INCIDENT
    assert list(found.detections("4f2a")) == [SEEN]
    assert found.resume() == ({"nginx": "1:200", "guard": "7"}, b"\0state")
    assert list(found.events_of(["00000009", "00000001"])) == [FROM_A_LOG]


def test_what_is_read_from_a_log_goes_into_the_audit_record_as_well(engine: Engine) -> None:
    watch(engine).commit(WatchStep([FROM_A_LOG, event(10)]))
    with engine.connect() as connection:
        kinds = [entry.kind for _, entry in read_audit(connection)]
    assert kinds == [AuditKind.AUTHENTICATION]


def test_the_steps_that_we_take_ourselves_are_in_the_audit_record_once(engine: Engine) -> None:
    step = WatchStep(incidents=[replace(INCIDENT, timeline=(OPENED, CLOSED))])
    for _ in range(2):
        watch(engine).commit(step)
    with engine.connect() as connection:
        (entry,) = [entry for _, entry in read_audit(connection)]
    assert (entry.kind, entry.private["principal"]) == (AuditKind.INCIDENT, "apiward:watch")
    assert entry.private["said"] == "Incident 4f2a, seen: 57 accounts were tried from one address."
    assert "accounts were tried" not in str(entry.leaf), "a person may be named there"
    assert looked(engine).flaws == ()


def test_the_same_step_again_changes_nothing(engine: Engine) -> None:
    found = watch(engine)
    step = WatchStep([FROM_A_LOG], [("4f2a", SEEN)], [INCIDENT])
    found.commit(step)
    before = contents(engine)
    upto, changed = found.incidents_after(0)
    found.commit(step)
    assert contents(engine) == before
    assert (list(changed), found.incidents_after(upto)) == ([INCIDENT], (upto, []))
    assert len(EventReader(engine).events()) == 1


def test_a_step_that_fails_at_its_end_leaves_nothing(engine: Engine) -> None:
    found = watch(engine)
    with pytest.raises(UnicodeEncodeError):
        found.commit(WatchStep([FROM_A_LOG], [("4f2a", SEEN)], [INCIDENT], {"nginx": "1", "other": "\udcff"}))
    assert contents(engine) == []
    assert found.resume() == ({}, b"")
    assert EventReader(engine).events() == []


def test_the_events_of_the_guard_come_once_and_those_of_logs_do_not(engine: Engine) -> None:
    found = watch(engine)
    SqlEvents(engine, lambda: NOW_S).add(rows(1, 2))
    found.commit(WatchStep([FROM_A_LOG]))
    SqlEvents(engine, lambda: NOW_S).add([list(row_of(event(3, marks=(("session", "s"),))))])
    first = found.events_after(0, limit=2)
    assert [one.id for one in first.events] == ["00000001", "00000002"]
    second = found.events_after(first.upto, limit=2)
    assert [one.id for one in second.events] == ["00000003"]
    assert found.events_after(second.upto) == (second.upto, [])


def test_who_closes_an_incident_is_not_overruled_by_a_watcher_that_does_not_know(engine: Engine) -> None:
    watcher, owner = watch(engine), watch(engine)
    watcher.commit(WatchStep(incidents=[INCIDENT]))
    closed = replace(INCIDENT, state=IncidentState.CLOSED, timeline=(*INCIDENT.timeline, CLOSED))
    owner.commit(WatchStep(incidents=[closed]))
    watcher.commit(WatchStep(incidents=[replace(INCIDENT, count=60, last_s=NOW_S + 90)]))
    found = watcher.incident("4f2a")
    assert found is not None
    assert (found.state, found.count, found.timeline) == (IncidentState.CLOSED, 60, (OPENED, CLOSED))
    again = Moment(NOW_S + 500, MomentKind.REOPENED, "It goes on.")
    watcher.commit(WatchStep(incidents=[replace(found, state=IncidentState.REOPENED, timeline=(again,))]))
    found = owner.incident("4f2a")
    assert found is not None
    assert (found.state, found.timeline) == (IncidentState.REOPENED, (OPENED, CLOSED, again))


def test_severity_and_numbers_only_rise(engine: Engine) -> None:
    found = watch(engine)
    found.commit(WatchStep(incidents=[INCIDENT], detections=[("4f2a", SEEN)]))
    less = replace(INCIDENT, severity=Severity.LOW, count=1, last_s=NOW_S, touched_count=0, touched=())
    found.commit(WatchStep(incidents=[less], detections=[("4f2a", replace(SEEN, count=1, events=()))]))
    assert found.incident("4f2a") == INCIDENT
    assert list(found.detections("4f2a")) == [SEEN]
    more = replace(SEEN, count=100, events=("3",))
    found.commit(WatchStep(detections=[("4f2a", more), ("4f2a", SEEN)]))
    assert list(found.detections("4f2a")) == [more]


def test_incidents_are_found_by_state_the_newest_first(engine: Engine) -> None:
    found = watch(engine)
    late = replace(INCIDENT, id="late", last_s=NOW_S + 1_000)
    over = replace(INCIDENT, id="over", state=IncidentState.CLOSED)
    found.commit(WatchStep(incidents=[INCIDENT, late, over]))
    assert [one.id for one in found.incidents((IncidentState.OPEN,))] == ["late", "4f2a"]
    assert [one.id for one in found.incidents(limit=1)] == ["late"]


def test_a_change_gets_a_number_of_its_own(engine: Engine) -> None:
    found = watch(engine)
    found.commit(WatchStep(incidents=[INCIDENT, replace(INCIDENT, id="2")]))
    first = found.incidents_after(0, limit=1)
    assert [one.id for one in first.incidents] == ["4f2a"]
    assert [one.id for one in found.incidents_after(first.upto).incidents] == ["2"]
    upto = found.incidents_after(0).upto
    found.commit(WatchStep(incidents=[replace(INCIDENT, timeline=(Moment(NOW_S + 5, MomentKind.NOTE, "Hm."),))]))
    assert [one.id for one in found.incidents_after(upto).incidents] == ["4f2a"]


@given(st.lists(ANY_INCIDENTS, max_size=5), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_whatever_order_several_programs_write_what_only_rises_is_the_same(
    tmp_path: Path, incidents: list[Incident], random: object
) -> None:
    mixed = list(incidents)
    random.shuffle(mixed)  # type: ignore[attr-defined] # a Random of hypothesis
    ends = []
    for order in (incidents, mixed):
        path = tmp_path / "mixed.sqlite"
        engine = open_database(sqlite_url(path))
        bring_up_to_date(engine)
        with engine.begin() as connection:
            connection.execute(INCIDENTS.delete())
        for incident in order:
            watch(engine).commit(WatchStep(incidents=[incident]))
        with engine.connect() as connection:
            wanted = select(
                *(INCIDENTS.c[name] for name in ("id", "severity", "first_s", "last_s", "count", "state_at_s"))
            )
            ends.append(sorted(map(tuple, connection.execute(wanted).all())))
        engine.dispose()
    assert ends[0] == ends[1]


def test_evidence_is_kept_once_and_never_written_over(engine: Engine) -> None:
    found = watch(engine)
    one = KeptEvidence("e1", "incident:4f2a", "bundle", NOW_S, "What was there", "ab" * 32, b"\0\xff", NOW_S + 9)
    found.keep_evidence([one, KeptEvidence("e2", "control:backups", "note", NOW_S, "", "")])
    found.keep_evidence([replace(one, body=b"forged")])
    assert list(found.evidence("incident:4f2a")) == [one]
    assert list(found.evidence("incident:other")) == []


def test_of_too_many_records_the_newest_are_returned(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    found = watch(engine)
    times = (3.0, 1.0, 2.0, 3.0)
    found.keep_evidence([KeptEvidence(f"e{n}", "control:x", "note", at_s, "", "") for n, at_s in enumerate(times)])
    assert [one.id for one in found.evidence("control:x")] == ["e1", "e2", "e0", "e3"]
    monkeypatch.setattr("apiward.stores.watching.store.MOST", 3)
    assert [one.id for one in found.evidence("control:x")] == ["e2", "e0", "e3"]


def test_hard_texts_are_kept(engine: Engine) -> None:
    found = watch(engine)
    hard = replace(INCIDENT, who="a\0b\udcff", timeline=(Moment(NOW_S, MomentKind.NOTE, "x" * 9_000, "\0"),))
    found.commit(
        WatchStep(incidents=[hard], events=[FROM_A_LOG._replace(path="/\0", said="\udcff", answer_size=2**70)])
    )
    kept = found.incident("4f2a")
    assert kept is not None
    assert (kept.who, len(kept.timeline[0].said), kept.timeline[0].by) == ("a␀b\\udcff", 2_000, "␀")
    found.commit(WatchStep(incidents=[hard]))
    assert len((found.incident("4f2a") or INCIDENT).timeline) == 1


def test_a_store_that_cannot_be_used_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "events.sqlite").write_bytes(b"no database" * 1_000)
    found = watch(open_database(sqlite_url(tmp_path / "events.sqlite")))
    with pytest.raises(StoreError, match="not a database"):
        found.resume()
    with pytest.raises(StoreError):
        found.commit(WatchStep(incidents=[INCIDENT]))
