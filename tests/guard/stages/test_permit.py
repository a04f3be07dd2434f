import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import Api, Operation, SchemeKind, SecurityScheme
from apiward.core.decision import Decision
from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind
from apiward.guard.permission.rules import PermitSettings, RoleSettings, RuleSettings
from apiward.guard.routing import RouteTable
from apiward.guard.stages.permit import Permit
from tests.guard.calls import call, parts

LOGIN = (("login",),)
API = Api(
    "shop",
    "1",
    (
        Operation("GET", "/items", security=()),
        Operation("GET", "/orders/{id}", security=LOGIN),
        Operation("DELETE", "/orders/{id}", security=LOGIN, tags=("staff",)),
        Operation("GET", "/admin/users", security=LOGIN, operation_id="users"),
        Operation("GET", "/{part}/{page}"),
    ),
    schemes={"login": SecurityScheme("login", SchemeKind.BEARER)},
)
ROUTES = RouteTable(API)
CLERK = Principal(PrincipalKind.USER, "1", roles=frozenset({"clerk"}), is_verified=True)
MANAGER = Principal(PrincipalKind.USER, "2", roles=frozenset({"manager"}), is_verified=True)
TOKEN = Principal(PrincipalKind.TOKEN, "t")
ROLES = (RoleSettings("manager", inherits=("clerk",)), RoleSettings("clerk"))


def judged(
    settings: PermitSettings,
    asked: str,
    principal: Principal = ANONYMOUS,
    headers: dict[str, str] | None = None,
    api: Api | None = API,
) -> Decision | None:
    method, path = asked.split(" ")
    stage = Permit(settings, parts(api=api))
    operation = ROUTES.match(method, path).operation if api else None
    return stage.on_head(call(method, path, operation=operation, principal=principal, headers=headers))


def rule_of(decision: Decision | None) -> str:
    return decision.rule if decision else "passes"


def test_what_the_description_secures_needs_a_log_in() -> None:
    decision = judged(PermitSettings(), "GET /orders/1")
    assert decision is not None
    assert decision.rule == "permit.log-in"
    assert decision.headers == ((b"www-authenticate", b"Bearer"),)
    assert judged(PermitSettings(), "GET /orders/1", CLERK) is None
    assert judged(PermitSettings(), "HEAD /orders/1", TOKEN) is None
    assert judged(PermitSettings(), "GET /items") is None
    assert judged(PermitSettings(trust_description=False), "GET /orders/1") is None


def test_basic_log_ins_are_asked_for_as_such() -> None:
    api = Api("a", "1", API.operations, schemes={"login": SecurityScheme("login", SchemeKind.BASIC)})
    decision = judged(PermitSettings(), "GET /orders/1", api=api)
    assert decision is not None
    assert decision.headers == ((b"www-authenticate", b'Basic realm="api"'),)


def test_an_allow_rule_closes_the_operation_to_all_others() -> None:
    settings = PermitSettings(ROLES, (RuleSettings(operations=("tag:staff",), roles=("manager",)),))
    assert rule_of(judged(settings, "DELETE /orders/1", CLERK)) == "permit.role"
    assert rule_of(judged(settings, "DELETE /orders/1", TOKEN)) == "permit.role"
    assert rule_of(judged(settings, "DELETE /orders/1")) == "permit.log-in"
    assert judged(settings, "DELETE /orders/1", MANAGER) is None
    assert judged(settings, "GET /orders/1", CLERK) is None


def test_roles_have_what_they_inherit() -> None:
    settings = PermitSettings((RoleSettings("manager", ("clerk",)), RoleSettings("clerk", grants=("/admin/**",))))
    assert judged(settings, "GET /admin/users", MANAGER) is None
    assert judged(settings, "GET /admin/users", CLERK) is None
    assert rule_of(judged(settings, "GET /admin/users", Principal(PrincipalKind.USER, "3"))) == "permit.role"


def test_forbid_wins_over_allow_unless_it_spares_the_caller() -> None:
    allow = RuleSettings(operations=("/orders/*",), roles=("clerk",))
    forbid = RuleSettings(effect="forbid", methods=("DELETE",), unless_roles=("manager",))
    settings = PermitSettings(ROLES, (allow, forbid))
    assert rule_of(judged(settings, "DELETE /orders/1", CLERK)) == "permit.forbidden"
    assert rule_of(judged(settings, "DELETE /orders/1")) == "permit.log-in"
    assert judged(settings, "DELETE /orders/1", MANAGER) is None
    assert judged(settings, "GET /orders/1", CLERK) is None


