import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.call import Call
from apiward.core.jsonvalue import Json
from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind
from apiward.guard.conditions import condition
from apiward.guard.patching import Patch, PatchError, PatchKind
from tests.guard.calls import call
from tests.guard.schemas import api, operation

USERS = operation("PATCH /shops/{shop}/users/{id}")
API = api(USERS)
JO = Principal(PrincipalKind.USER, "7", roles=frozenset({"client"}), claims={"shop": 3})
STAFF = Principal(PrincipalKind.USER, "1", roles=frozenset({"staff"}))
FORM = {"content-type": "application/x-www-form-urlencoded"}


def patch(kind: PatchKind, target: str = "", **more: object) -> Patch:
    return Patch(id="p1", operation=USERS.key, kind=kind, target=target, **more)  # type: ignore[arg-type]


def refused(rule: Patch, asked: Call) -> str:
    said = condition(rule, API)(asked)
    return said.rule if said else ""


def send(body: Json, principal: Principal = JO) -> Call:
    return call("PATCH", "/", json=body, principal=principal, path_arguments=("3", "7"), operation=USERS)


def test_off() -> None:
    assert refused(patch(PatchKind.METHOD_OFF), send({})) == "patches.off"


def test_who_calls() -> None:
    assert refused(patch(PatchKind.REQUIRE_PRINCIPAL), send({}, ANONYMOUS)) == "patches.principal"
    assert refused(patch(PatchKind.REQUIRE_PRINCIPAL), send({})) == ""
    role = patch(PatchKind.REQUIRE_ROLE, roles=("staff",))
    assert refused(role, send({}, ANONYMOUS)) == "patches.principal"
    assert refused(role, send({})) == "patches.role"
    assert refused(role, send({}, STAFF)) == ""


def test_own_objects() -> None:
    own = patch(PatchKind.OWN_OBJECT, "path.id")
    assert refused(own, send({})) == ""
    assert refused(own, send({}, STAFF)) == "patches.own-object"
    assert refused(own, send({}, ANONYMOUS)) == "patches.principal"
    assert refused(patch(PatchKind.OWN_OBJECT, "path.id", roles=("staff",)), send({}, STAFF)) == ""
    claim = patch(PatchKind.OWN_OBJECT, "path.shop", claim="shop")
    assert refused(claim, send({})) == ""
    assert refused(claim, send({}, STAFF)) == "patches.own-object"


@pytest.mark.parametrize("body", [{"role": "x"}, {"Role": None}, [{"role": 1}], {"name": "a", "ROLE": []}])
def test_a_property_that_must_be_absent(body: Json) -> None:
    assert refused(patch(PatchKind.PROPERTY_ABSENT, "body.role"), send(body)) == "patches.value"


@pytest.mark.parametrize("body", [{}, {"roles": 1}, {"user": {"role": 1}}, [], 7, None])
def test_a_property_that_is_absent(body: Json) -> None:
    assert refused(patch(PatchKind.PROPERTY_ABSENT, "body.role"), send(body)) == ""


def test_nested_properties_and_forms() -> None:
    rule = patch(PatchKind.PROPERTY_ABSENT, "body.users[].role")
    assert refused(rule, send({"users": [{"a": 1}, {"role": 1}]})) == "patches.value"
    assert refused(rule, send({"users": [{"a": 1}]})) == ""
    for form in (b"users[0][role]=1", b"users.role=1", b"Users[Role]=1"):
        assert refused(rule, call("PATCH", "/", headers=FORM, body=form)) == "patches.value"
    assert refused(rule, call("PATCH", "/", headers=FORM, body=b"role=1")) == ""


def test_a_body_that_nobody_can_read_does_not_slip_by() -> None:
    rule = patch(PatchKind.PROPERTY_ABSENT, "body.role")
    assert (
        refused(rule, call("PATCH", "/", headers={"content-type": "text/plain"}, body=b'{"role":1}'))
        == "patches.unread"
    )
    cut = send({"name": "x"})
    cut.is_body_whole = False
    assert refused(rule, cut) == "patches.unread"
    assert refused(rule, call("PATCH", "/")) == ""


def test_a_fixed_property() -> None:
    rule = patch(PatchKind.PROPERTY_FIXED, "body.currency", value='"EUR"')
    assert refused(rule, send({"currency": "EUR"})) == ""
    assert refused(rule, send({})) == ""
    assert refused(rule, send({"currency": "USD"})) == "patches.value"
    number = patch(PatchKind.PROPERTY_FIXED, "body.count", value="1")
    assert refused(number, send({"count": True})) == "patches.value"
    assert refused(number, call("PATCH", "/", headers=FORM, body=b"count=1")) == ""


def test_patterns() -> None:
    rule = patch(PatchKind.PARAMETER_PATTERN, "query.sort", pattern="[a-z]+")
    assert refused(rule, call("PATCH", "/?sort=name")) == ""
    assert refused(rule, call("PATCH", "/?sort=name&sort=1;drop")) == "patches.value"
    assert refused(patch(PatchKind.PARAMETER_PATTERN, "path.id", pattern=r"\d+"), send({})) == ""
    header = patch(PatchKind.PARAMETER_PATTERN, "header.X-Tenant", pattern=r"\w+")
    assert refused(header, call("PATCH", "/", headers={"x-tenant": "a b"})) == "patches.value"


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        ("limit=100", ""),
        ("limit=101", "patches.value"),
        ("limit=1e9", "patches.value"),
        ("limit=nan", "patches.value"),
        ("limit=abc", ""),
        ("", ""),
    ],
)
def test_a_largest_number(query: str, rule: str) -> None:
    assert refused(patch(PatchKind.PARAMETER_MAX, "query.limit", most=100.0), call("PATCH", f"/?{query}")) == rule


