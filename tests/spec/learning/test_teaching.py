"""Who wants to teach us: one or three callers, however often they call, change nothing of what is told and enforced."""

import pytest

from apiward.core.jsonvalue import Json
from apiward.core.observation import Observation
from apiward.spec.learning.learner import Learner
from tests.spec.learning.seeing import keys, learner, often, operation, seen

USER: Json = {"name": "x", "age": 3}
KNOWN: Json = {"id": 1, "name": "x", "age": 3}
ATTACKERS = ("user:evil1", "user:evil2", "user:evil3")


def honest() -> list[Observation]:
    return [*often("POST /users?page=1", body=USER, answer=KNOWN), *often("GET /users/7", answer=KNOWN)]


def attack(times: int, count: int, target: str, **more: object) -> list[Observation]:
    return [seen(target, ATTACKERS[number % count], **more) for number in range(times)]  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [1, 3])
def test_properties_and_types_cannot_be_taught(count: int) -> None:
    bodies: list[Json] = [{**USER, "is_admin": True}, {"name": {"$gt": ""}, "age": 3}, {"name": "x", "age": [1]}]  # type: ignore[dict-item]
    evil = [one for body in bodies for one in attack(300, count, "POST /users?page=1&debug=1", body=body, answer=KNOWN)]
    before = operation(learner(honest()), "POST /users").operation
    made = operation(learner([*honest(), *evil]), "POST /users")
    after = made.operation
    assert after.bodies == before.bodies
    assert after.parameters == before.parameters
    assert "body.is_admin" in made.few
    assert "query debug" in made.few


@pytest.mark.parametrize("count", [1, 3])
def test_it_does_not_matter_who_comes_first(count: int) -> None:
    evil = attack(300, count, "POST /users?page=1", body={**USER, "role": "admin"}, answer=KNOWN)  # type: ignore[dict-item]
    assert operation(learner([*evil, *honest()]), "POST /users").operation.bodies == (
        operation(learner(honest()), "POST /users").operation.bodies
    )


def test_four_who_agree_are_callers_like_others() -> None:
    more = [seen("POST /users?page=1", f"user:{n}", body={**USER, "city": "x"}, answer=KNOWN) for n in range(4)]  # type: ignore[dict-item]
    schema = operation(learner([*honest(), *more]), "POST /users").operation.bodies[0].schema
    assert "city" in schema.properties


@pytest.mark.parametrize("count", [1, 3])
def test_a_text_where_a_number_stands_cannot_be_taught(count: int) -> None:
    evil = attack(300, count, "GET /users/7?page=x'--", answer=KNOWN)
    usual = often("GET /users/7?page=2", answer=KNOWN)
    page = operation(learner([*usual, *evil]), "GET /users/{user_id}").operation.parameters[1]
    assert (page.name, page.schema.types) == ("page", ("integer",))


@pytest.mark.parametrize("count", [1, 3])
def test_an_operation_that_only_attackers_call_is_never_used(count: int) -> None:
    made = learner([*honest(), *attack(5_000, count, "POST /debug/run", body={"cmd": "id"})])
    assert "POST /debug/run" in keys(made)
    assert "POST /debug/run" not in [one.key for one in made.learned().guarded().operations]
    assert operation(made, "POST /debug/run").sureness.missing.endswith("more caller" + "s" * (count == 1))


@pytest.mark.parametrize("more", [{"status": 403}, {"status": 500}, {"status": 422}, {"is_doubted": True}])
def test_what_was_refused_failed_or_doubted_teaches_nothing(more: dict[str, object]) -> None:
    evil = [
        seen("POST /users?x=1", f"user:{n}", body={**USER, "is_admin": True}, answer=KNOWN, **more)  # type: ignore[arg-type, dict-item]
        for n in range(200)
    ]
    before, after = learner(honest()), learner([*honest(), *evil])
    assert operation(after, "POST /users").operation.bodies == operation(before, "POST /users").operation.bodies
    assert operation(after, "POST /users").operation.parameters == operation(before, "POST /users").operation.parameters
    assert operation(after, "POST /users").few == ()


@pytest.mark.parametrize("count", [1, 3])
def test_a_log_in_is_not_made_optional_or_exchanged(count: int) -> None:
    usual = often("GET /mine", 60, shown=("bearer",))
    evil = attack(200, count, "GET /mine", shown=("header x-evil-token",))
    found = operation(learner([*usual, *evil]), "GET /mine")
    assert found.operation.security == (("bearer",),)
    assert "header_x_evil_token" not in learner([*usual, *evil]).learned().schemes


@pytest.mark.parametrize("count", [1, 3])
def test_a_fixed_word_cannot_be_made_a_parameter_by_calling_many_words(count: int) -> None:
    # the API answers 404 to what is not there, so words without a meaning never come in
    evil = attack(500, count, "GET /users/anything", status=404)
    usual = often("GET /users/me", answer=KNOWN)
    assert keys(learner([*usual, *evil])) == {"GET /users/me"}


def test_news_of_few_callers_do_not_make_us_unsure() -> None:
    evil = [seen("POST /users?page=1", ATTACKERS[n % 3], body={**USER, f"x{n}": 1}, answer=KNOWN) for n in range(60)]  # type: ignore[dict-item]
    assert operation(learner([*honest(), *evil]), "POST /users").sureness.is_sure


@pytest.mark.long
def test_three_callers_who_sent_too_much_cannot_fill_an_operation_up() -> None:
    evil = [seen("POST /users", ATTACKERS[n % 3], body={f"y{n}{m}x": 1 for m in range(90)}) for n in range(30)]
    made: Learner = learner([*evil, *honest()])
    assert "name" in operation(made, "POST /users").operation.bodies[0].schema.properties
