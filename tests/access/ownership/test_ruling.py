"""The owner's rules: where they hold, and what they say of requests and answers."""

from typing import Any

from apiward.access.ownership.covering import Pattern
from apiward.access.ownership.declared import Declared, declare
from apiward.access.ownership.rules import ObjectMode, ObjectRule
from apiward.access.ownership.ruling import Ruling
from apiward.access.ownership.settings import ShareRule
from apiward.access.ownership.sharing import Shares
from apiward.core.jsonvalue import Json
from apiward.core.objects import Whose
from tests.access.ownership.parts import MARKS, Bench
from tests.guard.calls import call


def _declared(**given: Any) -> Declared:  # noqa: ANN401 - fields of any kind
    rule = ObjectRule(id="note", operations=("* /notes/{id}",), mode=ObjectMode.ENFORCE, **given)
    return declare(rule, Pattern.read("* /notes/{id}"), None)


def _ruling(bench: Bench, *shares: ShareRule) -> Ruling:
    return Ruling(bench.memory, bench.people, Shares(shares, MARKS))


def test_a_rule_ends_opens_reading_and_spares_staff() -> None:
    bench = Bench(staff=("boss",))
    ruling, ben = _ruling(bench), bench.person("ben")
    assert ruling.is_held(call(), ben, _declared())
    assert not ruling.is_held(call(), ben, _declared(expires="2020-01-01"))
    assert not ruling.is_held(call(), ben, _declared(public=True))
    assert ruling.is_held(call("DELETE"), ben, _declared(public=True))
    assert not ruling.is_held(call(), bench.person("boss"), _declared())


def test_whom_an_answer_has_named_is_asked_before_the_next_change() -> None:
    bench = Bench()
    ruling, declared = _ruling(bench), _declared(owner_field="owner")
    reach = bench.reach("anna")
    reach.arguments = ("7",)
    change = call("DELETE", "/notes/7", principal=bench.person("ben").principal)
    stranger = bench.reach("ben")
    stranger.arguments = ("7",)
    assert ruling.asked(change, stranger, declared) is None, "nobody is known to own it"
    read = call(target="/notes/7", principal=bench.person("anna").principal)
    assert ruling.shown(read, reach, declared, {"id": 7, "owner": "anna"}) is None
    said = ruling.asked(change, stranger, declared)
    assert said is not None
    assert (said.whose, said.mode) == (Whose.FOREIGN, ObjectMode.ENFORCE)


def test_a_share_opens_what_a_rule_holds() -> None:
    bench = Bench()
    declared, stranger = _declared(owner_field="owner"), bench.reach("ben")
    stranger.arguments = ("7",)
    read = call(target="/notes/7", principal=bench.person("ben").principal)
    answer: Json = {"id": 7, "owner": "anna"}
    assert _ruling(bench).shown(read, stranger, declared, answer) is not None
    assert _ruling(bench, ShareRule(("user:anna", "user:ben"))).shown(read, stranger, declared, answer) is None
