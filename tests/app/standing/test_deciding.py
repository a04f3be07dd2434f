from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from apiward.app.guarding.place import Place
from apiward.app.recording.opening import Store
from apiward.app.standing.accepting import read_accepted, write_accepted
from apiward.app.standing.deciding import FindingDesk
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig
from apiward.core.kept_finding import FindingState
from apiward.prove.baseline import Accepted, Baseline
from apiward.stores.watching.scans import ScanStore
from tests.prove.sample import TARGET
from tests.stores.events.made import NOW_S
from tests.stores.watching.test_scans import scanned

DAY_S = 86_400.0


def day(number: int) -> date:
    """Return the day so many days from the first one."""
    return datetime.fromtimestamp(NOW_S, UTC).astimezone().date() + timedelta(days=number)


OTHER = "http://other.example"


class Made:
    """A store with what two scans found, and a clock that is moved by hand."""

    def __init__(self, store: Store, place: Place) -> None:
        self.store = store
        self.place = place
        self.now_s = NOW_S
        self.desk = FindingDesk(store, place, now=lambda: self.now_s, by="owner:ada")
        self.ids = [one.finding.id for one in self.desk.listed(target=TARGET)]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    place = Place(None, tmp_path, tmp_path)
    with Store.opened(place, GuardConfig(), is_new=True) as store:
        ScanStore(store.engine).note(scanned("CFG01", "OBJ01"))
        ScanStore(store.engine).note(scanned("CFG01", target=OTHER))
        yield Made(store, place)


def test_what_is_accepted_does_not_count_until_its_day_is_over(made: Made) -> None:
    first, second = made.ids
    accepted = made.desk.accept(first, reason="The new server comes.", until=day(30), target=TARGET)
    assert accepted.accepted is not None
    assert (accepted.accepted.reason, accepted.accepted.expires_on, accepted.counts) == (
        "The new server comes.",
        day(30),
        False,
    )
    assert [one.finding.id for one in made.desk.listed(target=TARGET)] == [second]
    (entry,) = read_accepted(made.place).accepted
    assert (entry.id, entry.reason, entry.target) == (first, "The new server comes.", TARGET)
    made.now_s += 31 * DAY_S
    assert len(made.desk.listed(target=TARGET)) == 2
    (standing,) = [one for one in made.desk.listed(target=TARGET) if one.finding.id == first]
    assert [one.by for one in standing.past] == ["owner:ada"], "it stays in the history"


def test_it_is_taken_back_and_accepted_anew(made: Made) -> None:
    first = made.ids[0]
    with pytest.raises(AdvisedError, match="is not accepted"):
        made.desk.take_back(first, target=TARGET)
    made.desk.accept(first, reason="a", until=day(1), target=TARGET)
    made.now_s += 1
    assert made.desk.take_back(first, target=TARGET).counts
    made.now_s += 1
    again = made.desk.accept(first, reason="b", until=day(10_000), target=TARGET)
    assert again.accepted is not None
    assert (again.accepted.reason, again.accepted.expires_on) == ("b", day(365)), "for a year at most"
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
        made.desk.accept(first, reason="x", until=day(1), target=TARGET)


def test_a_history_that_somebody_changed_in_the_store_counts_for_nothing(made: Made) -> None:
    first = made.ids[0]
    assert len(made.desk.accept(first, reason="x", until=day(1), target=TARGET).past) == 1
    with made.store.engine.begin() as connection:
        connection.execute(text("UPDATE evidence SET body = X'7B7D'"))
    assert made.desk.get(first, target=TARGET).past == ()


def test_what_was_accepted_on_a_page_or_in_a_file_is_accepted_here(made: Made) -> None:
    first = made.ids[0]
    entry = Accepted(first, "CFG01", "GET /", "a copy", day(0), day(3), TARGET)
    write_accepted(made.place, Baseline((entry,)))
    standing = made.desk.get(first, target=TARGET)
    assert (standing.accepted, standing.past) == (entry, ())
    assert made.desk.take_back(first, target=TARGET).counts
    assert read_accepted(made.place) == Baseline()
