import dataclasses

from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind


def test_equal_ids_of_two_services_are_two_principals() -> None:
    one, other = (Principal(PrincipalKind.USER, "42", issuer=issuer) for issuer in ("https://a", "https://b"))
    assert (one.key, other.key) == ("user:https://a|42", "user:https://b|42")
    assert Principal(PrincipalKind.KEY, "k1").key == "key:k1"


def test_only_who_shows_nothing_is_anonymous() -> None:
    assert ANONYMOUS.is_anonymous
    assert not Principal(PrincipalKind.TOKEN, "x").is_anonymous


def test_a_changed_copy_has_a_key_of_its_own() -> None:
    changed = dataclasses.replace(Principal(PrincipalKind.USER, "anna"), id="ben")
    assert changed.key == "user:ben"


def test_claims_are_not_shown() -> None:
    assert "secret" not in repr(Principal(PrincipalKind.USER, "anna", claims={"card": "secret"}))
