from apiward.core.api import Api, Operation
from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind
from apiward.guard.permission.explaining import Explanation, explanation
from apiward.guard.permission.rules import PermitSettings, RoleSettings, RuleSettings
from apiward.guard.permission.table import Permissions

API = Api("shop", "1", (Operation("GET", "/a", security=(("login",),)), Operation("GET", "/b")))
USER = Principal(PrincipalKind.USER, "1", roles=frozenset({"clerk"}))


def explained(settings: PermitSettings, principal: Principal, path: str) -> Explanation:
    return explanation(Permissions(settings, API), principal, f"GET {path}", "GET", path)


def test_defaults_are_named_as_such() -> None:
    assert explained(PermitSettings(), ANONYMOUS, "/b") == Explanation(
        is_allowed=True,
        operation="GET /b",
        reason="No rule speaks of it, and the description asks for no log-in.",
    )
    assert explained(PermitSettings(), USER, "/a").reason.endswith("and the caller is logged in.")
    denied = explained(PermitSettings(), ANONYMOUS, "/a")
    assert not denied.is_allowed
    assert denied.would_allow == ("a log-in",)


def test_roles_that_grant_are_named() -> None:
    settings = PermitSettings((RoleSettings("clerk", grants=("/a",)), RoleSettings("owner", grants=("/b",))))
    assert explained(settings, USER, "/a").rule == "role clerk"
    denied = explained(settings, USER, "/b")
    assert denied.reason == "None of the rules that allow this speaks of the caller."
    assert denied.would_allow == ("role owner: the role owner",)


def test_private_operations_without_rules_have_no_way_in() -> None:
    denied = explained(PermitSettings(private=("/a",)), USER, "/a")
    assert denied.reason.startswith("The operation is private")
    assert denied.would_allow == ()


def test_a_lacking_scope_names_the_rule() -> None:
    rule = RuleSettings(name="desk", operations=("/a",), scopes=("read",))
    denied = explained(PermitSettings(rules=(rule,)), USER, "/a")
    assert (denied.rule, denied.would_allow) == ("desk", ("desk: the scope read",))


def test_described_scopes_are_a_way_in() -> None:
    operation = Operation("GET", "/a", security=(("login",),), scopes=(frozenset({"read", "list"}),))
    caller = Principal(PrincipalKind.USER, "1", scopes=frozenset({"read"}), is_verified=True)
    permissions = Permissions(PermitSettings(), Api("shop", "1", (operation,)))
    denied = explanation(permissions, caller, "GET /a", "GET", "/a")
    assert denied.reason == "The caller's token lacks a scope."
    assert denied.would_allow == ("a token with list and read",)
