"""What was just read by right is not looked at again; writes, strangers, lists and changed rights are."""

from dataclasses import replace
from typing import Any

import pytest

from apiward.access.ownership.book import OperationModel
from apiward.access.ownership.model import SlotModel
from apiward.access.ownership.people import Person
from apiward.access.ownership.quiet import IDLE_AFTER, MOST_READS, ONE_IN, QUIET_S, Quiet
from apiward.access.ownership.reach import Grip, Reach
from apiward.core.call import Call
from apiward.core.objects import Whose
from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind


def call(method: str = "GET", path: str = "/notes/7", who: str = "1", at_s: float = 1000.0, query: bytes = b"") -> Call:
    made = Call(method, path.encode(), query, [], "192.0.2.1", started_s=at_s)
    made.path = path
    made.principal = Principal(PrincipalKind.USER, who)
    return made


def reach(whose: Whose = Whose.OWN, place: str = "path.0", *, is_told: bool = False) -> Reach:
    nobody: frozenset[int] = frozenset()
    person = Person(call().principal, 1, 1, frozenset({1}), nobody, is_staff=False, is_known=True, texts=frozenset())
    made = Reach(person, (), ("7",), is_told=is_told)
    made.grips.append(Grip(SlotModel("GET /notes/{} path.0", "/notes", 0), place, "7"))
    made.grips[0].whose = whose
    return made


def test_the_same_read_of_the_same_caller_is_known_for_a_minute() -> None:
    quiet = Quiet()
    quiet.note(call(), reach())
    assert quiet.is_known(call(at_s=1001))
    assert not quiet.is_known(call(at_s=1000 + QUIET_S))
    assert not quiet.is_known(call(at_s=900))  # a clock that was set back


@pytest.mark.parametrize("other", [{"who": "2"}, {"path": "/notes/8"}, {"query": b"a=1"}, {"method": "HEAD"}])
def test_anything_else_is_not(other: dict[str, Any]) -> None:
    quiet = Quiet()
    quiet.note(call(), reach())
    assert not quiet.is_known(call(**other))


@pytest.mark.parametrize(
    ("method", "what"),
    [
        ("DELETE", reach()),
        ("GET", reach(Whose.UNKNOWN)),
        ("GET", reach(Whose.FOREIGN)),
        ("GET", reach(place="query.id")),
        ("GET", reach(is_told=True)),
    ],
)
def test_only_rightful_reads_are_remembered(method: str, what: Reach) -> None:
    quiet = Quiet()
    quiet.note(call(method), what)
    assert not quiet.is_known(call(method))


def test_strangers_are_never_remembered() -> None:
    quiet, stranger = Quiet(), call()
    stranger.principal = ANONYMOUS
    quiet.note(stranger, reach())
    assert not quiet.is_known(stranger)


def test_a_request_without_an_object_is_not_remembered() -> None:
    quiet = Quiet()
    quiet.note(call(), replace(reach(), grips=[]))
    assert not quiet.is_known(call())


def test_memory_is_bounded() -> None:
    quiet = Quiet()
    for number in range(MOST_READS + 1):
        quiet.note(call(path=f"/notes/{number}"), reach())
    assert quiet.is_known(call(path=f"/notes/{MOST_READS}"))
    assert not quiet.is_known(call(path="/notes/1"))


def test_a_place_without_ids_is_looked_at_now_and_then() -> None:
    quiet, slot = Quiet(), SlotModel("GET /search query.page", "", 0)
    search = OperationModel(
        "GET /search", "/search", is_read=True, method="GET", path_slots=(), collection="", kind_mark=0
    )
    search.free["query.page"] = slot
    assert not any(quiet.is_idle(search, "query.") for _ in range(IDLE_AFTER))
    looked_at = sum(not quiet.is_idle(search, "query.") for _ in range(10 * ONE_IN))
    assert looked_at == 10
    assert not quiet.is_idle(search, "body.")
    slot.kind = "/notes"
    assert not any(quiet.is_idle(search, "query.") for _ in range(ONE_IN))


def test_a_read_without_ids_is_bare() -> None:
    plain = OperationModel("GET /notes", "/notes", True, "GET", (), "/notes", 1)  # noqa: FBT003 - in order
    one = OperationModel("GET /notes/{}", "/notes/{}", True, "GET", (SlotModel("a", "/notes", 0),), "", 1)  # noqa: FBT003
    assert Quiet().is_bare(call(path="/notes"), plain)
    assert not Quiet().is_bare(call(), one)
    assert not Quiet().is_bare(call(), None)


def test_a_query_makes_a_read_bare_only_after_many_looks_and_is_looked_at_now_and_then() -> None:
    quiet = Quiet()
    plain = OperationModel("GET /notes", "/notes", True, "GET", (), "/notes", 1)  # noqa: FBT003 - in order
    asked = call(path="/notes", query=b"page=1")
    asked.query_pairs = [("page", "1")]

    def is_looked_at() -> bool:  # as `Rights` does: what is not bare is asked for once more
        return not quiet.is_bare(asked, plain) and not quiet.is_idle(plain, "query.")

    assert all(is_looked_at() for _ in range(IDLE_AFTER))
    assert sum(is_looked_at() for _ in range(ONE_IN * 4)) == 4
    plain.free["query.page"] = SlotModel("GET /notes query.page", "/pages", 0)
    assert is_looked_at()
