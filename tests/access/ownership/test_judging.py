"""Whose an object is, by what is remembered: owners, rights, colleagues, and who was let in by somebody."""

import pytest

from apiward.access.ownership.memory import ALONE, BARRED, GIVEN, LISTED, MADE, PARTLY, REACHED, SEEN, TEAMED, TOUCHED
from apiward.access.ownership.model import KindModel, Votes
from apiward.core.objects import Whose
from apiward.core.principal import Principal, PrincipalKind
from tests.access.ownership.parts import Bench
from tests.guard.calls import NOW_S

SHARED = KindModel("/notes", mates=Votes(100, 90, {1, 2, 3, 4}))
APART = KindModel("/notes", mates=Votes(100, 0), rightful=Votes(100, 100, {1, 2, 3, 4}))


def _whose(bench: Bench, who: str, kind: KindModel = APART, name: str = "7") -> Whose:
    person = bench.person(who)
    return bench.judge.whose(kind, bench.book.kind_mark("/notes"), bench.thing(name), person)


def test_the_owner_and_who_has_a_right_and_nobody_else() -> None:
    bench = Bench()
    note = bench.thing("7", "anna")
    bench.memory.give(note.base, bench.person("carl").name, SEEN, NOW_S)
    assert [_whose(bench, who) for who in ("anna", "carl", "ben", "")] == [Whose.OWN, Whose.OWN, *[Whose.FOREIGN] * 2]
    assert _whose(bench, "ben", name="8") is Whose.UNKNOWN


def test_colleagues_where_they_share_and_not_what_is_set_apart() -> None:
    bench = Bench()
    note = bench.thing("7", "anna@a")
    assert _whose(bench, "ben@a", SHARED) is Whose.MATE
    assert _whose(bench, "carl@c", SHARED) is Whose.FOREIGN
    assert _whose(bench, "ben@a", APART) is Whose.FOREIGN
    bench.memory.keep_owner(note, note.owner, ALONE, NOW_S)
    assert _whose(bench, "ben@a", SHARED) is Whose.FOREIGN
    bench.memory.give(note.base, bench.people.named("dora@shop.test"), LISTED, NOW_S)
    dora = Principal(PrincipalKind.USER, "4", claims={"org": "a", "email": "dora@shop.test"})
    kind = bench.book.kind_mark("/notes")
    assert bench.judge.whose(SHARED, kind, bench.thing("7"), bench.people.of(dora)) is Whose.OWN, "named by address"


@pytest.mark.parametrize(
    ("by", "whose"),
    [("anna@a", Whose.OWN), ("mate@a", Whose.OWN), ("friend@f", Whose.OWN), ("thief@t", Whose.FOREIGN)],
)
def test_who_was_let_in_before_it_was_known_by_whom(by: str, whose: Whose) -> None:
    """The offer counts once it is known that its maker has a right."""
    bench = Bench()
    guest, note = bench.person("guest@g"), bench.thing("7")
    bench.memory.give(note.base, bench.person("friend@f").name, GIVEN, NOW_S)
    bench.memory.give(note.base, bench.person("thief@t").name, BARRED, NOW_S)
    bench.memory.offer(note.base, guest.name, bench.person(by).name, NOW_S)
    assert _whose(bench, "guest@g", SHARED) is Whose.UNKNOWN
    bench.thing("7", "anna@a")
    assert _whose(bench, "guest@g", SHARED) is whose
    assert _whose(bench, "other@g", SHARED) is Whose.FOREIGN


def test_an_offer_of_a_colleague_counts_only_where_colleagues_share() -> None:
    bench = Bench()
    guest, note = bench.person("guest@g"), bench.thing("7", "anna@a")
    bench.memory.offer(note.base, guest.name, bench.person("mate@a").name, NOW_S)
    assert _whose(bench, "guest@g", APART) is Whose.FOREIGN
    assert _whose(bench, "guest@g", SHARED) is Whose.OWN


@pytest.mark.parametrize(("how", "whose"), [(MADE, Whose.MATE), (TEAMED, Whose.FOREIGN)])
def test_what_a_colleague_has_reached_is_ones_own_unless_another_team_is_named(how: int, whose: Whose) -> None:
    bench = Bench()
    ben, note = bench.person("ben@b"), bench.thing("7", "anna@a")
    owner = bench.people.team("a") if how == TEAMED else note.owner
    bench.memory.keep_owner(note, owner, how, NOW_S)
    bench.memory.give(note.base, ben.team, TOUCHED, NOW_S)
    assert _whose(bench, "ben@b", SHARED) is whose


