"""A list of somebody else's things, asked for by the other's name, is foreign and gives no right; its twins are not."""

import pytest

from apiward.access.ownership.rights import Rights
from apiward.access.ownership.rules import ObjectMode, ObjectRule
from apiward.access.ownership.settings import ObjectsSettings, ShareRule
from apiward.core.jsonvalue import Json
from apiward.core.objects import ObjectVerdict
from apiward.stores.ownership.memory import MemoryFacts
from tests.access.ownership.test_learned import DAY_S, PEOPLE, Api, business, is_foreign
from tests.access.ownership.test_learned_exceptions import MEMBERS, Firms, firms

THIEF, VICTIM = PEOPLE[1], PEOPLE[0]


def _listed(api: Api, who: str, target: str, owner: str) -> ObjectVerdict | None:
    notes: list[Json] = [api.note(number) for number, one in api.owners.items() if one == owner]
    assert notes
    return api.ask(who, "GET", target, {"items": notes})


@pytest.mark.parametrize("shows_owner", [True, False])
def test_a_list_of_anothers_things_by_their_name_is_foreign(shows_owner: bool) -> None:  # noqa: FBT001 - a case
    api = business(shows_owner=shows_owner)
    said = _listed(api, THIEF, f"/notes?owner={VICTIM}", VICTIM)
    assert is_foreign(said)
    assert said is not None
    assert (said.kind, said.place, said.mode) == ("/notes", "query.owner", ObjectMode.SHADOW)
    assert is_foreign(api.read(THIEF, 1)), "it gives no right"
    assert _listed(api, VICTIM, f"/notes?owner={VICTIM}", VICTIM) is None


def test_it_gives_no_right_while_nothing_is_judged_yet_either() -> None:
    api = business(days=2, shows_owner=True)
    assert _listed(api, THIEF, f"/notes?owner={VICTIM}", VICTIM) is None
    api.now_s += 3 * DAY_S
    assert is_foreign(api.read(THIEF, 1))


def test_a_list_that_nobody_has_steered_gives_a_right() -> None:
    api = business()
    assert _listed(api, THIEF, "/notes?page=2", VICTIM) is None, "the API shows it unasked"
    assert api.read(THIEF, 1) is None


def test_things_that_nobody_has_touched_are_told_by_their_owner_field() -> None:
    api = business(shows_owner=True)
    shown: Json = [{"id": 901, "text": "x y", "owner": VICTIM}, {"id": 902, "text": "x y", "owner": VICTIM}]
    assert is_foreign(api.ask(THIEF, "GET", f"/notes?owner={VICTIM}", shown))
    mixed: Json = [{"id": 903, "text": "x y", "owner": VICTIM}, {"id": 904, "text": "x y", "owner": THIEF}]
    assert api.ask(THIEF, "GET", f"/notes?owner={VICTIM}", mixed) is None


def test_a_number_names_somebody_only_where_people_stand() -> None:
    api = Api(Rights(ObjectsSettings(), None, MemoryFacts(), bytes(32)), shows_owner=True)
    for _ in range(4):
        for who in map(str, range(1, 9)):
            number = api.create(who)
            api.list(who)
            api.read(who, number)
        api.now_s += DAY_S
    assert _listed(api, "2", "/notes?page=1", "1") is None
    assert is_foreign(_listed(api, "3", "/notes?user_id=1", "1"))


def test_a_header_may_name_somebody_too() -> None:
    api = business(shows_owner=True)
    api.headers = {"X-Account": VICTIM}
    assert is_foreign(_listed(api, THIEF, "/notes", VICTIM))
    assert _listed(api, VICTIM, "/notes", VICTIM) is None


def test_what_everybody_may_read_stays_open() -> None:
    """Articles by author: many callers are shown those of others, unasked as well."""
    api = Api(Rights(ObjectsSettings(), None, MemoryFacts(), bytes(32)), shows_owner=True)
    for _ in range(5):
        for who in PEOPLE:
            api.create(who)
            everything: list[Json] = [api.note(number) for number in api.owners]
            api.ask(who, "GET", "/notes", {"items": everything[-20:]})
            for number in (1, len(api.owners)):
                api.read(who, number)
        api.now_s += DAY_S
    assert _listed(api, THIEF, f"/notes?owner={VICTIM}", VICTIM) is None


def test_colleagues_may_list_each_others_things_and_strangers_may_not() -> None:
    api = firms()
    number = _work(api)
    shown: Json = [{"id": number + 1, "by": "p0"}]
    assert api.ask(MEMBERS[1], "GET", "/papers?by=p0", shown) is None
    assert is_foreign(api.ask(MEMBERS[2], "GET", "/papers?by=p0", shown))


def test_what_was_shared_is_no_theft() -> None:
    shares = (ShareRule((f"user:{THIEF}", f"user:{VICTIM}")),)
    rule = ObjectRule(id="note", operations=("/notes/**",), mode=ObjectMode.ENFORCE)
    api = Api(Rights(ObjectsSettings(shares=shares, rules=(rule,)), None, MemoryFacts(), bytes(32)))
    number = api.create(VICTIM)
    api.read(VICTIM, number)
    assert _listed(api, THIEF, f"/notes?owner={VICTIM}", VICTIM) is None
    said = _listed(api, PEOPLE[2], f"/notes?owner={VICTIM}", VICTIM)
    assert is_foreign(said)
    assert said is not None
    assert (said.kind, said.mode) == ("note", ObjectMode.ENFORCE), "a rule holds at once"


def test_staff_lists_what_it_wants() -> None:
    api = business(staff=("user:boss",), shows_owner=True)
    assert _listed(api, "boss", f"/notes?owner={VICTIM}", VICTIM) is None


def _work(api: Firms) -> int:
    """Let all firms work with papers, which colleagues are shown; return the last number."""
    number = 0
    for _ in range(5):
        for who in MEMBERS:
            name, _, firm = who.partition("@")
            number += 1
            paper: Json = {"id": number, "by": name}
            api.ask(who, "POST", "/papers", paper, sent={"text": "a b"})
            for mate in (one for one in MEMBERS if one.endswith(f"@{firm}")):
                api.ask(mate, "GET", "/papers", [paper])
                api.ask(mate, "GET", f"/papers/{number}", paper)
        api.now_s += DAY_S
    return number
