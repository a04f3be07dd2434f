from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.app.guarding.shut_keys import WIDEST, Own, key_of, spare_own
from apiward.config.errors import AdvisedError


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("user:42", "user:42"),
        ("tenant: acme ", "tenant:acme"),
        ("tenant:" + "a" * 60, "tenant:" + "a" * 40),
        ("network:203.0.113.77/24", "network:203.0.113.0/24"),
        ("address:203.0.113.77/24", "network:203.0.113.0/24"),
        ("network:203.0.0.0/16", "network:203.0.0.0/16"),
        ("network:203.0.113.7/32", "address:203.0.113.7"),
        ("network:203.0.113.7", "address:203.0.113.7"),
        ("network:::ffff:203.0.113.0/120", "network:203.0.113.0/24"),
        ("network:2001:db8:1::/48", "network:2001:db8:1::/48"),
        ("network:2001:db8:1::/64", "address:2001:db8:1::/64"),
        ("network:2001:db8:1::5/120", "address:2001:db8:1::/64"),
        ("address:2001:db8:1::5", "address:2001:db8:1::/64"),
        ("asn:AS64500", "asn:64500"),
        ("asn:64500", "asn:64500"),
        ("operation:GET /a", "operation:GET /a"),
    ],
)
def test_a_name_is_written_as_the_guard_looks_it_up(typed: str, key: str) -> None:
    assert key_of(typed) == key
    assert key_of(key) == key


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("network:203.0.113", "is no network"),
        ("network:10.0.0.0/8", "too wide"),
        ("network:0.0.0.0/0", "too wide"),
        ("network:2001::/16", "too wide"),
        ("asn:0", "no number of a network"),
        ("asn:shop", "no number of a network"),
        ("tenant:", "nothing after the colon"),
        ("tenants:acme", "Did you mean"),
        ("address:nowhere", "is no address"),
        ("operation:/a", "is no operation"),
        ("user:a\nb", "cannot be shut out"),
        ("user:" + "a" * 400, "cannot be shut out"),
    ],
)
def test_slips_are_told(typed: str, said: str) -> None:
    with pytest.raises(AdvisedError, match=said):
        key_of(typed)


@given(st.integers(0, 2**32 - 1), st.integers(0, 32))
def test_a_network_holds_what_was_typed_and_is_never_too_wide(number: int, length: int) -> None:
    typed = ip_network((number, length), strict=False)
    if length < WIDEST[4]:
        with pytest.raises(AdvisedError):
            key_of(f"network:{typed}")
        return
    assert ip_network(key_of(f"network:{typed}").partition(":")[2]) == typed


@pytest.mark.parametrize(
    ("key", "own", "is_own"),
    [
        ("network:203.0.113.0/24", Own(("203.0.113.7",)), True),
        ("network:203.0.113.0/24", Own(("203.0.0.0/16",)), True),
        ("network:203.0.113.0/24", Own(("203.0.114.0/24", "2001:db8::/32")), False),
        ("network:127.0.0.0/16", Own(), True),
        ("network:198.51.100.0/24", Own(), True),  # from where the owner is connected
        ("network:198.51.101.0/24", Own(), False),
        ("tenant:acme", Own(callers=("tenant:acme",)), True),
        ("tenant:acme", Own(callers=("user:acme",)), False),
    ],
)
def test_who_would_shut_themselves_out_is_spared(key: str, own: Own, *, is_own: bool) -> None:
    environment = {"SSH_CONNECTION": "198.51.100.9 1 2 3"}
    if not is_own:
        spare_own(key, own, environment)
        return
    with pytest.raises(AdvisedError, match="your own"):
        spare_own(key, own, environment)
