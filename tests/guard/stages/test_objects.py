"""The stage carries out what the rights say, and lets thieves teach nothing."""

import gzip
from dataclasses import dataclass, field

import pytest

from apiward.core.api import Operation
from apiward.core.call import Answer, Call
from apiward.core.decision import Decision, Effect, Ruling
from apiward.core.jsonvalue import NOT_JSON, Json, NotJson
from apiward.core.objects import ObjectMode, ObjectVerdict, Whose
from apiward.guard.stages.objects import Objects
from tests.guard.calls import answer, call, parts
from tests.guard.schemas import operation

NOTE = operation("GET /notes/{id}")


@dataclass
class FakeRights:
    """Says the same of everything, and keeps what it was shown."""

    verdict: ObjectVerdict | None = None
    learned: list[int] = field(default_factory=list)
    shown: list[Json | NotJson] = field(default_factory=list)

    def is_silent(self, operation: Operation | None) -> bool:
        return operation is None

    def judge_head(self, call: Call) -> ObjectVerdict | None:
        return self.verdict

    def wants_body(self, call: Call) -> bool:
        return True

    def judge_body(self, call: Call) -> ObjectVerdict | None:
        return self.verdict

    def wants_answer(self, call: Call, answer: Answer) -> bool:
        return True

    def judge_answer(self, call: Call, answer: Answer, value: Json | NotJson) -> ObjectVerdict | None:
        self.shown.append(value)
        return self.verdict

    def judge_status(self, call: Call, status: int) -> ObjectVerdict | None:
        return self.verdict

    def learn(self, call: Call, status: int) -> None:
        self.learned.append(status)


def foreign(mode: ObjectMode) -> ObjectVerdict:
    return ObjectVerdict("note", Whose.FOREIGN, mode, "path.id", "#aabbcc")


def stage(rights: FakeRights | None) -> Objects:
    made = parts()
    return Objects(None, type(made)(None, made.clock, made.counters, made.blocks, made.authenticator, made.rng, rights))


def test_foreign_access_is_refused_where_the_kind_is_enforced() -> None:
    made = stage(FakeRights(foreign(ObjectMode.ENFORCE)))
    for said in (made.on_head(call()), made.on_body(call()), made.on_answer_body(call(), answer(json={}))):
        assert said is not None
        assert (said.rule, said.effect, said.place) == ("objects.foreign", Effect.DENY, "path.id")
        assert said.saw == "note: read, of #aabbcc"
    told = made.on_head(call("DELETE"))
    assert told is not None
    assert "write" in told.saw


def test_in_shadow_the_same_decision_is_kept_and_not_applied() -> None:
    made, request = stage(FakeRights(foreign(ObjectMode.SHADOW))), call()
    assert made.on_head(request) is None
    assert request.rulings == [
        Ruling(Decision("objects.foreign", place="path.id", saw="note: read, of #aabbcc"), is_applied=False)
    ]


def test_too_many_different_objects_are_a_rule_of_their_own() -> None:
    said = stage(
        FakeRights(ObjectVerdict("note", Whose.FOREIGN, ObjectMode.ENFORCE, "path.id", count=99))
    ).on_answer_head(call(), answer(json={}))
    assert said is not None
    assert (said.rule, said.saw) == ("objects.enumeration", "note: 99 different ones in an hour")


def test_who_only_observes_says_nothing() -> None:
    made, request = stage(FakeRights(foreign(ObjectMode.OBSERVE))), call()
    assert made.on_head(request) is None
    assert request.rulings == []


def test_a_rule_that_cannot_tell_is_noted() -> None:
    said = stage(FakeRights(ObjectVerdict("note", Whose.UNKNOWN, ObjectMode.OBSERVE))).on_head(call())
    assert said is not None
    assert (said.rule, said.effect) == ("objects.unclear", Effect.NOTE)


def test_own_objects_pass() -> None:
    assert stage(FakeRights()).on_head(call()) is None
    assert stage(FakeRights(ObjectVerdict("note", Whose.OWN, ObjectMode.ENFORCE))).on_head(call()) is None


def test_what_was_refused_or_would_have_been_teaches_nothing() -> None:
    rights = FakeRights()
    made, clean, watched = stage(rights), call(), call()
    watched.rulings.append(Ruling(Decision("inspect.sql"), is_applied=False))
    made.on_end(watched, 200)
    assert rights.learned == []
    clean.rulings.append(Ruling(Decision("conduct.machine", Effect.NOTE), is_applied=True))
    made.on_end(clean, 200)
    assert rights.learned == [200]


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        (answer(json={"a": 1}), {"a": 1}),
        (answer(headers={"content-type": "text/plain"}, body=b'{"a": 1}'), {"a": 1}),
        (
            answer(
                headers={"content-type": "application/json", "content-encoding": "gzip"},
                body=gzip.compress(b'{"a": 1}'),
            ),
            {"a": 1},
        ),
        (answer(headers={"content-type": "text/html"}, body=b"<p>"), NOT_JSON),
    ],
)
def test_answers_are_read_whatever_they_are_called(given: Answer, seen: Json | NotJson) -> None:
    rights = FakeRights()
    made = stage(rights)
    assert made.wants_answer(call(), given)
    made.on_answer_body(call(), given)
    assert rights.shown == [seen]


@pytest.mark.parametrize("status", [204, 301, 404, 500])
def test_only_good_answers_are_read(status: int) -> None:
    rights = FakeRights()
    assert not stage(rights).wants_answer(call(), answer(status, json={}))
    assert not stage(rights).wants_answer(call("HEAD"), answer(200, json={}))
    assert not stage(rights).wants_answer(call(), answer(headers={"content-type": "image/png"}))
    if status != 204:
        assert stage(rights).on_answer_body(call(), answer(status, json={})) is None
        assert rights.shown == []


def test_it_is_silent_where_there_is_nothing_to_say() -> None:
    assert stage(FakeRights()).silent_phases(NOTE) == frozenset({"wants_body", "on_body"})  # NOTE is a GET
    assert "on_head" in stage(FakeRights()).silent_phases(None)
    nothing = stage(None)
    assert "on_end" in nothing.silent_phases(NOTE)
    assert nothing.on_head(call()) is None
    assert nothing.on_body(call()) is None
    assert nothing.on_answer_body(call(), answer(json={})) is None
    assert not nothing.wants_body(call())
    assert not nothing.wants_answer(call(), answer(json={}))
    nothing.on_end(call(), 200)


def test_the_body_is_wanted_where_ids_stand_in_it() -> None:
    assert stage(FakeRights()).wants_body(call("POST"))