def test_who_has_stolen_is_no_owner_by_being_first() -> None:
    bench = Bench()
    note, ben = bench.thing("7"), bench.person("ben")
    bench.memory.keep_owner(note, ben.name, REACHED, NOW_S)
    assert _whose(bench, "anna") is Whose.FOREIGN
    bench.memory.keep_thief(bench.book.kind_mark("/notes"), ben.name, NOW_S)
    assert _whose(bench, "anna") is Whose.UNKNOWN


@pytest.mark.parametrize(("is_listing", "whose"), [(True, Whose.FOREIGN), (False, Whose.UNKNOWN)])
def test_doubt_among_colleagues_ends_where_lists_would_have_shown_it(*, is_listing: bool, whose: Whose) -> None:
    bench = Bench()
    kind = KindModel("/notes", mates=Votes(100, 0), rightful=Votes(100, 100, {1, 2, 3, 4}))
    kind.whole = Votes(40, 40, {1, 2, 3, 4})
    note = bench.thing("7", "anna@a")
    bench.memory.keep_owner(note, note.owner, PARTLY, NOW_S)
    if is_listing:
        bench.memory.keep_lister(bench.book.kind_mark("/notes"), bench.person("ben@a").name, NOW_S)
    assert _whose(bench, "ben@a", kind) is whose
    kind.whole = Votes(40, 30, {1, 2, 3, 4})
    assert _whose(bench, "ben@a", kind) is Whose.UNKNOWN, "lists do not show everything"


def test_who_has_changed_the_firm_may_know_what_somebody_there_was_first_to_reach() -> None:
    bench = Bench()
    for who in ("ben@a", "ben@b", "carl@c", "anna@a"):
        bench.person(who)
    note = bench.thing("7")
    bench.memory.keep_owner(note, bench.person("anna@a").name, REACHED, NOW_S)
    talks = KindModel("/notes", mates=Votes(100, 0), rightful=Votes(100, 100, {1, 2, 3, 4}))
    talks.reached.people.add(1)
    assert _whose(bench, "ben@b", talks) is Whose.UNKNOWN
    assert _whose(bench, "carl@c", talks) is Whose.FOREIGN


@pytest.mark.parametrize(("is_listing", "whose"), [(True, Whose.FOREIGN), (False, Whose.MATE)])
def test_where_who_takes_part_is_listed_a_list_tells_a_colleague_from_one_of_them(
    *, is_listing: bool, whose: Whose
) -> None:
    """Colleagues come here, but records say who. Where they do not say, colleagues stay colleagues."""
    bench = Bench()
    rightful, reached, whole = (Votes(100, 100, {1, 2, 3, 4}) for _ in range(3))
    talks = KindModel("/notes", mates=Votes(100, 0), rightful=rightful, reached=reached, whole=whole)
    bench.thing("7", "anna@a")
    if is_listing:
        bench.memory.keep_lister(bench.book.kind_mark("/notes"), bench.person("ben@a").name, NOW_S)
    assert _whose(bench, "ben@a", talks) is Whose.MATE
    talks.has_list = True
    assert _whose(bench, "ben@a", talks) is whose
    talks.whole = Votes(100, 90, {1, 2, 3, 4})
    assert _whose(bench, "ben@a", talks) is Whose.MATE, "lists do not show everything"


@pytest.mark.parametrize(("by", "whose"), [("1@a", Whose.OWN), ("2@b", Whose.FOREIGN)])
def test_an_owner_who_is_named_by_an_address_lets_others_in(by: str, whose: Whose) -> None:
    bench = Bench()
    bench.people.of(Principal(PrincipalKind.USER, "1", claims={"org": "a", "email": "anna@shop.test"}))
    note, guest = bench.thing("7"), bench.person("guest@g")
    bench.memory.keep_owner(note, bench.people.named("anna@shop.test"), ALONE, NOW_S)
    bench.memory.offer(note.base, guest.name, bench.people.named(by.partition("@")[0]), NOW_S)
    assert _whose(bench, "guest@g", APART) is whose
