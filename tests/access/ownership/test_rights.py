"""Rules and what was learned, asked as the guard's stage asks."""

from dataclasses import replace
from typing import Any

import pytest

from apiward.access.ownership.quiet import QUIET_S
from apiward.access.ownership.reach import NOTE
from apiward.access.ownership.rights import Rights
from apiward.access.ownership.rules import ObjectMode, ObjectRule
from apiward.access.ownership.settings import ObjectsSettings, ShareRule
from apiward.core.api import Api, Operation
from apiward.core.call import Call
from apiward.core.jsonvalue import Json
from apiward.core.objects import ObjectVerdict, Whose
from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind
from apiward.stores.ownership.memory import MemoryFacts
from tests.guard.calls import NOW_S, answer, call

READ, CHANGE = Operation("GET", "/notes/{id}"), Operation("PUT", "/notes/{id}")
MOVE = Operation("POST", "/notes/move")
API = Api("Shop", "1", (READ, CHANGE, MOVE))


def user(name: str, **claims: Json) -> Principal:
    return Principal(PrincipalKind.USER, name, claims=claims)


ANNA, BEN = user("anna", sub="anna", org="a"), user("ben", sub="ben", org="b")


def rights(*rules: ObjectRule, api: Api | None = API, **given: Any) -> Rights:  # noqa: ANN401 - settings of any kind
    return Rights(ObjectsSettings(rules=rules, **given), api, MemoryFacts(), bytes(32))


def rule(**given: Any) -> ObjectRule:  # noqa: ANN401 - the same
    given = {"id": "note", "operations": ("* /notes/{id}",), "mode": ObjectMode.ENFORCE, **given}
    return ObjectRule(**given)


def asked(
    made: Rights, who: Principal, method: str = "GET", name: str = "7", shown: Json = None
) -> ObjectVerdict | None:
    """Return what is said of one request, or of its answer."""
    request = called(who, method, name)
    return made.judge_head(request) or made.judge_answer(request, answer(json=shown), shown)


def called(who: Principal, method: str = "GET", name: str = "7") -> Call:
    operation = {"GET": READ, "PUT": CHANGE}[method]
    return call(method, f"/notes/{name}", operation=operation, path_arguments=(name,), principal=who)


def is_foreign(verdict: ObjectVerdict | None) -> bool:
    return verdict is not None and verdict.whose is Whose.FOREIGN


@pytest.mark.parametrize("own", ["path.id == token.sub", "path.id in token.notes"])
def test_an_id_must_be_the_callers_own(own: str) -> None:
    made = rights(rule(own=own))
    who = user("7", sub="7", notes=["6", "7"])
    assert asked(made, who) is None
    assert is_foreign(asked(made, who, name="8"))
    assert is_foreign(asked(made, BEN))
    assert is_foreign(asked(made, ANONYMOUS))


@pytest.mark.parametrize("name", ["7", "007", "+7", "7.0"])
def test_the_same_id_may_be_written_in_other_ways(name: str) -> None:
    assert asked(rights(rule(own="path.id == token.sub")), user("7", sub="7"), name=name) is None


def test_an_answer_that_names_another_person_is_withheld() -> None:
    made = rights(rule(owner_field="owner"))
    assert asked(made, ANNA, shown={"note": {"id": 7, "owner": "anna"}}) is None
    said = asked(made, BEN, shown={"note": {"id": 7, "owner": "anna"}})
    assert is_foreign(said)
    assert said is not None
    assert said.owner.startswith("#")
    assert said.place == "answer owner"


def test_a_write_is_judged_before_it_is_done_where_the_owner_was_named_before() -> None:
    made = rights(rule(owner_field="owner"))
    assert asked(made, BEN, "PUT") is None, "nobody has been named yet"
    asked(made, ANNA, shown={"owner": "anna"})
    assert is_foreign(made.judge_head(called(BEN, "PUT")))
    assert made.judge_head(called(ANNA, "PUT")) is None
    assert made.judge_head(called(BEN, "PUT", "8")) is None


def test_people_are_told_apart_only_by_names_of_one_kind() -> None:
    made = rights(rule(owner_field="owner"))
    said = asked(made, BEN, shown={"owner": 17})
    assert said is not None
    assert said.whose is Whose.UNKNOWN
    assert is_foreign(asked(rights(rule(owner_field="owner", claim="org")), BEN, shown={"owner": 17}))


