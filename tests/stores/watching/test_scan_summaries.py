from dataclasses import replace

from sqlalchemy import Engine

from apiward.core.kept_scan import CheckTally, KeptLink, KeptReason
from apiward.core.link import Link
from apiward.core.scan_report import Limit
from apiward.core.verdict import Outcome
from apiward.stores.record.watch_tables import EVIDENCE
from apiward.stores.watching.scan_summaries import summary_of
from apiward.stores.watching.scans import ScanStore
from tests.prove.sample import TARGET, finding, item, report
from tests.stores.watching.test_scans import scanned

LOGIN, NOTES = "POST /login", "GET /notes/{id}"
LINK = Link("role-then-staff", "a" * 10, "", "GET /a", "It was served.")


def test_a_scan_is_kept_with_how_far_it_came(engine: Engine) -> None:
    made = report(
        [finding()],
        items=[
            item("OBJ01", NOTES, Outcome.BROKEN),
            item("OBJ01", LOGIN, Outcome.NOT_RUN, "There is no object."),
            item("CFG01", NOTES, Outcome.UNSURE, "No clear answer."),
            item("CFG01", LOGIN, Outcome.NOT_RUN, "There is no object."),
        ],
        answered=(NOTES, "GET /hidden"),
    )
    made = replace(made, limits=(Limit("It was read only.", "Less was seen.", "Do more."),), links=(LINK,))
    store = ScanStore(engine)
    store.note(made)
    store.note(made)
    (kept,) = store.scans(TARGET)
    assert kept == summary_of(made, is_narrow=False)
    assert (kept.is_whole, kept.answered, kept.accounts, kept.accounts_tried) == (True, (NOTES,), 2, 2)
    assert kept.checks == (CheckTally("CFG01", 0, 0, 1, 1), CheckTally("OBJ01", 0, 1, 0, 1))
    assert kept.reasons == (
        KeptReason("There is no object.", 2, is_run=False),
        KeptReason("No clear answer.", 1, is_run=True),
    )
    assert kept.limits == ("It was read only. Less was seen.",)
    assert kept.links == (KeptLink("role-then-staff", LINK.first, "", "GET /a"),)


def test_a_scan_of_parts_or_one_that_was_stopped_is_no_whole_one(engine: Engine) -> None:
    store = ScanStore(engine)
    store.note(scanned(day=3), is_narrow=True)
    store.note(replace(scanned(day=2), was_interrupted=True))
    store.note(replace(scanned(day=1), was_cut_short=True))
    store.note(scanned())
    assert [one.is_whole for one in store.scans(TARGET)] == [False, False, False, True]


def test_what_another_version_wrote_is_left_out(engine: Engine) -> None:
    store = ScanStore(engine)
    store.note(scanned())
    with engine.begin() as connection:
        connection.execute(EVIDENCE.update().values(body=b'{"target":1}'))
    assert store.scans(TARGET) == []


def test_apis_are_told_the_last_scanned_first(engine: Engine) -> None:
    store = ScanStore(engine)
    assert store.targets() == []
    store.note(scanned(target="http://a.test"))
    store.note(scanned(target="http://b.test", day=1))
    assert store.targets() == ["http://b.test", "http://a.test"]
    assert store.scans("http://c.test") == []
