from apiward.classify.kinds import Kind
from apiward.core.principal import Principal, PrincipalKind
from apiward.guard.answers.plans import Plans, answer_schemas
from apiward.guard.answers.trimming import Limits
from tests.guard.calls import call
from tests.guard.schemas import TEXT, api, obj, operation

GET = operation("GET /users/{id}", obj({"name": TEXT}))
MASK = frozenset({Kind.CARD_NUMBER, Kind.EMAIL})


def plans() -> Plans:
    return Plans(api(GET), Limits(), MASK, {"staff": frozenset({Kind.EMAIL})}, is_closed=True)


def test_a_plan_is_compiled_once() -> None:
    known = plans()
    one = call("GET", "/users/1", operation=GET)
    assert known.plan(one, 200) is known.plan(one, 200)
    assert known.plan(one, 200).shape.is_closed
    assert not known.plan(one, 404).shape.is_closed


def test_roles_see_more() -> None:
    known = plans()
    staff = Principal(PrincipalKind.USER, "1", roles=frozenset({"staff"}))
    assert known.plan(call("GET", "/users/1", operation=GET), 200).policy.masked == MASK
    masked = known.plan(call("GET", "/users/1", operation=GET, principal=staff), 200).policy.masked
    assert masked == {Kind.CARD_NUMBER}


def test_the_schema_of_the_status_counts() -> None:
    assert answer_schemas(GET, 200) == [obj({"name": TEXT})]
    assert answer_schemas(GET, 201) == [obj({"name": TEXT})]
    made = operation("POST /users", obj({"id": TEXT}), status="2XX")
    assert answer_schemas(made, 201) == [obj({"id": TEXT})]


def test_an_undescribed_log_in_gives_out_credentials() -> None:
    known = plans()
    log_in, other = call("POST", "/auth/login"), call("POST", "/orders")
    assert known.giving_plan(log_in, known.plan(log_in, 200)).policy.gives
    assert not known.giving_plan(other, known.plan(other, 200)).policy.gives


def test_who_declares_json() -> None:
    assert plans().declares_json(GET.key)
    assert not plans().declares_json("GET /nothing")
