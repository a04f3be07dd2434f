from ipaddress import IPv4Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.guard.origins.addresses import read_address
from apiward.guard.origins.networks import Networks, network_keys

NETWORKS = st.ip_addresses().flatmap(
    lambda ip: st.integers(0, 32 if isinstance(ip, IPv4Address) else 128).map(lambda length: f"{ip}/{length}")
)


@given(st.lists(NETWORKS, max_size=8), st.ip_addresses())
def test_it_agrees_with_the_standard_library(texts: list[str], ip: object) -> None:
    address = read_address(str(ip))
    assert address is not None
    expected = any(
        ip_address(address.text) in ip_network(text, strict=False) for text in texts if not text.startswith("::ffff:")
    )
    found = address in Networks([text for text in texts if not text.startswith("::ffff:")], field="only")
    assert found is expected


def test_ten_thousand_networks_cost_one_look_up_for_each_length() -> None:
    networks = Networks([f"10.{number >> 8}.{number & 255}.0/24" for number in range(10_000)], field="blocked")
    inside, outside = read_address("10.1.2.3"), read_address("11.1.2.3")
    assert inside is not None
    assert outside is not None
    assert inside in networks
    assert outside not in networks
    assert len(networks._prefixes) == 1


def test_what_is_no_network_is_said_with_its_setting() -> None:
    with pytest.raises(ValueError, match=r"^only: '1\.2\.3' is no network"):
        Networks(["1.2.3"], field="only")


@given(st.ip_addresses(), st.lists(st.integers(16, 63), unique=True, max_size=4))
def test_the_keys_of_an_address_are_those_of_the_networks_it_is_in(ip: IPv4Address, lengths: list[int]) -> None:
    keys = network_keys(str(ip), tuple(lengths))
    assert len(keys) == sum((length < 32) is (ip.version == 4) for length in lengths)
    for key in keys:
        kind, _, network = key.partition(":")
        assert kind == "network"
        assert ip in ip_network(network)
