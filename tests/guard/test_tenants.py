import pytest

from apiward.core.jsonvalue import Json
from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind
from apiward.guard.tenants import tenant_of


@pytest.mark.parametrize(
    ("claims", "tenant"),
    [
        ({"org": "acme"}, "acme"),
        ({"tid": 7, "name": "x"}, "7"),
        ({"org": True, "tenant": "acme"}, "acme"),
        ({"org": {"id": 7}}, ""),
        ({"org": "a" * 100}, "a" * 40),
        ({"sub": "acme"}, ""),
    ],
)
def test_the_customer_is_what_the_log_in_says(claims: dict[str, Json], tenant: str) -> None:
    assert tenant_of(Principal(PrincipalKind.USER, "7", claims=claims)) == tenant
    assert tenant_of(ANONYMOUS) == ""
