import pytest

from apiward.spec.meaning.tenants import is_tenant_name


@pytest.mark.parametrize(
    "name", ["tenant", "X-Tenant-ID", "tenantId", "org_slug", "organisation", "companyCode", "workspace"]
)
def test_these_say_which_tenant_is_meant(name: str) -> None:
    assert is_tenant_name(name)


@pytest.mark.parametrize("name", ["username", "code", "company_email", "tenant_count", "name", "id", "organizer", "x"])
def test_these_do_not(name: str) -> None:
    assert not is_tenant_name(name)
