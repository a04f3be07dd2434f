"""What the owner sees of kinds of objects, and what is written: against a data folder as a guard leaves it."""

import time
from pathlib import Path

import pytest

from apiward.access.ownership.marks import Marks, short, shown
from apiward.access.ownership.rules import ObjectMode
from apiward.access.ownership.written_book import as_json, take_in
from apiward.app.guarding.building import kept_secret
from apiward.app.guarding.kinds import BookKeeper
from apiward.app.guarding.objects import ObjectsDesk
from apiward.app.guarding.place import Place
from apiward.config.errors import AdvisedError, ConfigError
from apiward.config.guarding import GuardConfig
from apiward.config.rules_file import load_rules_file
from apiward.core.decision import Decision, Ruling
from apiward.core.event import Event
from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.events.rows import row_of
from apiward.stores.events.storing import SqlEvents
from tests.access.ownership.test_learned import DAY_S, Api, business

ANNA, BEN = "user:person0", "user:person1"


@pytest.fixture(scope="module")
def learned() -> Api:
    return business(days=3)


@pytest.fixture
def place(tmp_path: Path, learned: Api) -> Place:
    found = Place.of(tmp_path / "apiward.toml", GuardConfig())
    found.data.mkdir()
    keeper = BookKeeper(found.data, kept_secret(found.data, "pepper"))
    take_in(keeper.book, as_json(learned.rights.book))
    keeper.write()
    return found


def desk(place: Place, now_s: float) -> ObjectsDesk:
    return ObjectsDesk(place, GuardConfig(), now_s)


def refused(place: Place, at_s: float) -> None:
    """Keep an event of BEN who reached for what is ANNA's."""
    sign = shown(short(Marks(kept_secret(place.data, "pepper")).of("name", "person0")))
    ruling = Ruling(Decision("objects.foreign", place="path.0", saw=f"/notes: read, of {sign}"), is_applied=False)
    events = [
        Event("a", at_s, "GET", "", "/notes/1", 200, "passed", "192.0.2.1", BEN, (ruling,)),
        Event("b", at_s, "GET", "", "/notes/1", 200, "passed", "192.0.2.1", ANNA),
    ]
    database = open_database(sqlite_url(place.data / "events.sqlite"))
    SqlEvents(database, clock=time.time).add([list(row_of(event)) for event in events])
    database.dispose()


def test_kinds_are_listed_with_whose_they_are(place: Place, learned: Api) -> None:
    (state,) = desk(place, learned.now_s).states(days=7)
    assert (state.name, state.standing, state.mode, state.objects) == ("/notes", "private", ObjectMode.SHADOW, 24)
    assert state.places == ("GET /notes/{} path.0",)
    assert (state.clean_days, state.wanted_days, state.is_ready) == (3, 7, False)


def test_a_would_be_refusal_names_both_sides_and_starts_the_days_anew(place: Place, learned: Api) -> None:
    now_s = learned.now_s + 10 * DAY_S
    assert desk(place, now_s).state("notes").is_ready
    refused(place, now_s - 2 * DAY_S)
    state = desk(place, now_s).state("/notes")
    assert (state.clean_days, state.is_ready) == (2, False)
    (one,) = state.refusals
    assert (one.caller, one.owner, one.deed, one.path, one.is_applied) == (BEN, ANNA, "read", "/notes/1", False)


def test_a_mode_is_written_and_taken_back(place: Place, learned: Api) -> None:
    made = desk(place, learned.now_s)
    assert made.set_mode("/notes", ObjectMode.ENFORCE, reason="sure").mode is ObjectMode.ENFORCE
    (rule,) = load_rules_file(place.base).object
    assert (rule.id, rule.mode, rule.operations, rule.reason) == (
        "/notes",
        ObjectMode.ENFORCE,
        ("GET /notes/{}",),
        "sure",
    )
    again = desk(place, learned.now_s + 60)
    again.set_mode("/notes", ObjectMode.OBSERVE, reason="")
    last = desk(place, learned.now_s + 120)
    assert last.state("/notes").mode is ObjectMode.OBSERVE
    assert "it is enforce again" in last.undo()
    assert [rule.mode for rule in load_rules_file(place.base).object] == [ObjectMode.ENFORCE]


def test_a_first_mode_is_taken_out_again(place: Place, learned: Api) -> None:
    desk(place, learned.now_s).set_mode("/notes", ObjectMode.ENFORCE, reason="")
    assert desk(place, learned.now_s).undo() == "/notes: enforce"
    assert load_rules_file(place.base).object == ()
    with pytest.raises(AdvisedError, match="nothing to take back"):
        desk(place, learned.now_s).undo()


def test_a_share_is_written_and_taken_back(place: Place, learned: Api) -> None:
    desk(place, learned.now_s).share(ANNA, "#3fa2b1", kind="/notes", thing="7", reason="they work together")
    (share,) = load_rules_file(place.base).share
    assert (share.between, share.kind, share.object) == ((ANNA, "#3fa2b1"), "/notes", "7")
    assert ANNA in desk(place, learned.now_s).undo()
    assert load_rules_file(place.base).share == ()
    with pytest.raises(AdvisedError, match="needs two callers"):
        desk(place, learned.now_s).share(ANNA, ANNA, kind="", thing="", reason="")


def test_a_kind_that_is_not_there_is_told_with_the_nearest(place: Place, learned: Api) -> None:
    with pytest.raises(AdvisedError, match='Did you mean "/notes"'):
        desk(place, learned.now_s).state("/note")
    fresh = Place.of(place.base / "other" / "apiward.toml", GuardConfig())
    with pytest.raises(AdvisedError, match="Nothing has been learned yet"):
        desk(fresh, learned.now_s).state("/notes")


def test_two_rules_of_one_kind_are_a_slip(place: Place, learned: Api) -> None:
    desk(place, learned.now_s).set_mode("/notes", ObjectMode.ENFORCE, reason="")
    path = place.base / "apiward.rules.toml"
    text = path.read_text()
    path.write_text(text + text.partition("[[object]]")[1] + text.partition("[[object]]")[2])
    with pytest.raises(ConfigError, match="two rules of the kind"):
        load_rules_file(place.base)
