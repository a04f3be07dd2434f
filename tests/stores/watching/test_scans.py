from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine

from apiward.core.finding import Severity
from apiward.core.kept_finding import FindingState, FindingTurn
from apiward.core.scan_report import ScanReport
from apiward.core.verdict import Outcome
from apiward.stores.watching.scans import Noted, ScanStore
from tests.prove.sample import TARGET, finding, item, report


def scanned(*checks: str, day: float = 0, holds: tuple[str, ...] = (), target: str = TARGET) -> ScanReport:
    """Return what a scan on that day says: these checks are broken on one operation, those hold on it."""
    found = [finding(check) for check in checks]
    items = [item(check, "GET /notes/{id}", Outcome.HOLDS) for check in holds]
    made = report(found, items=items)
    return replace(made, started_at=made.started_at + timedelta(days=day), target=target)


OBJ, CFG = finding("OBJ01").id, finding("CFG01").id


def turns(store: ScanStore, id_: str) -> list[FindingTurn]:
    (kept,) = [one for one in store.findings() if one.id == id_]
    return [moment.kind for moment in kept.history]


def test_a_finding_has_its_history_from_scan_to_scan(engine: Engine) -> None:
    store = ScanStore(engine)
    assert store.note(scanned("OBJ01")) == Noted(new=(OBJ,))
    assert store.note(scanned("OBJ01", "CFG01", day=1)) == Noted(new=(CFG,), still_there=(OBJ,))
    assert store.note(scanned("CFG01", day=2, holds=("OBJ01",))) == Noted(still_there=(CFG,), fixed=(OBJ,))
    assert [one.id for one in store.findings(states=(FindingState.OPEN,))] == [CFG]
    assert store.note(scanned("OBJ01", "CFG01", day=3)) == Noted(still_there=(CFG,), came_back=(OBJ,))
    turn = FindingTurn
    assert turns(store, OBJ) == [turn.NEW, turn.STILL_THERE, turn.FIXED, turn.CAME_BACK]
    (kept, _) = store.findings(target=TARGET)
    assert (kept.id, kept.times, kept.state, kept.fixed_s) == (OBJ, 3, FindingState.OPEN, None)
    assert kept.last_s - kept.first_s == 3 * 86_400


def test_what_could_not_be_looked_at_is_not_fixed(engine: Engine) -> None:
    store = ScanStore(engine)
    store.note(scanned("OBJ01"))
    assert store.note(scanned(day=1)) == Noted(unsure=(OBJ,))
    assert store.findings()[0].state is FindingState.OPEN
    assert turns(store, OBJ) == [FindingTurn.NEW]


def test_what_was_fixed_stays_so_without_a_word(engine: Engine) -> None:
    store = ScanStore(engine)
    store.note(scanned("OBJ01"))
    store.note(scanned(day=1, holds=("OBJ01",)))
    assert store.note(scanned(day=2, holds=("OBJ01",))) == Noted()
    assert turns(store, OBJ) == [FindingTurn.NEW, FindingTurn.FIXED]


def test_the_same_report_again_changes_nothing(engine: Engine) -> None:
    store = ScanStore(engine)
    store.note(scanned("OBJ01"))
    before = store.findings()
    assert store.note(scanned("OBJ01")) == Noted()
    assert store.findings() == before


def test_two_apis_do_not_share_their_findings(engine: Engine) -> None:
    store = ScanStore(engine)
    store.note(scanned("OBJ01"))
    assert store.note(scanned("OBJ01", target="http://other.test")) == Noted(new=(OBJ,))
    assert store.note(scanned(target="http://other.test", day=1, holds=("OBJ01",))) == Noted(fixed=(OBJ,))
    assert [one.target for one in store.findings(states=(FindingState.OPEN,))] == [TARGET]


def test_a_finding_gets_the_severity_that_it_has_now(engine: Engine) -> None:
    store = ScanStore(engine)
    store.note(scanned("OBJ01"))
    low = replace(scanned(day=1), findings=(finding("OBJ01", severity=Severity.LOW, saw="Less."),))
    store.note(low)
    (kept,) = store.findings()
    assert (kept.severity, kept.saw) == (Severity.LOW, "Less.")
    assert [moment.severity for moment in kept.history] == [finding("OBJ01").severity, Severity.LOW]


def test_of_a_history_some_turns_may_be_asked_for(engine: Engine) -> None:
    store = ScanStore(engine)
    for day in range(3):
        store.note(scanned("OBJ01", day=day))
    (kept,) = store.findings(turns=(FindingTurn.NEW, FindingTurn.FIXED))
    assert [moment.kind for moment in kept.history] == [FindingTurn.NEW]
