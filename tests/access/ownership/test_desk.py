"""What staff makes in its own name is staff's; what it makes or reads for others is not."""

from apiward.access.ownership.desk import Desk
from apiward.access.ownership.memory import TEAMED
from apiward.access.ownership.model import Votes
from apiward.core.call import Call
from apiward.core.jsonvalue import Json
from tests.access.ownership.parts import Bench
from tests.guard.calls import call


def _is_own(bench: Bench, asked: Call, shown: Json, who: str = "boss") -> bool:
    reach = bench.reach(who)
    reach.value = shown
    operation = bench.book.operation(asked.method, "/notes", f"{asked.method} /notes", 0)
    assert operation is not None
    return Desk(bench.book, bench.memory, bench.fields, bench.people).shows_own(asked, reach, operation)


def test_what_names_staff_is_staffs_and_what_names_somebody_else_is_not() -> None:
    bench = Bench(staff=("boss",))
    bench.person("anna")
    made = call("POST", "/notes", json={"text": "x y"})
    assert _is_own(bench, made, {"id": 7, "by": "boss"})
    assert not _is_own(bench, made, {"id": 7, "by": "boss", "for": "anna"})
    assert not _is_own(bench, made, {"id": 7}), "nobody is named"
    assert not _is_own(bench, call("PUT", "/notes", json={}), {"id": 7, "by": "boss"})


def test_what_staff_sends_to_a_colleague_is_staffs_and_what_it_sends_to_a_customer_is_not() -> None:
    bench = Bench(staff=("boss",))
    bench.person("mate@house")
    bench.person("anna@a")
    for to, is_own in (("mate", True), ("anna", False), ("nobody", False)):
        asked = call("POST", "/notes", json={"to": to, "text": "x y"})
        assert _is_own(bench, asked, {"id": 7}, "boss@house") == is_own


def test_a_list_of_others_things_teaches_nothing_and_one_of_unknown_things_does() -> None:
    bench = Bench(staff=("boss",))
    bench.kind().rightful = Votes(40, 40, {1, 2, 3, 4})
    for number in range(30):
        bench.thing(str(number), "anna")
    assert not _is_own(bench, call(target="/notes"), [{"id": number} for number in range(30)])
    own = Bench(staff=("boss",))
    own.kind().rightful = Votes(40, 40, {1, 2, 3, 4})
    assert not _is_own(own, call(target="/notes"), [{"id": number} for number in range(10)]), "too few to tell"
    assert _is_own(own, call(target="/notes"), [{"id": number} for number in range(10, 30)])


def test_what_staff_makes_for_a_firm_is_that_firms() -> None:
    bench = Bench(staff=("boss",))
    for who in ("anna@a", "ben@a", "carl@c", "dora@c"):
        person = bench.person(who)
        for number in range(4):
            bench.fields.study(bench.kind(), {"id": number, "firm": who[-1]}, person, is_made=False)
    bench.kind().studied += 16
    assert not _is_own(bench, call("POST", "/notes", json={"firm": "a"}), {"id": 9, "firm": "a"})
    thing = bench.thing("9")
    assert (thing.owner, thing.how) == (bench.people.team("a"), TEAMED)
