import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.guard.origins.addresses import read_address


@pytest.mark.parametrize(
    ("text", "spelt", "unit", "area"),
    [
        ("192.0.2.77", "192.0.2.77", "192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.77", "192.0.2.77", "192.0.2.0/24"),
        ("::ffff:c000:24d", "192.0.2.77", "192.0.2.77", "192.0.2.0/24"),
        ("2001:DB8:1:2:3::4%eth0", "2001:db8:1:2:3::4", "2001:db8:1:2::/64", "2001:db8:1::/48"),
    ],
)
def test_addresses_are_spelt_and_counted_in_one_way(text: str, spelt: str, unit: str, area: str) -> None:
    address = read_address(text)
    assert address is not None
    assert (address.text, address.unit, address.area) == (spelt, unit, area)


@pytest.mark.parametrize(
    "text", ["", "unix:", "shop.test", "1.2.3", "0x7f.1", "0177.0.0.1", "1.2.3.4.5", "::1::", "1" * 99]
)
def test_what_is_no_address_is_none(text: str) -> None:
    assert read_address(text) is None


@given(st.text(max_size=70))
def test_no_text_makes_it_fail(text: str) -> None:
    read_address(text)