def test_scopes_must_all_be_there() -> None:
    settings = PermitSettings(rules=(RuleSettings(operations=("/orders/*",), scopes=("orders", 'w"')),))
    some = Principal(PrincipalKind.KEY, "k", scopes=frozenset({"orders"}))
    decision = judged(settings, "GET /orders/1", some)
    assert decision is not None
    assert decision.rule == "permit.scope"
    assert decision.headers == ((b"www-authenticate", b'Bearer error="insufficient_scope", scope="orders w"'),)
    every = Principal(PrincipalKind.KEY, "k", scopes=frozenset({"orders", 'w"', "more"}))
    assert judged(settings, "GET /orders/1", every) is None


def test_private_operations_are_closed_to_all_whom_no_rule_names() -> None:
    settings = PermitSettings(ROLES, private=("users",))
    assert rule_of(judged(settings, "GET /admin/users", MANAGER)) == "permit.private"
    assert rule_of(judged(settings, "GET /admin/users")) == "permit.private"
    opened = PermitSettings(ROLES, (RuleSettings(operations=("users",), roles=("manager",)),), private=("users",))
    assert judged(opened, "GET /admin/users", MANAGER) is None
    assert judged(opened, "GET /items") is None


def test_private_operations_can_be_hidden() -> None:
    settings = PermitSettings(ROLES, private=("users",), hide=True)
    assert rule_of(judged(settings, "GET /admin/users", MANAGER)) == "permit.hidden"
    assert rule_of(judged(settings, "GET /orders/1")) == "permit.log-in"


def test_a_path_that_fits_a_wide_template_is_still_private() -> None:
    settings = PermitSettings(private=("/admin/**",))
    assert rule_of(judged(settings, "GET /admin/stock", CLERK)) == "permit.private"
    assert judged(settings, "GET /shop/stock", CLERK) is None


@pytest.mark.parametrize("asked", ["GET /Admin/Users", "GET /admin/users/"])
def test_an_undescribed_twin_of_a_described_path_is_judged_like_it(asked: str) -> None:
    api = Api("shop", "1", tuple(one for one in API.operations if one.path != "/{part}/{page}"))
    stage = Permit(PermitSettings(private=("users",)), parts(api=api))
    method, path = asked.split(" ")
    assert rule_of(stage.on_head(call(method, path))) == "permit.private"
    assert stage.on_head(call(method, "/nowhere")) is None


def test_rules_hold_without_a_description_too() -> None:
    settings = PermitSettings(rules=(RuleSettings(effect="forbid", methods=("DELETE",)),), private=("/admin/**",))
    assert rule_of(judged(settings, "GET /admin/users", CLERK, api=None)) == "permit.private"
    assert rule_of(judged(settings, "DELETE /orders/1", CLERK, api=None)) == "permit.forbidden"
    assert judged(settings, "GET /orders/1", api=None) is None


def test_single_callers_and_kinds() -> None:
    partner = Principal(PrincipalKind.KEY, "partner")
    named = PermitSettings(rules=(RuleSettings(operations=("/orders/*",), principals=("key:partner",)),))
    assert judged(named, "GET /orders/1", partner) is None
    assert rule_of(judged(named, "GET /orders/1", CLERK)) == "permit.role"
    everybody = PermitSettings(rules=(RuleSettings(operations=("/orders/*",), kinds=("anonymous", "user")),))
    assert judged(everybody, "GET /orders/1") is None
    assert rule_of(judged(everybody, "GET /orders/1", partner)) == "permit.role"


def test_what_a_browser_asks_beforehand_passes() -> None:
    settings = PermitSettings(private=("*",))
    asks = {"origin": "https://shop.test", "access-control-request-method": "GET"}
    assert judged(settings, "OPTIONS /orders/1", headers=asks) is None
    assert rule_of(judged(settings, "OPTIONS /orders/1")) == "permit.private"
    assert rule_of(judged(settings, "GET /items", headers=asks)) == "permit.private"


