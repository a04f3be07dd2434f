import asyncio
import socket
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.net.hosts import Scope, literal_address, resolve_scope

LOOPBACK = [
    "127.0.0.1",
    "127.255.255.254",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7F.1",
    "0177.0.0.1",
    "017700000001",
    "0.0.0.0",
    "0",
    "::1",
    "[::1]",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "127.0.0.1.",
    "0:0:0:0:0:0:0:1",
]
PRIVATE = [
    "10.0.0.1",
    "10.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "0xc0a80101",
    "169.254.1.1",
    "fe80::1",
    "fe80::1%eth0",
    "fd00::1",
    "::ffff:192.168.0.1",
]
PUBLIC = [
    "8.8.8.8",
    "172.32.0.1",
    "172.15.255.255",
    "192.169.0.1",
    "100.64.0.1",
    "192.0.2.1",
    "240.0.0.1",
    "0.1.2.3",
    "134744072",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "224.0.0.1",
]


async def nobody(host: str) -> Sequence[str]:
    raise AssertionError(f"{host} is an address: nobody should be asked")


def _scope(host: str, *addresses: str) -> Scope:
    async def resolver(asked: str) -> Sequence[str]:
        return addresses

    return asyncio.run(resolve_scope(host, resolver))


@pytest.mark.parametrize(
    ("host", "scope"),
    [(host, scope) for scope, hosts in zip(Scope, (LOOPBACK, PRIVATE, PUBLIC), strict=True) for host in hosts],
)
def test_an_address_says_its_own_scope(host: str, scope: Scope) -> None:
    assert asyncio.run(resolve_scope(host, nobody)) is scope


@pytest.mark.parametrize(
    ("addresses", "scope"),
    [
        (["127.0.0.1", "::1"], Scope.LOOPBACK),
        (["127.0.0.1", "10.0.0.1"], Scope.PRIVATE),
        (["10.0.0.1", "8.8.8.8"], Scope.PUBLIC),
        (["::1", "2606:4700::1111"], Scope.PUBLIC),
        (["fe80::1%eth0"], Scope.PRIVATE),
        (["what is this"], Scope.PUBLIC),
        ([], Scope.PUBLIC),
    ],
)
def test_the_widest_of_all_addresses_counts(addresses: list[str], scope: Scope) -> None:
    assert _scope("shop.test", *addresses) is scope


def test_the_system_resolver_finds_localhost_and_survives_nonsense() -> None:
    assert asyncio.run(resolve_scope("localhost")) is Scope.LOOPBACK
    assert asyncio.run(resolve_scope("a" * 70)) is Scope.PUBLIC


@given(st.lists(st.sampled_from(["0", "1", "127", "0x7f", "0177", "255", "256", "65535", "16777216"]), max_size=4))
def test_loose_spellings_mean_what_the_c_library_says(parts: list[str]) -> None:
    text = ".".join(parts)
    try:
        expected = socket.inet_aton(text) if text else None
    except OSError:
        expected = None
    found = literal_address(text)
    assert (found.packed if found else None) == expected


@given(st.text(max_size=30))
def test_any_text_has_a_scope(host: str) -> None:
    assert _scope(host) in Scope
