"""Places without a kind get that of whose objects the callers have a right to, where that is plain."""

import pytest

from apiward.access.ownership.memory import SEEN
from apiward.access.ownership.model import SlotModel, Votes
from apiward.access.ownership.voting import Voting, elected
from tests.access.ownership.parts import Bench
from tests.guard.calls import NOW_S

SLOT = "POST /print body.ref"


def _voted(bench: Bench, slot: SlotModel, *, people: int, is_theirs: bool) -> str:
    voting = Voting(bench.book, bench.memory)
    bench.kind("/notes")
    bench.kind("/orders")
    for number in range(20):
        who = bench.person(f"p{number % people}")
        if is_theirs:
            bench.memory.give(bench.thing(str(number)).base, who.name, SEEN, NOW_S)
        voting.vote(slot, str(number), who)
    return slot.kind


def test_the_kind_is_that_of_which_callers_were_shown() -> None:
    assert _voted(Bench(), SlotModel(SLOT, "", 0), people=5, is_theirs=True) == "/notes"
    assert _voted(Bench(), SlotModel(SLOT, "", 0), people=5, is_theirs=False) == ""


def test_three_callers_decide_nothing() -> None:
    assert _voted(Bench(), SlotModel(SLOT, "", 0), people=3, is_theirs=True) == ""


@pytest.mark.parametrize("who", ["", "boss"])
def test_strangers_and_staff_have_no_vote(who: str) -> None:
    bench, slot = Bench(staff=("boss",)), SlotModel(SLOT, "", 0)
    bench.kind()
    Voting(bench.book, bench.memory).vote(slot, "7", bench.person(who))
    assert slot.seen == set()


def test_a_page_is_no_id() -> None:
    """The same few values, even where they are numbers of own things."""
    bench, slot = Bench(), SlotModel("GET /list query.page", "", 0)
    bench.kind()
    voting = Voting(bench.book, bench.memory)
    for number in range(40):
        who = bench.person(f"p{number % 8}")
        bench.memory.give(bench.thing(str(number % 3)).base, who.name, SEEN, NOW_S)
        voting.vote(slot, str(number % 3), who)
    assert slot.kind == ""


def test_two_kinds_that_fit_alike_decide_nothing_but_for_a_known_name() -> None:
    people = {1, 2, 3, 4, 5}
    slot = SlotModel(SLOT, "", 0, links={"/a": Votes(20, 18, people), "/b": Votes(20, 12, people)})
    assert elected(slot, frozenset()) == ""
    slot.links["/b"] = Votes(20, 10, people)
    assert elected(slot, frozenset()) == "/a"
    assert elected(SlotModel(SLOT, ""), frozenset()) == ""
    few = SlotModel(SLOT, "", 0, links={"/a": Votes(4, 3, {1, 2})})
    assert elected(few, frozenset()) == ""
    assert elected(few, frozenset({"/a"})) == "/a"


def test_a_kind_that_was_told_by_its_namesakes_gives_way_to_votes() -> None:
    slot = SlotModel(SLOT, "/orders", 0, is_likely=True)
    assert _voted(Bench(), slot, people=3, is_theirs=True) == "/orders"
    assert slot.is_likely
    assert _voted(Bench(), slot, people=5, is_theirs=True) == "/notes"
    assert not slot.is_likely
