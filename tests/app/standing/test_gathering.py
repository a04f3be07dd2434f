from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from apiward.app.guarding.rules_in_use import tell_rules
from apiward.app.recording.accepting import FindingDesk
from apiward.app.standing.accepting import USUAL
from apiward.app.standing.gathering import gather, nothing_kept
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig
from apiward.core.decision import Mode
from apiward.core.finding import Severity
from apiward.core.incident import IncidentState
from apiward.core.watching import KeptEvidence, WatchStep
from apiward.prove.baseline import Baseline, accept, dumped
from apiward.prove.grade import Letter, grade_of
from apiward.prove.standing import GuardState, Reach, StandingIncident, Treatment
from apiward.stores.watching.store import WatchStore
from tests.app.standing.made import DAY_S, NOW_S, TARGET, finding, scan, store_in
from tests.stores.watching.made import INCIDENT

OBJ, SQL, CFG = finding("OBJ01"), finding("INJ01"), finding("CFG01")
PATCH = '[[patch]]\nid = "p1"\nkind = "method-off"\noperation = "GET /a"\nfinding = "{}"\nexpires = "2099-01-31"\n'


def test_what_is_known_of_an_api_is_counted_once(tmp_path: Path) -> None:
    scans = (scan(OBJ, SQL, CFG, days=40), scan(OBJ, SQL, days=2, holds=("CFG01",)))
    with store_in(tmp_path, *scans) as (store, place):
        accepted = accept(
            OBJ, reason="It is old.", accepted_on=date(2026, 11, 1), expires_on=date(2027, 1, 1), target=TARGET
        )
        (tmp_path / USUAL).write_text(dumped(Baseline((accepted,))))
        (tmp_path / "apiward.rules.toml").write_text(PATCH.format(SQL.id))
        tell_rules(place.data, "x", Mode.ENFORCE)
        contained = replace(INCIDENT, id="b", state=IncidentState.CONTAINED)
        drill = replace(INCIDENT, id="c", is_drill=True)
        record = WatchStore(store.engine, lambda: NOW_S)
        record.commit(WatchStep(incidents=(replace(INCIDENT, state=IncidentState.OPEN, timeline=()), contained, drill)))
        record.keep_evidence([KeptEvidence("drill.c", "drill", "drill", NOW_S - 3 * DAY_S, "Exercise", "00")])
        found = gather(store, place, NOW_S)
    standing = found.standing
    assert {one.id: (one.treatment, round(one.age_days)) for one in standing.findings} == {
        OBJ.id: (Treatment.ACCEPTED, 40),
        SQL.id: (Treatment.HELD, 40),
    }
    assert [one.id for one in found.fixed] == [CFG.id]
    assert (standing.target, found.targets, standing.guard) == (TARGET, (TARGET,), GuardState.ENFORCES)
    assert standing.reach == Reach(2, 2, 2.0, runs=3, decided=3, accounts=2)
    assert standing.exercise_age_days == 3.0
    assert sorted((one.id, one.is_contained) for one in standing.incidents) == [("4f2a", False), ("b", True)]
    assert found.whole_scan == found.scans[0]
    assert grade_of(standing).letter is Letter.C


def test_a_rule_without_a_guard_and_an_acceptance_that_has_ended_count_for_nothing(tmp_path: Path) -> None:
    with store_in(tmp_path, scan(OBJ, SQL)) as (store, place):
        ended = accept(OBJ, reason="Old.", accepted_on=date(2026, 1, 1), expires_on=date(2026, 11, 28))
        (tmp_path / USUAL).write_text(dumped(Baseline((ended,))))
        (tmp_path / "apiward.rules.toml").write_text(PATCH.format(SQL.id))
        found = gather(store, place, NOW_S)
    assert {one.treatment for one in found.standing.findings} == {Treatment.OPEN}
    assert found.held == {SQL.id: ("p1",)}


def test_what_was_accepted_in_the_store_counts_until_it_ends_or_is_taken_back(tmp_path: Path) -> None:
    with store_in(tmp_path, scan(OBJ, SQL)) as (store, place):
        desk = FindingDesk(store, now=lambda: NOW_S, by="Ada")
        for id_ in (OBJ.id, SQL.id):
            desk.accept(id_, reason="The new one comes.", until_s=NOW_S + 9 * DAY_S)
        desk.take_back(SQL.id)
        found, later = gather(store, place, NOW_S), gather(store, place, NOW_S + 10 * DAY_S)
    assert {one.id: one.treatment for one in found.standing.findings} == {
        OBJ.id: Treatment.ACCEPTED,
        SQL.id: Treatment.OPEN,
    }
    assert found.accepted[OBJ.id].reason == "The new one comes."
    assert later.accepted == {}


def test_what_came_back_is_as_old_as_its_return(tmp_path: Path) -> None:
    scans = (scan(OBJ, days=300), scan(days=200, holds=("OBJ01",)), scan(OBJ, days=5))
    with store_in(tmp_path, *scans) as (store, place):
        (one,) = gather(store, place, NOW_S).standing.findings
    assert round(one.age_days) == 5


def test_one_of_several_apis_may_be_named(tmp_path: Path) -> None:
    with store_in(tmp_path, scan(OBJ, target="http://a.test"), scan(days=0, target="http://b.test")) as (store, place):
        assert gather(store, place, NOW_S).targets == ("http://b.test", "http://a.test")
        found = gather(store, place, NOW_S, target="http://a.test")
        assert (found.targets[0], len(found.findings)) == ("http://a.test", 1)
        with pytest.raises(AdvisedError, match=r'Did you mean "http://a\.test"'):
            gather(store, place, NOW_S, target="http://a.tst")


def test_an_empty_store_and_none_say_the_same(tmp_path: Path) -> None:
    with store_in(tmp_path) as (store, place):
        found = gather(store, place, NOW_S)
        assert found == nothing_kept(place, GuardConfig(), NOW_S)
        assert found.whole_scan is None
        assert grade_of(found.standing).letter is None
        with pytest.raises(AdvisedError, match="No scan has been kept yet"):
            gather(store, place, NOW_S, target=TARGET)


def test_severity_is_that_of_the_last_scan(tmp_path: Path) -> None:
    low = finding("OBJ01", severity=Severity.LOW)
    with store_in(tmp_path, scan(OBJ, days=2), scan(low, days=1)) as (store, place):
        assert gather(store, place, NOW_S).standing.findings[0].severity is Severity.LOW


def test_an_incident_counts_as_it_stands(tmp_path: Path) -> None:
    with store_in(tmp_path) as (store, place):
        closed = replace(INCIDENT, state=IncidentState.CLOSED)
        reopened = replace(INCIDENT, id="r", state=IncidentState.REOPENED, timeline=())
        WatchStore(store.engine, lambda: NOW_S).commit(WatchStep(incidents=(closed, reopened)))
        assert gather(store, place, NOW_S).standing.incidents == (StandingIncident("r", Severity.HIGH),)
