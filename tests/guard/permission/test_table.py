from apiward.core.api import Api, Operation
from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind
from apiward.guard.permission.rules import PermitSettings, RoleSettings, RuleSettings
from apiward.guard.permission.table import Permissions, Rest, Why

SECURED = Operation("GET", "/a", security=(("login",),))
FREE = Operation("GET", "/b", security=((), ("login",)))
WIDE = Operation("GET", "/{x}/{y}")
API = Api("shop", "1", (SECURED, FREE, WIDE))
USER = Principal(PrincipalKind.USER, "1", roles=frozenset({"clerk"}))


def test_the_description_says_what_holds_else() -> None:
    plans = Permissions(PermitSettings(), API).plans
    assert {key: plan.rest for key, plan in plans.items()} == {
        "GET /a": Rest.KNOWN,
        "GET /b": Rest.OPEN,
        "GET /{x}/{y}": Rest.OPEN,
    }


def test_which_operations_are_for_all_who_log_in() -> None:
    plans = Permissions(PermitSettings(private=("/*/*",)), API).plans
    assert [key for key, plan in plans.items() if plan.is_for_all_known] == [SECURED.key, FREE.key]
    plans = Permissions(PermitSettings(rules=(RuleSettings(roles=("clerk",), operations=("/a",)),)), API).plans
    assert [key for key, plan in plans.items() if plan.is_for_all_known] == [FREE.key, WIDE.key]


def test_operations_with_the_same_rules_share_one_plan() -> None:
    many = Api("shop", "1", tuple(Operation("GET", f"/{at}") for at in range(100)))
    plans = Permissions(PermitSettings(rules=(RuleSettings(roles=("a",)),)), many).plans
    assert len({id(plan) for plan in plans.values()}) == 1


def test_a_plan_depends_on_the_path_only_where_it_must() -> None:
    permissions = Permissions(PermitSettings(private=("/admin/**",)), API)
    assert permissions.plans[SECURED.key].is_fixed
    assert not permissions.plans[WIDE.key].is_fixed
    assert permissions.plan(WIDE.key, "GET", "/admin/x").rest is Rest.CLOSED
    assert permissions.plan(WIDE.key, "GET", "/shop/x").rest is Rest.OPEN


def test_a_denial_says_why() -> None:
    rules = (
        RuleSettings(operations=("/a",), scopes=("write",)),
        RuleSettings(effect="forbid", operations=("/b",), kinds=("anonymous",)),
    )
    permissions = Permissions(PermitSettings((RoleSettings("clerk"),), rules), API)
    scope = permissions.plan(SECURED.key, "GET", "/a").denial(USER)
    assert scope is not None
    assert (scope.why, scope.rule) == (Why.SCOPE, permissions.conditions[0])
    log_in = permissions.plan(FREE.key, "GET", "/b").denial(ANONYMOUS)
    assert log_in is not None
    assert log_in.why is Why.LOG_IN
    assert permissions.plan(FREE.key, "GET", "/b").denial(USER) is None


def test_one_more_log_in_does_not_help_where_all_are_forbidden() -> None:
    permissions = Permissions(PermitSettings(rules=(RuleSettings(effect="forbid"),)), API)
    denial = permissions.plan(FREE.key, "GET", "/b").denial(ANONYMOUS)
    assert denial is not None
    assert denial.why is Why.FORBIDDEN
