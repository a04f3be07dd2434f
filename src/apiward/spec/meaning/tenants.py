"""Which names stand for the tenant: the customer's business that a call is about, where one API serves several."""

from typing import Final

from apiward.spec.meaning import naming

_WORDS: Final = frozenset("tenant workspace organisation organization org company subdomain".split())
_BESIDE: Final = frozenset("x id uuid slug code name key handle domain the".split())


def is_tenant_name(name: str) -> bool:
    """Whether a field of that name says which tenant is meant: `X-Tenant-ID`, `org_slug`, `companyCode`."""
    found = set(naming.words(name))
    return bool(found & _WORDS) and found <= _WORDS | _BESIDE
