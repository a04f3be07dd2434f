"""Secrets open the one object that they were made for; old ones are believed seldom, and only where there are such."""

import pytest

from apiward.access.ownership.links import Links, is_secret
from apiward.access.ownership.memory import CREATED, TEAMED
from apiward.access.ownership.model import KindModel
from tests.access.ownership.parts import Bench
from tests.guard.calls import NOW_S, call

SECRET = "f3a9c1d2b4e5f607"
OLD = "0123456789abcde{}"


def _known(kind: KindModel, people: int = 4) -> KindModel:
    for who in range(people):
        kind.links.count(is_hit=True, who=who)
    kind.link_sizes.add(16)
    return kind


def test_a_secret_opens_what_it_was_made_for() -> None:
    bench = Bench()
    note, other = bench.thing("7", "anna"), bench.thing("8", "anna")
    bench.memory.keep_link(SECRET, note.base, NOW_S)
    links = Links(bench.book, bench.memory, bench.judge, 3)
    assert links.open(call(target=f"/notes/7?share={SECRET}"), bench.kind(), note)
    assert not links.open(call(target=f"/notes/8?share={SECRET}"), bench.kind(), other)
    assert not links.open(call(target="/notes/7?share=f3a9c1d2b4e5f608"), bench.kind(), note)
    assert not links.open(call(target="/notes/7"), bench.kind(), note)


def test_an_old_link_is_believed_three_times_for_each_caller() -> None:
    bench = Bench()
    kind, links = _known(bench.kind()), Links(bench.book, bench.memory, bench.judge, 0)
    _come(bench, 2)
    asked = [(call(target=f"/notes/{n}?share={OLD.format(n)}"), bench.thing(str(n), "anna")) for n in range(5)]
    ben, carl = bench.person("ben"), bench.person("carl")
    assert [links.may_open(one, ben, kind, thing, is_ruled=False) for one, thing in asked] == [True] * 3 + [False] * 2
    assert links.may_open(asked[3][0], carl, kind, asked[3][1], is_ruled=False)


@pytest.mark.parametrize(
    ("people", "days", "is_believed"), [(0, 0, False), (1, 0, False), (2, 0, True), (2, 5, True), (2, 6, False)]
)
def test_an_old_link_is_believed_as_long_as_several_callers_come_with_new_ones(
    people: int, days: int, *, is_believed: bool
) -> None:
    bench = Bench()
    kind, links = _known(bench.kind()), Links(bench.book, bench.memory, bench.judge, 0)
    _come(bench, people)
    asked = call(target=f"/notes/1?share={SECRET}", started_s=NOW_S + days * 86_400)
    assert links.may_open(asked, bench.person("ben"), kind, bench.thing("1", "anna"), is_ruled=False) is is_believed


@pytest.mark.parametrize("maker", ["anna", "team a"])
def test_what_was_made_before_the_eyes_of_the_guard_has_no_older_link(maker: str) -> None:
    bench = Bench()
    kind, links, anna = _known(bench.kind()), Links(bench.book, bench.memory, bench.judge, 0), bench.person("anna@a")
    _come(bench, 2)
    note = bench.thing("1", "anna@a")
    asked = call(target=f"/notes/1?share={SECRET}")
    bench.memory.give(note.base, anna.name if maker == "anna" else anna.team, CREATED, NOW_S)
    if maker != "anna":
        bench.memory.keep_owner(note, anna.team, TEAMED, NOW_S)
    assert not links.may_open(asked, bench.person("ben"), kind, bench.thing("1"), is_ruled=False)


def _come(bench: Bench, people: int) -> None:
    """Let some have come with links that are older than the guard."""
    for _ in range(people):
        bench.memory.count_old_link(bench.book.kind_mark("/notes"), NOW_S)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_link_is_for_reading(method: str) -> None:
    bench = Bench()
    kind, links = _known(bench.kind()), Links(bench.book, bench.memory, bench.judge, 0)
    asked = call(method, f"/notes/1?share={SECRET}")
    assert not links.may_open(asked, bench.person("ben"), kind, bench.thing("1", "anna"), is_ruled=False)


def test_after_a_month_no_old_link_is_believed() -> None:
    bench = Bench()
    kind, links = _known(bench.kind()), Links(bench.book, bench.memory, bench.judge, 0)
    asked = call(target=f"/notes/1?share={SECRET}", started_s=NOW_S + 31 * 86_400)
    assert not links.may_open(asked, bench.person("ben"), kind, bench.thing("1", "anna"), is_ruled=False)


@pytest.mark.parametrize(
    "text", ["short1", "onlylettersinthisone", "1234567890123456", "with spaces 1234567", "x" * 201]
)
def test_these_are_no_secrets(text: str) -> None:
    assert not is_secret(text, _known(KindModel("/notes")), is_warming=True)


def test_a_secret_has_the_length_of_those_that_the_api_makes() -> None:
    kind = _known(KindModel("/notes"))
    assert is_secret(SECRET, kind, is_warming=False)
    assert not is_secret(SECRET + "0", kind, is_warming=True)
    few = _known(KindModel("/notes"), people=3)
    assert is_secret(SECRET, few, is_warming=True), "as long as nobody knows"
    assert not is_secret(SECRET, few, is_warming=False)


def test_guests_are_believed_each_for_themselves() -> None:
    bench = Bench()
    kind, links, nobody = _known(bench.kind()), Links(bench.book, bench.memory, bench.judge, 0), bench.person("")
    _come(bench, 2)

    def said(number: int, client: str) -> bool:
        asked = call(target=f"/notes/{number}?share={OLD.format(number)}", client=client)
        return links.may_open(asked, nobody, kind, bench.thing(str(number), "anna"), is_ruled=False)

    assert [said(number, "192.0.2.1") for number in range(4)] == [True] * 3 + [False]
    assert said(5, "192.0.2.2")


@pytest.mark.parametrize(("maker", "is_open"), [("anna", True), ("thief", False)])
def test_a_link_counts_once_it_is_known_that_its_maker_has_a_right(maker: str, *, is_open: bool) -> None:
    bench = Bench()
    note, links = bench.thing("7"), Links(bench.book, bench.memory, bench.judge, 3)
    bench.memory.offer_link(SECRET, note.base, bench.person(maker).name, NOW_S)
    asked = call(target=f"/notes/7?share={SECRET}")
    assert not links.open(asked, bench.kind(), note), "nobody knows whose it is"
    assert links.open(asked, bench.kind(), bench.thing("7", "anna")) is is_open
    assert not links.open(asked, bench.kind(), bench.thing("8", "anna")), "it was made for another one"
