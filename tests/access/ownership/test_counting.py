"""What was answered well is counted once a day; who reached for what is foreign is remembered as such."""

from apiward.access.ownership.counting import Counting
from apiward.access.ownership.memory import BARRED, SEEN
from apiward.core.objects import Whose
from tests.access.ownership.parts import Bench
from tests.guard.calls import NOW_S, call

DAY_S = 86_400


def test_a_caller_counts_once_a_day_at_a_place() -> None:
    bench = Bench()
    counting, grip, anna = Counting(bench.book, bench.memory), bench.grip("7"), bench.person("anna")
    for _ in range(3):
        counting.count(anna, grip, NOW_S)
    counting.count(anna, grip, NOW_S + DAY_S)
    assert (bench.kind().rightful.cases, bench.kind().rightful.hits) == (2, 2)
    assert grip.slot.rightful.cases == 2


def test_a_stranger_is_barred_and_a_thief() -> None:
    bench = Bench()
    grip, ben = bench.grip("7", Whose.FOREIGN), bench.person("ben")
    assert grip.thing is not None
    Counting(bench.book, bench.memory).count(ben, grip, NOW_S)
    assert bench.memory.right(grip.thing.base, ben.name) & BARRED
    assert bench.memory.is_thief(bench.book.kind_mark("/notes"), ben.name)
    assert bench.kind().rightful.hits == 0
    assert grip.slot.foreign_people == {ben.name}


def test_what_is_unknown_and_what_staff_does_does_not_count() -> None:
    bench = Bench(staff=("boss",))
    counting = Counting(bench.book, bench.memory)
    counting.count(bench.person("anna"), bench.grip("7", Whose.UNKNOWN), NOW_S)
    counting.count(bench.person("boss"), bench.grip("7", Whose.FOREIGN), NOW_S)
    assert bench.kind().rightful.cases == 0
    assert not bench.memory.is_thief(bench.book.kind_mark("/notes"), bench.person("boss").name)


def test_of_those_who_list_it_is_counted_whether_lists_had_shown_what_they_reach_for() -> None:
    bench = Bench()
    counting, mark = Counting(bench.book, bench.memory), bench.book.kind_mark("/notes")
    note = bench.thing("7", "anna")
    for number, who in enumerate(("anna", "ben", "carl")):
        person = bench.person(who)
        if who != "carl":
            bench.memory.keep_lister(mark, person.name, NOW_S)
        if who == "anna":
            bench.memory.give(note.base, person.name, SEEN, NOW_S)
        counting.count(person, bench.grip("7", Whose.UNKNOWN if number else Whose.OWN), NOW_S)
    assert (bench.kind().whole.cases, bench.kind().whole.hits) == (2, 1)


def test_colleagues_of_the_owner_are_counted_beside_strangers() -> None:
    bench = Bench()
    counting = Counting(bench.book, bench.memory)
    bench.thing("7", "anna@a")
    counting.count(bench.person("ben@a"), bench.grip("7", Whose.MATE), NOW_S)
    counting.count(bench.person("carl@c"), bench.grip("7", Whose.FOREIGN), NOW_S)
    assert (bench.kind().reached.cases, bench.kind().reached.hits) == (2, 1)


def test_who_reads_number_after_number_walks_and_who_reads_their_own_does_not() -> None:
    bench = Bench()
    counting = Counting(bench.book, bench.memory)

    def walked(who: str, whose: Whose) -> list[int]:
        found = [counting.walk(call(), bench.reach(who, bench.grip(str(n), whose))) for n in range(60)]
        return [count for one in found if one is not None for count in one[1:]]

    assert walked("anna", Whose.OWN) == []
    assert walked("ben", Whose.UNKNOWN)[:1] == [21]
    assert counting.walk(call("DELETE"), bench.reach("ben", bench.grip("99", Whose.UNKNOWN))) is None
