"""Whoever a holder of right names is let in; what a stranger writes, and numbers of other things, let in nobody."""

from apiward.access.ownership.letting_in import LettingIn, sent
from apiward.access.ownership.memory import BARRED, GIVEN, LISTED, RIGHTS
from apiward.core.jsonvalue import Json
from tests.access.ownership.parts import Bench
from tests.guard.calls import NOW_S, call


def _right(bench: Bench, who: str) -> int:
    return bench.memory.right(bench.thing("7").base, bench.person(who).name)


def _share(bench: Bench, body: Json, *, is_rightful: bool = True) -> None:
    bench.person("anna")
    asked = call("POST", "/notes/7/shares", json=body)
    reach = bench.reach("anna", bench.grip("7"))
    LettingIn(bench.book, bench.memory, bench.people).acted(asked, reach, reach.grips, is_rightful=is_rightful)


def test_who_is_named_by_a_holder_of_right_may_come() -> None:
    bench = Bench()
    bench.person("ben")
    _share(bench, {"with": "ben"})
    assert _right(bench, "ben") == GIVEN
    assert not _right(bench, "carl")


def test_an_address_is_enough_where_nobody_was_met_by_it() -> None:
    bench = Bench()
    _share(bench, {"with": "carl@shop.test"})
    assert bench.memory.right(bench.thing("7").base, bench.people.named("carl@shop.test")) == GIVEN


def test_who_may_be_a_stranger_lets_in_nobody_yet() -> None:
    bench = Bench()
    ben = bench.person("ben")
    _share(bench, {"with": "ben"}, is_rightful=False)
    assert not _right(bench, "ben")
    assert bench.memory.entry(bench.thing("7").base, ben.name) == (0, bench.person("anna").name), "it is an offer"


def test_a_number_names_somebody_only_where_people_stand() -> None:
    bench = Bench()
    bench.person("16")
    _share(bench, {"pieces": 16})
    assert not _right(bench, "16")
    _share(bench, {"user_id": 16})
    assert _right(bench, "16") == GIVEN


def test_what_an_object_says_counts_but_not_for_whom_was_barred() -> None:
    bench = Bench()
    ben, carl, note = bench.person("ben"), bench.person("carl"), bench.thing("7", "anna")
    bench.memory.give(note.base, ben.name, BARRED, NOW_S)
    LettingIn(bench.book, bench.memory, bench.people).named(note, frozenset({ben.name, carl.name}), NOW_S)
    assert not _right(bench, "ben") & RIGHTS
    assert _right(bench, "carl") == LISTED


def test_a_secret_that_the_api_makes_opens_the_object_and_one_that_was_sent_is_no_sign_of_links() -> None:
    bench = Bench()
    asked = call("POST", "/notes/7/links", json={"ref": "a1b2c3d4e5f6a7b8"})
    reach = bench.reach("anna", bench.grip("7"))
    reach.value = {"url": "https://x.test/notes/7?share=f3a9c1d2b4e5f607", "ref": "a1b2c3d4e5f6a7b8"}
    LettingIn(bench.book, bench.memory, bench.people).acted(asked, reach, reach.grips, is_rightful=True)
    assert bench.memory.opens("f3a9c1d2b4e5f607", bench.thing("7").base)
    assert (bench.kind().links.hits, bench.kind().link_sizes) == (1, {16})


def test_all_that_was_sent_is_known() -> None:
    asked = call("POST", "/a?page=2", json={"id": 7, "deep": [{"x": "Y"}], "no": True, "none": None})
    assert sent(asked) == {"2", "7", "y"}


def test_a_secret_for_somebody_whose_right_is_not_known_is_an_offer() -> None:
    bench = Bench()
    asked, reach = call("POST", "/notes/7/links", json={}), bench.reach("ben", bench.grip("7"))
    reach.value = {"url": "https://x.test/notes/7?share=f3a9c1d2b4e5f607"}
    LettingIn(bench.book, bench.memory, bench.people).linked(asked, reach, reach.grips, is_rightful=False)
    base = bench.thing("7").base
    assert not bench.memory.opens("f3a9c1d2b4e5f607", base)
    assert bench.memory.offered_link("f3a9c1d2b4e5f607", base) == bench.person("ben").name
    assert not bench.kind().links.hits, "it says nothing of the kind"
