from dataclasses import replace

import pytest
from sqlalchemy import Engine

from apiward.core.person import PageSession, Person, Role
from apiward.stores.people.sessions import MOST, SessionStore
from apiward.stores.people.store import PeopleStore, TakenError

ANNA = Person("1", "anna", Role.OWNER, 10.0, link="hash", link_until_s=99.0)
BEN = Person("2", "ben", Role.VIEWER, 11.0, password="$argon2id$", step="salt", step_at=7)


def test_people_are_kept_changed_and_removed(engine: Engine) -> None:
    store = PeopleStore(engine)
    store.add(BEN)
    store.add(ANNA)
    assert store.listed() == [ANNA, BEN]
    assert (store.named("anna"), store.of("2"), store.with_link("hash")) == (ANNA, BEN, ANNA)
    assert (store.named("eve"), store.of("3"), store.with_link("")) == (None, None, None)
    with pytest.raises(TakenError):
        store.add(replace(ANNA, id="3"))
    assert store.change(BEN, role=Role.DEVELOPER) == store.of("2") == replace(BEN, role=Role.DEVELOPER)
    assert store.change_proved(BEN, password="another") == replace(BEN, password="another")
    assert store.change_proved(BEN, password="too late") is None
    store.put_codes(BEN, ("a",))
    store.remove(BEN)
    assert (store.count(), store.codes_left(BEN)) == (1, 0)


def test_a_step_a_link_and_a_code_are_taken_once(engine: Engine) -> None:
    store = PeopleStore(engine)
    store.add(ANNA)
    store.add(BEN)
    assert [store.take_step(BEN, step) for step in (8, 8, 7, 9)] == [True, False, False, True]
    assert [store.take_link(ANNA, "hash of a password") for _ in range(2)] == [True, False]
    assert not store.take_link(BEN, "there is no link")
    chosen = store.of("1")
    assert chosen is not None
    assert (chosen.password, chosen.link, chosen.link_until_s) == ("hash of a password", "", 0.0)
    store.put_codes(BEN, ("a", "b"))
    assert not store.take_code(ANNA, "a")  # somebody else's
    assert [store.take_code(BEN, "a") for _ in range(2)] == [True, False]
    store.put_codes(BEN, ("c",))
    assert (store.take_code(BEN, "b"), store.codes_left(BEN)) == (False, 1)


def test_sessions_are_listed_newest_first_and_ended(engine: Engine) -> None:
    store, now_s = SessionStore(engine), 110.0
    for number in range(3):
        store.add(session(str(number)), idle_s=3_600.0)
    store.add(session("x", person="2"), idle_s=3_600.0)
    assert [one.id for one in store.of("1", now_s, idle_s=3_600.0)] == ["2", "1", "0"]
    assert [store.end("1"), store.end("1")] == [True, False]
    assert store.end_all("1", but="2") == 1
    assert (
        [one.id for one in store.of("1", now_s, idle_s=3_600.0)],
        [one.id for one in store.of("2", now_s, idle_s=3_600.0)],
    ) == (["2"], ["x"])
    store.see(session("2"), 900.0)
    seen = store.get("2")
    assert seen == replace(session("2"), seen_s=900.0)


def test_a_list_holds_what_is_whole_and_goes_on(engine: Engine) -> None:
    store = SessionStore(engine)
    store.add(session("good"), idle_s=3_600.0)
    store.add(replace(session("half"), is_whole=False), idle_s=3_600.0)
    for now_s, ids in ((110.0, ["good"]), (3_700.0, []), (90.0 + 3_600, ["good"]), (5_000.0, [])):
        assert [one.id for one in store.of("1", now_s, idle_s=3_600.0)] == ids, now_s


def test_sessions_that_have_ended_are_removed_and_so_are_too_many(engine: Engine) -> None:
    store, now_s = SessionStore(engine), 6_000.0
    store.add(session("over"), idle_s=3_600.0)
    store.add(replace(session("idle"), until_s=90_000.0), idle_s=3_600.0)
    for number in range(MOST + 1):
        later = replace(session(str(number)), made_s=6_000.0, seen_s=6_000.0, until_s=90_000.0)
        store.add(later, idle_s=3_600.0)
    left = [one.id for one in store.of("1", now_s, idle_s=3_600.0)]
    assert (len(left), left[0], left[-1]) == (MOST, str(MOST), "1")


def test_what_waits_for_the_second_step_ends_no_whole_session(engine: Engine) -> None:
    store = SessionStore(engine)
    store.add(session("whole"), idle_s=3_600.0)
    for number in range(MOST + 1):
        store.add(replace(session(str(number)), is_whole=False), idle_s=3_600.0)
    assert [one.id for one in store.of("1", 110.0, idle_s=3_600.0)] == ["whole"]
    assert [store.get(id_) is not None for id_ in ("0", "1")] == [False, True]


def session(id_: str, person: str = "1") -> PageSession:
    return PageSession(id_, person, 100.0, 100.0, 5_000.0, is_whole=True, client="192.0.2.1", browser="Firefox")