def test_a_longest_text_or_list() -> None:
    rule = patch(PatchKind.PARAMETER_MAX, "body.names", most=3.0)
    assert refused(rule, send({"names": "abcd"})) == "patches.value"
    assert refused(rule, send({"names": [1, 2, 3]})) == ""
    assert refused(rule, send({"names": 4})) == "patches.value"


def test_what_does_not_fit_the_description_is_said() -> None:
    with pytest.raises(PatchError, match="the path has no 'name'; it has shop, id"):
        condition(patch(PatchKind.OWN_OBJECT, "path.name"), API)
    with pytest.raises(PatchError, match="cannot be read"):
        condition(patch(PatchKind.PARAMETER_PATTERN, "query.a", pattern="("), API)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["role", "users", "x"]), inner),
    max_leaves=10,
)


@given(_JSON, st.sampled_from([PatchKind.PROPERTY_ABSENT, PatchKind.PARAMETER_MAX, PatchKind.PARAMETER_PATTERN]))
def test_never_raises(body: Json, kind: PatchKind) -> None:
    more: dict[str, object] = {}
    if kind is not PatchKind.PROPERTY_ABSENT:
        more = {"most": 3.0} if kind is PatchKind.PARAMETER_MAX else {"pattern": "a+"}
    refused(patch(kind, "body.users.role", **more), send(body))


UNKNOWN = Principal(PrincipalKind.TOKEN, "f00")
LEARNED = Principal(PrincipalKind.USER, "anna", claims={"sub": "7", "tenant": "3"})


def test_only_credentials_that_were_given_out_or_verified_pass() -> None:
    rule = patch(PatchKind.CREDENTIAL_ISSUED)
    assert refused(rule, send({}, UNKNOWN)) == "patches.issued"
    for principal in (ANONYMOUS, JO, LEARNED, Principal(PrincipalKind.KEY, "k")):
        assert refused(rule, send({}, principal)) == ""


def test_single_callers_may_have_what_a_role_has() -> None:
    rule = patch(PatchKind.REQUIRE_ROLE, principals=("user:7",))
    assert refused(rule, send({}, JO)) == ""
    assert refused(rule, send({}, LEARNED)) == "patches.role"
    own = patch(PatchKind.OWN_OBJECT, "path.shop", principals=("user:7",))
    assert refused(own, send({}, JO)) == ""


def test_a_learned_session_has_the_name_of_its_log_in_and_what_its_token_says() -> None:
    rule = patch(PatchKind.OWN_OBJECT, "path.id")
    assert refused(rule, send({}, LEARNED)) == ""
    named = call("PATCH", "/", principal=LEARNED, path_arguments=("3", "ANNA"), operation=USERS)
    assert refused(rule, named) == ""
    assert refused(patch(PatchKind.OWN_OBJECT, "path.shop"), send({}, LEARNED)) == "patches.own-object"


@pytest.mark.parametrize(
    "body",
    [{"title": "x"}, {"owner": {"name": "x"}}, {"tags": [{"word": "a"}]}, {"OWNER": {"Name": 1}}, {"tags": ["a"]}, {}],
)
def test_properties_on_the_list_pass(body: Json) -> None:
    assert refused(patch(PatchKind.PROPERTIES_ONLY, names=("title", "owner.name", "tags")), send(body)) == ""


@pytest.mark.parametrize(
    "body", [{"role": 1}, {"owner": {"name": "x", "role": 1}}, [{"role": 1}], {"owner": {"x": {}}}]
)
def test_properties_that_are_not_on_the_list_are_refused(body: Json) -> None:
    rule = patch(PatchKind.PROPERTIES_ONLY, names=("title", "owner.name", "tags"))
    assert refused(rule, send(body)) == "patches.value"


def test_forms_are_held_to_the_list_too() -> None:
    rule = patch(PatchKind.PROPERTIES_ONLY, names=("user.name",))
    for form, said in ((b"user[name]=a", ""), (b"user[name]=a&user[role]=b", "patches.value")):
        asked = call("PATCH", "/", headers=FORM, body=form, path_arguments=("3", "7"), operation=USERS)
        assert refused(rule, asked) == said
    unread = call("PATCH", "/", headers={"content-type": "text/odd"}, body=b"role=1", operation=USERS)
    assert refused(rule, unread) == "patches.unread"


def test_a_body_with_too_much_in_it_is_refused() -> None:
    rule = patch(PatchKind.PROPERTIES_ONLY, names=("a",))
    assert refused(rule, send({"a": [{"b": 1}] * 20_000})) == "patches.value"


def test_kinds_that_ask_nothing_of_a_request_let_pass() -> None:
    assert refused(patch(PatchKind.ENDS_SESSIONS), send({})) == ""
