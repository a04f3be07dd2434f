import pytest

from apiward.guard.permission.rules import PermitSettings, RoleSettings, RuleSettings, ancestry


def test_roles_inherit_over_several_steps() -> None:
    roles = (RoleSettings("owner", ("manager",)), RoleSettings("manager", ("clerk",)), RoleSettings("clerk"))
    assert ancestry(roles)["owner"] == {"owner", "manager", "clerk"}
    assert ancestry(roles)["clerk"] == {"clerk"}


def test_roles_in_a_circle_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^roles: a > b > a go round in a circle"):
        PermitSettings(roles=(RoleSettings("a", ("b",)), RoleSettings("b", ("a",))))


def test_a_role_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^roles: 'a' stands twice"):
        PermitSettings(roles=(RoleSettings("a"), RoleSettings("a")))


def test_words_that_are_unknown_are_said() -> None:
    with pytest.raises(ValueError, match=r"^effect: 'deny' is unknown; allowed are allow, forbid"):
        RuleSettings(effect="deny")
    with pytest.raises(ValueError, match=r"^kinds: 'robot' is unknown"):
        RuleSettings(kinds=("robot",))
    with pytest.raises(ValueError, match=r"^methods: "):
        RuleSettings(methods=("get",))
    with pytest.raises(ValueError, match=r"^private: "):
        PermitSettings(private=("no path",))
    with pytest.raises(ValueError, match=r"^name: "):
        RoleSettings()
