"""Many networks, asked at once whether an address is in one of them."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv6Network, ip_address, ip_network
from typing import Final

from apiward.guard.origins.addresses import Address

_BITS: Final = {4: 32, 6: 128}


class Networks:
    """Networks by the length of their prefix: one look-up for each length that occurs, however many there are."""

    def __init__(self, networks: Iterable[str], *, field: str) -> None:
        """Compile networks (`203.0.113.0/24`) and addresses. Raises ValueError, which names `field`."""
        self._prefixes: dict[tuple[int, int], set[int]] = {}
        for text in networks:
            version, length, prefix = _read(text, field)
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


def _read(text: str, field: str) -> tuple[int, int, int]:
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        raise ValueError(f"{field}: {text!r} is no network; write 203.0.113.0/24 or an address") from None
    start, length, version = int(network.network_address), network.prefixlen, network.version
    if isinstance(network, IPv6Network) and network.network_address.ipv4_mapped and length >= 96:
        start, length, version = start & 0xFFFFFFFF, length - 96, 4
    return version, length, start >> (_BITS[version] - length)