def test_decisions_are_explained() -> None:
    rules = (
        RuleSettings(name="desk", operations=("/orders/*",), roles=("clerk",)),
        RuleSettings(name="no deleting", effect="forbid", methods=("DELETE",), unless_roles=("manager",)),
    )
    stage = Permit(PermitSettings(ROLES, rules), parts(api=API))
    denied = stage.explain(CLERK, "DELETE", "/orders/1")
    assert (denied.is_allowed, denied.operation, denied.rule) == (False, "DELETE /orders/{id}", "no deleting")
    assert denied.would_allow == ("no deleting must not forbid it", "desk: the role clerk")
    allowed = stage.explain(MANAGER, "DELETE", "/orders/1")
    assert (allowed.is_allowed, allowed.rule, allowed.reason) == (True, "desk", "A rule allows it.")
    assert stage.explain(ANONYMOUS, "GET", "/admin/users").would_allow == ("a log-in",)
    assert stage.explain(ANONYMOUS, "GET", "/ITEMS/").operation == "GET /items"
    assert stage.explain(ANONYMOUS, "GET", "/nowhere").is_allowed


@given(st.sampled_from(("GET", "HEAD", "OPTIONS", "X")), st.text(), st.binary())
def test_any_request_is_judged_without_an_error(method: str, path: str, origin: bytes) -> None:
    stage = Permit(PermitSettings(private=("/admin/**",)), parts(api=API))
    one = call(method)
    one.path, one.header = path, {b"origin": origin}
    stage.on_head(one)


def scoped(*asked: str, kind: SchemeKind = SchemeKind.OAUTH2) -> Api:
    """Return an API whose operation asks for any one of these sets of scopes."""
    operation = Operation("GET", "/orders/{id}", security=LOGIN * len(asked), scopes=tuple(map(scopes, asked)))
    return Api("shop", "1", (operation,), schemes={"login": SecurityScheme("login", kind)})


def scopes(text: str) -> frozenset[str]:
    return frozenset(text.split())


def with_scopes(text: str, kind: PrincipalKind = PrincipalKind.USER, *, is_verified: bool = True) -> Principal:
    return Principal(kind, "1", scopes=scopes(text), is_verified=is_verified)


def test_a_token_needs_the_scopes_that_the_description_asks_for() -> None:
    api = scoped("orders:read orders:all")
    assert judged(PermitSettings(), "GET /orders/1", with_scopes("orders:read orders:all x"), api=api) is None
    decision = judged(PermitSettings(), "GET /orders/1", with_scopes("orders:read"), api=api)
    assert decision is not None
    assert (decision.rule, decision.saw) == ("permit.scope", "scope orders:all orders:read")
    challenge = b'Bearer error="insufficient_scope", scope="orders:all orders:read"'
    assert decision.headers == ((b"www-authenticate", challenge),)


@pytest.mark.parametrize(
    "principal",
    [
        with_scopes(""),
        with_scopes("other", is_verified=False),
        with_scopes("GET /orders/**", PrincipalKind.KEY),
        with_scopes("orders.read"),
    ],
)
def test_who_needs_no_scope_that_is_described(principal: Principal) -> None:
    assert judged(PermitSettings(), "GET /orders/1", principal, api=scoped("api://shop/orders.read")) is None


def test_scopes_of_another_service_do_not_count() -> None:
    decision = judged(PermitSettings(), "GET /orders/1", with_scopes("bank/read"), api=scoped("api://shop/read"))
    assert rule_of(decision) == "permit.scope"


@pytest.mark.parametrize("asked", [("a", ""), ("openid profile",), ("a", "x")])
def test_one_way_in_is_enough(asked: tuple[str, ...]) -> None:
    assert judged(PermitSettings(), "GET /orders/1", with_scopes("x"), api=scoped(*asked)) is None


def test_rules_of_the_owner_come_before_described_scopes() -> None:
    allowing = PermitSettings(rules=(RuleSettings(operations=("/orders/*",)),))
    for settings in (allowing, PermitSettings(trust_description=False)):
        assert judged(settings, "GET /orders/1", with_scopes("x"), api=scoped("a")) is None


def test_a_key_as_another_way_in_is_none_for_tokens() -> None:
    operation = Operation("GET", "/orders/{id}", security=(("login",), ("key",)), scopes=(scopes("a"), scopes("")))
    schemes = {
        one: SecurityScheme(one, kind) for one, kind in (("login", SchemeKind.OAUTH2), ("key", SchemeKind.API_KEY))
    }
    api = Api("shop", "1", (operation,), schemes=schemes)
    assert rule_of(judged(PermitSettings(), "GET /orders/1", with_scopes("x"), api=api)) == "permit.scope"
    assert judged(PermitSettings(), "GET /orders/1", with_scopes("a"), api=api) is None
