from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from apiward.app.guarding.place import Place
from apiward.app.recording.accepting import LONGEST_S, MOST_REASON, FindingDesk, day_of
from apiward.app.recording.findings import accepted_there
from apiward.app.recording.opening import Store
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig
from apiward.core.kept_finding import FindingState
from apiward.stores.watching.scans import ScanStore
from tests.prove.sample import TARGET
from tests.stores.events.made import NOW_S
from tests.stores.watching.test_scans import scanned

DAY_S = 86_400.0
OTHER = "http://other.example"


class Made:
    """A store with what two scans found, and a clock that is moved by hand."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now_s = NOW_S
        self.desk = FindingDesk(store, now=lambda: self.now_s, by="owner:ada")
        self.ids = [one.finding.id for one in self.desk.listed(target=TARGET)]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    with Store.opened(Place(None, tmp_path, tmp_path), GuardConfig(), is_new=True) as store:
        ScanStore(store.engine).note(scanned("CFG01", "OBJ01"))
        ScanStore(store.engine).note(scanned("CFG01", target=OTHER))
        yield Made(store)


def test_what_is_accepted_does_not_count_until_its_day_is_over(made: Made) -> None:
    first, second = made.ids
    accepted = made.desk.accept(first, reason="The new server comes.", until_s=NOW_S + 30 * DAY_S, target=TARGET)
    assert accepted.accepted is not None
    assert (accepted.accepted.reason, accepted.accepted.by, accepted.counts) == (
        "The new server comes.",
        "owner:ada",
        False,
    )
    assert [one.finding.id for one in made.desk.listed(target=TARGET)] == [second]
    assert len(made.desk.listed(target=OTHER)) == 1, "at another API it counts"
    (entry,) = made.desk.baseline(TARGET).accepted
    assert (entry.id, entry.reason, str(entry.expires_on)) == (
        first,
        "The new server comes.",
        day_of(NOW_S + 30 * DAY_S),
    )
    made.now_s += 30 * DAY_S
    assert len(made.desk.listed(target=TARGET)) == 2
    assert made.desk.baseline(TARGET).accepted == ()
    (standing,) = [one for one in made.desk.listed(target=TARGET) if one.finding.id == first]
    assert len(standing.past) == 1, "it stays in the history"


def test_it_is_taken_back_and_accepted_anew(made: Made) -> None:
    first = made.ids[0]
    with pytest.raises(AdvisedError, match="is not accepted"):
        made.desk.take_back(first, target=TARGET)
    made.desk.accept(first, reason="a", until_s=NOW_S + DAY_S, target=TARGET)
    made.now_s += 1
    assert made.desk.take_back(first, target=TARGET).counts
    made.now_s += 1
    again = made.desk.accept(first, reason="b", until_s=NOW_S + 10_000 * DAY_S, target=TARGET)
    assert again.accepted is not None
    assert (again.accepted.reason, again.accepted.until_s) == ("b", made.now_s + LONGEST_S), "for a year at most"
    assert [(one.reason, one.is_over) for one in again.past] == [("a", False), ("", True), ("b", False)]


def test_a_finding_is_named_by_its_beginning_and_its_api(made: Made) -> None:
    first = made.ids[0]
    shared = made.desk.listed(target=OTHER)[0].finding.id
    with pytest.raises(AdvisedError, match="at several APIs"):
        made.desk.get(shared)
    assert made.desk.get(shared, target=OTHER).finding.target == OTHER
    assert made.desk.get(first[:-1], target=TARGET).finding.id == first
    with pytest.raises(AdvisedError, match="There is no finding"):
        made.desk.get("nothing")
    with pytest.raises(AdvisedError, match="2 begin like that"):
        made.desk.get(shared[:-1])


def test_what_is_fixed_is_not_accepted_and_shown_only_where_all_are(made: Made) -> None:
    first = next(one.finding.id for one in made.desk.listed(target=TARGET) if one.finding.check == "CFG01")
    ScanStore(made.store.engine).note(scanned("OBJ01", day=1, holds=("CFG01",)))
    assert first not in [one.finding.id for one in made.desk.listed(target=TARGET)]
    states = {one.finding.id: one.finding.state for one in made.desk.listed(target=TARGET, is_all=True)}
    assert states[first] is FindingState.FIXED
    with pytest.raises(AdvisedError, match="is fixed"):
        made.desk.accept(first, reason="x", until_s=NOW_S + DAY_S, target=TARGET)


def test_an_acceptance_that_somebody_changed_in_the_store_counts_for_nothing(made: Made) -> None:
    made.desk.accept(made.ids[0], reason="x", until_s=NOW_S + DAY_S, target=TARGET)
    with made.store.engine.begin() as connection:
        connection.execute(text("UPDATE evidence SET body = X'7B7D'"))
    assert len(made.desk.listed(target=TARGET)) == 2


def test_an_acceptance_has_a_reason_of_one_line_and_ends_later_than_now(made: Made) -> None:
    accepted = made.desk.accept(made.ids[0], reason=f" so\n{'o' * 600}\x1b", until_s=NOW_S + DAY_S, target=TARGET)
    assert accepted == made.desk.get(made.ids[0], target=TARGET)
    assert accepted.accepted is not None
    assert accepted.accepted.reason == f"so {'o' * (MOST_REASON - 3)}"
    with pytest.raises(AdvisedError, match="no reason"):
        made.desk.accept(made.ids[0], reason=" \n", until_s=NOW_S + DAY_S, target=TARGET)
    with pytest.raises(AdvisedError, match="in the past"):
        made.desk.accept(made.ids[0], reason="x", until_s=NOW_S, target=TARGET)
    made.now_s += 1
    assert made.desk.take_back(made.ids[0], target=TARGET) == made.desk.get(made.ids[0], target=TARGET)


def test_a_scan_sets_aside_what_was_accepted(made: Made, tmp_path: Path) -> None:
    place = Place(None, tmp_path, tmp_path)
    assert accepted_there(place, GuardConfig(), TARGET).accepted == ()
    FindingDesk(made.store, by="owner:ada").accept(made.ids[0], reason="x", until_s=4_000_000_000.0, target=TARGET)
    assert [one.id for one in accepted_there(place, GuardConfig(), TARGET).accepted] == made.ids[:1]
    assert accepted_there(place, GuardConfig(), OTHER).accepted == ()
