"""Addresses in one spelling, and the prefixes by which they are counted."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, TypeAlias

IpAddress: TypeAlias = IPv4Address | IPv6Address
_LONGEST: Final = 60


@dataclass(frozen=True)
class Address:
    """An address: IPv4 that is mapped into IPv6 is IPv4, and zones (`%eth0`) are dropped."""

    ip: IpAddress

    @cached_property
    def text(self) -> str:
        """The usual spelling."""
        return str(self.ip)

    @cached_property
    def unit(self) -> str:
        """What one caller has: an IPv4 address, or the first 64 bits of an IPv6 address."""
        return self.text if self.ip.version == 4 else str(ip_network((int(self.ip) >> 64 << 64, 64)))

    @cached_property
    def area(self) -> str:
        """What one provider or office may have: IPv4 /24, IPv6 /48."""
        if self.ip.version == 4:
            return str(ip_network((int(self.ip) >> 8 << 8, 24)))
        return str(ip_network((int(self.ip) >> 80 << 80, 48)))


@lru_cache(maxsize=8_192)
def read_address(text: str) -> Address | None:
    """Return the address that `text` spells, or None where it is none (as for the peer of a local socket)."""
    if len(text) > _LONGEST:
        return None
    try:
        ip = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return Address(ip.ipv4_mapped or ip if isinstance(ip, IPv6Address) else ip)