def test_members_of_a_tenant_are_mates() -> None:
    made = rights(rule(tenant_field="org", tenant_claim="org"))
    assert asked(made, ANNA, shown={"org": "a"}) is None
    assert is_foreign(asked(made, BEN, shown={"org": "a"}))


def test_staff_and_readers_of_public_things_pass() -> None:
    made = rights(rule(own="path.id == token.sub", roles=("support",), principals=("user:ben",)))
    assert asked(made, BEN) is None
    assert asked(made, Principal(PrincipalKind.USER, "eve", roles=frozenset({"support"}))) is None
    assert is_foreign(asked(made, ANNA))
    assert asked(rights(rule(own="path.id == token.sub"), staff=("user:anna",)), ANNA) is None
    public = rights(rule(own="path.id == token.sub", public=True))
    assert asked(public, ANNA) is None
    assert is_foreign(asked(public, ANNA, "PUT"))


def test_colleagues_reach_each_others_objects() -> None:
    share = ShareRule(("user:anna", "user:ben"))
    assert asked(rights(rule(owner_field="owner"), shares=(share,)), BEN, shown={"owner": "anna"}) is None
    one = ShareRule(("user:anna", "user:ben"), kind="note", object="7")
    made = rights(rule(owner_field="owner"), shares=(one,))
    assert asked(made, BEN, shown={"owner": "anna"}) is None
    assert is_foreign(asked(made, BEN, name="8", shown={"owner": "anna"}))
    over = ShareRule(("user:anna", "user:ben"), expires="2020-01-01")
    assert is_foreign(asked(rights(rule(owner_field="owner"), shares=(over,)), BEN, shown={"owner": "anna"}))


def test_a_rule_that_has_ended_does_nothing() -> None:
    assert asked(rights(rule(own="path.id == token.sub", expires="2020-01-01")), ANNA) is None


def test_ids_in_bodies_are_judged_with_the_body() -> None:
    made = rights(rule(operations=("POST /notes/move",), own="body.note.id in token.notes"))
    request = call("POST", "/notes/move", operation=MOVE, principal=user("a", notes=[7]), json={"note": {"id": 8}})
    assert made.judge_head(request) is None
    assert made.wants_body(request)
    assert is_foreign(made.judge_body(request))
    fine = call("POST", "/notes/move", operation=MOVE, principal=user("a", notes=[7]), json={"note": {"id": 7}})
    assert made.judge_head(fine) is None
    assert made.judge_body(fine) is None


def test_without_a_description_the_path_tells() -> None:
    made = rights(rule(own="path.id == token.sub"), api=None)
    assert is_foreign(made.judge_head(call("GET", "/notes/8", principal=user("7"))))
    assert made.judge_head(call("GET", "/notes/7", principal=user("7"))) is None
    assert made.judge_head(call("GET", "/other/8", principal=user("7"))) is None


def test_slips_are_told_when_it_is_built() -> None:
    with pytest.raises(
        ValueError, match=r"rules: note: operations: the description has no 'GET /note/\{id\}'; did you"
    ):
        rights(rule(operations=("GET /note/{id}",)))
    with pytest.raises(ValueError, match="has no 'key'; it has id"):
        rights(rule(place="path.key"))
    with pytest.raises(ValueError, match="write 'GET"):
        rights(rule(operations=("notes",)))


def test_only_answers_that_tell_are_wanted() -> None:
    made = rights(rule(owner_field="owner"))
    request = called(ANNA)
    made.judge_head(request)
    assert made.wants_answer(request, answer())
    plain = rights(rule(own="path.id == token.sub"), learn=False)
    plain.judge_head(request)
    assert not plain.wants_answer(request, answer())


_SHOWN: Json = {"id": 7, "text": "some words"}


def test_what_shows_the_same_again_is_passed_over_for_a_minute_as_what_showed_something_new() -> None:
    made, shown = rights(), _SHOWN

    def is_looked_at(after_s: float) -> bool:
        request = replace(called(ANNA), started_s=NOW_S + after_s)
        assert made.judge_head(request) is None
        if made.wants_answer(request, answer(json=shown)):
            assert made.judge_answer(request, answer(json=shown), shown) is None
        assert made.judge_status(request, 200) is None
        made.learn(request, 200)
        return NOTE in request.notes

    times_s = (0, 1, 2, QUIET_S + 5, QUIET_S + 6, 2 * QUIET_S + 10)
    assert [is_looked_at(after_s) for after_s in times_s] == [True, True, False, True, False, True]
