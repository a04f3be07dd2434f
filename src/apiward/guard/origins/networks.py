"""Many networks, asked at once whether an address is in one of them."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

from apiward.guard.origins.addresses import Address

Network: TypeAlias = IPv4Network | IPv6Network
_BITS: Final = {4: 32, 6: 128}
_MAPPED: Final = 96
"""So many bits stand before an IPv4 address that is mapped into IPv6."""


class Networks:
    """Networks by the length of their prefix: one look-up for each length that occurs, however many there are."""

    def __init__(self, networks: Iterable[str], *, field: str) -> None:
        """Compile networks (`203.0.113.0/24`) and addresses. Raises ValueError, which names `field`."""
        self._prefixes: dict[tuple[int, int], set[int]] = {}
        for text in networks:
            network = read_network(text)
            if network is None:
                raise ValueError(f"{field}: {text!r} is no network; write 203.0.113.0/24 or an address")
            version, length = network.version, network.prefixlen
            prefix = int(network.network_address) >> (_BITS[version] - length)
            self._prefixes.setdefault((version, length), set()).add(prefix)

    def __bool__(self) -> bool:
        return bool(self._prefixes)

    def __contains__(self, address: Address) -> bool:
        version, number = address.ip.version, int(address.ip)
        return any(
            number >> (_BITS[version] - length) in prefixes
            for (of_version, length), prefixes in self._prefixes.items()
            if of_version == version
        )


@lru_cache(maxsize=8_192)
def network_keys(address: str, lengths: tuple[int, ...]) -> tuple[str, ...]:
    """Return the keys of the networks of these prefix lengths that an address is in: below 32 of IPv4, else of IPv6."""
    ip = ip_address(address)
    own = [length for length in lengths if (length < _BITS[4]) is (ip.version == 4)]
    return tuple(f"network:{ip_network((ip, length), strict=False)}" for length in own)


def read_network(text: str) -> Network | None:
    """Return the network that `text` spells, or None where it is none; IPv4 that is mapped into IPv6 is IPv4."""
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        return None
    if isinstance(network, IPv6Network) and network.prefixlen >= _MAPPED:
        mapped = network.network_address.ipv4_mapped
        return IPv4Network((mapped, network.prefixlen - _MAPPED)) if mapped is not None else network
    return network
