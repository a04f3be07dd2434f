import pytest

from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind
from apiward.guard.permission.conditions import condition
from apiward.guard.permission.rules import RoleSettings, RuleSettings, ancestry

ANCESTORS = ancestry((RoleSettings("manager", ("clerk",)), RoleSettings("clerk")))
USER = PrincipalKind.USER
CLERK = Principal(USER, "1", roles=frozenset({"clerk"}), scopes=frozenset({"read"}))
MANAGER = Principal(USER, "2", roles=frozenset({"manager"}), scopes=frozenset({"read", "write"}))


@pytest.mark.parametrize(
    ("rule", "fitting"),
    [
        (RuleSettings(), {"clerk", "manager"}),
        (RuleSettings(effect="forbid"), {"clerk", "manager", "nobody"}),
        (RuleSettings(kinds=("anonymous",)), {"nobody"}),
        (RuleSettings(roles=("clerk",)), {"clerk", "manager"}),
        (RuleSettings(roles=("manager",)), {"manager"}),
        (RuleSettings(scopes=("read", "write")), {"manager"}),
        (RuleSettings(principals=("user:1",)), {"clerk"}),
        (RuleSettings(unless_roles=("manager",)), {"clerk"}),
        (RuleSettings(unless_roles=("clerk",)), set()),
        (RuleSettings(unless_scopes=("write",)), {"clerk"}),
    ],
)
def test_whom_a_rule_speaks_of(rule: RuleSettings, fitting: set[str]) -> None:
    made = condition(rule, "rule", ANCESTORS)
    callers = {"clerk": CLERK, "manager": MANAGER, "nobody": ANONYMOUS}
    assert {name for name, one in callers.items() if made.fits(one)} == fitting


def test_what_requests_a_rule_speaks_of() -> None:
    made = condition(RuleSettings(operations=("/a/*",), methods=("GET",)), "rule", ANCESTORS)
    assert made.covers("GET", "/a/1")
    assert made.covers("HEAD", "/a/1")
    assert not made.covers("POST", "/a/1")
    assert not made.covers("GET", "/b/1")
    assert condition(RuleSettings(), "rule", ANCESTORS).covers("X", "/any")


def test_a_role_alone_is_enough_only_where_nothing_else_is_asked() -> None:
    assert condition(RuleSettings(roles=("clerk",)), "rule", ANCESTORS).is_by_role_alone
    assert not condition(RuleSettings(roles=("clerk",), scopes=("x",)), "rule", ANCESTORS).is_by_role_alone
    assert not condition(RuleSettings(roles=("clerk",), kinds=("key",)), "rule", ANCESTORS).is_by_role_alone


def test_what_is_wanted_is_said_in_words() -> None:
    rule = RuleSettings(roles=("a", "b"), scopes=("x", "y"), unless_roles=("c",))
    assert condition(rule, "rule", ANCESTORS).wanted() == (
        "the role a or b, and the scope x and y, and not to have the role c"
    )
    assert condition(RuleSettings(), "rule", ANCESTORS).wanted() == "a log-in"
