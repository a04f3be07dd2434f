import json

import pytest

from apiward.core.api import Api
from apiward.core.call import Call
from apiward.core.jsonvalue import Json
from apiward.spec.learning.learner import CALM_AFTER, DONE_EVERY, FEW_A_SECOND, MOST_A_SECOND, SURE_EVERY, Learner
from tests.spec.learning.seeing import CALLERS, classify, digest, keys, learner, often, operation, seen

USER: Json = {"id": 1, "name": "x", "mail": "a@b.example"}


def traffic(start: int, count: int) -> Learner:
    made = learner()
    for number in range(start, start + count):
        by = CALLERS[number % 8]
        name = ["anna", "bruno", "carla", "dario", "edda", "fritz"][number % 6]
        made.learn(seen(f"GET /users/{number}", by, answer=USER))
        made.learn(seen(f"GET /profiles/{name}", by, answer={"username": name}))
        made.learn(seen("POST /users", by, body={"name": "x"}, answer=USER, status=201))
    return made


def again(state: Json) -> Learner:
    return Learner.from_state(json.loads(json.dumps(state)), digest, classify)


def test_what_was_learned_survives_being_written_down() -> None:
    made = traffic(0, 40)
    assert again(made.state()).learned() == made.learned()


def test_two_workers_know_together_what_one_would_have_known() -> None:
    together, one, other = traffic(0, 40), traffic(0, 20), traffic(20, 20)
    one.merge(json.loads(json.dumps(other.state())))
    assert one.learned().api() == together.learned().api()
    assert operation(one, "POST /users").sureness.requests == 40
    swapped = again(other.state())
    swapped.merge(traffic(0, 20).state())
    assert swapped.learned().api() == together.learned().api()


def test_words_that_only_together_are_values_become_a_parameter_when_joined() -> None:
    one = learner(seen(f"GET /profiles/{name}", answer={"username": name}) for name in ("anna", "bruno"))
    other = learner(seen(f"GET /profiles/{name}", answer={"username": name}) for name in ("carla", "dario"))
    assert len(keys(one)) == 2
    one.merge(other.state())
    assert keys(one) == {"GET /profiles/{username}"}


@pytest.mark.parametrize(
    "state",
    [None, [], {}, {"form": "other"}, {"form": "apiward.learned/1"}, {"form": "apiward.learned/1", "tree": [1]}],
)
def test_a_state_of_another_form_is_refused(state: Json) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever part is wrong
        again(state)


def test_no_value_of_a_person_stands_in_the_state() -> None:
    made = learner(
        [
            *often(
                "GET /me", answer={"full_name": "Anna Winter", "mail": "anna@mail.example", "note": "I am ill today"}
            ),
            *often("GET /people/anna@mail.example?q=secret-word-17", answer={"card": "4111 1111 1111 1111"}),
        ]
    )
    text = json.dumps(made.state())
    for value in ("Anna", "anna@", "ill today", "4111", "secret-word", "user:0"):
        assert value not in text


def call(key: str = "", incident: str = "00", at_s: float = 5.0, method: str = "GET") -> Call:
    made = Call(method, b"/a", b"", [], "192.0.2.1", started_s=at_s)
    made.operation_key, made.incident = key, incident
    return made


def test_of_what_is_known_well_little_is_looked_at() -> None:
    made = learner(often("GET /a", 40))
    assert all(made.wants(call("GET /a", f"{number:04x}")) for number in range(200))
    made.settle(made.learned(), made.learned().guarded())
    wanted = [number for number in range(1_000) if made.wants(call("GET /a", f"{number:04x}"))]
    assert len(wanted) == 1_000 // SURE_EVERY
    assert SURE_EVERY < DONE_EVERY


def test_a_given_description_may_call_its_parameters_as_it_likes() -> None:
    made = learner(often("GET /users/7", 40))
    told = operation(made, "GET /users/{user_id}").operation
    given = Api("x", "1", (type(told)("GET", "/users/{uid}"),))
    made.settle(made.learned(), given)
    assert not made.wants(call("GET /users/{uid}", "0001"))


def test_a_flood_is_not_looked_at_as_a_whole() -> None:
    made = learner()
    for _ in range(MOST_A_SECOND):
        made.learn(seen("GET /a", at_s=5.0))
    assert not made.wants(call(at_s=5.9))
    assert made.wants(call(at_s=6.0))
    assert not made.wants(call(at_s=6.0, method="OPTIONS"))


def test_refused_requests_tell_their_status_alone() -> None:
    made = learner([*often("GET /a", shown=("bearer",)), *often("GET /a", status=401), seen("GET /a", status=500)])
    found = operation(made, "GET /a")
    assert found.statuses == ("200", "401", "500")
    assert found.sureness.requests == 40
    seen_of = made.find("GET", "/a")
    assert seen_of is not None
    assert seen_of.turned_away == 40
    assert made.find("GET", "/other") is None


def test_where_nothing_is_new_few_are_enough_until_something_is() -> None:
    made = learner(often("GET /a", CALM_AFTER + 20))
    for _ in range(FEW_A_SECOND):
        assert made.wants(call(at_s=9.0))
        made.learn(seen("GET /a", at_s=9.0))
    assert not made.wants(call(at_s=9.5))
    assert made.wants(call(at_s=10.0))
    made.learn(seen("GET /b", at_s=9.0))
    assert made.wants(call(at_s=9.5))
