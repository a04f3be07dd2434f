from dataclasses import replace

import pytest

from apiward.core.api import Operation
from apiward.core.call import Answer, Call
from apiward.core.decision import Decision, Effect, Ruling
from apiward.core.observation import Observation
from apiward.core.principal import Principal, PrincipalKind
from apiward.guard.stages.learn import Learn, LearnSettings
from tests.guard.calls import call, parts

ANNA = Principal(PrincipalKind.USER, "anna")


class Notebook:
    def __init__(self, *, wants: bool = True) -> None:
        self.seen: list[Observation] = []
        self._wants = wants

    def wants(self, call: Call) -> bool:
        return self._wants

    def learn(self, seen: Observation) -> None:
        self.seen.append(seen)


def stage(book: Notebook | None, *, is_learned: bool = False, on: bool = True) -> Learn:
    return Learn(LearnSettings(on=on), replace(parts(), learner=book, is_learned=is_learned))


def answer(status: int = 200, kind: str = "application/json", body: bytes | None = b'{"a": 1}') -> Answer:
    made = Answer(status, [(b"content-type", kind.encode())], body)
    made.value = {"a": 1}
    return made


def shown(made: Call, said: Answer | None = None, *, is_learned: bool = False) -> Observation:
    book = Notebook()
    learn = stage(book, is_learned=is_learned)
    said = said or answer()
    if said.body is not None:
        learn.on_answer_body(made, said)
    learn.on_answer_head(made, said)
    (seen,) = book.seen
    return seen


def test_an_exchange_is_handed_on_once_with_its_parts() -> None:
    made = call("POST", "/notes?page=1", json={"text": "x"}, principal=ANNA, headers={"x-shop": "7"})
    seen = shown(made, answer(201))
    assert (seen.method, seen.path, seen.principal, seen.status) == ("POST", "/notes", "user:anna", 201)
    assert (seen.query, seen.body, seen.body_type) == ((("page", "1"),), {"text": "x"}, "application/json")
    assert (seen.answer, seen.answer_type) == ({"a": 1}, "application/json")
    assert seen.headers == ("x-shop",)
    assert seen.is_good


def test_an_answer_whose_body_was_not_read_is_handed_on_too() -> None:
    assert shown(call("GET", "/a"), answer(kind="text/csv", body=None)).answer_type == "text/csv"


def test_unknown_callers_count_by_their_network() -> None:
    assert shown(call(client="8.8.4.7")).principal == "address:8.8.4.0/24"
    assert shown(call(client="2a00:1450:4001:2::7")).principal == "address:2a00:1450:4001::/48"
    assert shown(call(client="127.0.0.9")).principal == "address:127.0.0.9"
    assert shown(call(client="no address")).principal == "address:no address"


@pytest.mark.parametrize(
    ("headers", "ways"),
    [
        ({"authorization": "Bearer x"}, ("bearer",)),
        ({"authorization": "Basic x"}, ("basic",)),
        ({"authorization": "Token x"}, ("header authorization",)),
        ({"x-auth-token": "x"}, ("header x-auth-token",)),
        ({"cookie": "theme=dark; shop_session=x"}, ("cookie shop_session",)),
        ({"cookie": "theme=dark"}, ()),
        ({}, ()),
    ],
)
def test_how_callers_show_themselves_is_told_without_what_they_show(
    headers: dict[str, str], ways: tuple[str, ...]
) -> None:
    assert shown(call(headers=headers)).shown == ways


def test_a_key_in_the_query_is_told_by_its_name() -> None:
    assert shown(call(target="/a?api_key=x")).shown == ("query api_key",)


def test_headers_that_everybody_sends_are_no_parameters() -> None:
    usual = {"x-forwarded-for": "a", "x-request-id": "b", "user-agent": "c", "x-api-key": "d", "if-match": "e"}
    assert shown(call(headers=usual)).headers == ("if-match",)


def doubted(rule: str, effect: Effect = Effect.DENY) -> bool:
    made = call("GET", "/a")
    made.rulings.append(Ruling(Decision(rule, effect), is_applied=False))
    return shown(made).is_doubted


def test_what_a_stage_would_have_refused_is_doubted() -> None:
    assert doubted("inspect.attack")
    assert doubted("conduct.guessing")
    assert not doubted("protocol.mistyped", Effect.NOTE)


def test_what_only_differs_from_a_description_is_what_there_is_to_learn() -> None:
    assert not doubted("shape.undeclared")
    assert not doubted("route.undescribed")


def test_a_given_description_tells_the_template() -> None:
    made = call("GET", "/notes/7", operation=Operation("GET", "/notes/{id}", base_path="/v1"))
    assert shown(made).template == "/v1/notes/{id}"
    assert shown(made, is_learned=True).template == ""


def test_only_good_json_is_wanted() -> None:
    learn = stage(Notebook())
    assert learn.wants_answer(call(), answer())
    assert not learn.wants_answer(call(), answer(404))
    assert not learn.wants_answer(call(), answer(kind="text/html"))
    assert not stage(Notebook(wants=False)).wants_answer(call(), answer())


def test_nothing_runs_where_nothing_is_learned() -> None:
    assert stage(None).silent_phases(None) == {"wants_answer", "on_answer_body", "on_answer_head"}
    assert stage(Notebook(), on=False).silent_phases(None) == stage(None).silent_phases(None)
    assert stage(Notebook()).silent_phases(None) == frozenset()
    book = Notebook(wants=False)
    stage(book).on_answer_head(call(), answer())
    assert book.seen == []


def test_settings_name_a_known_use() -> None:
    with pytest.raises(ValueError, match="allowed are no, watch, enforce"):
        LearnSettings(use="always")
