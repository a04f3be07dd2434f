"""Whose network a host stands in: this machine, a private network, or everybody's internet."""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Resolver: TypeAlias = Callable[[str], Awaitable[Sequence[str]]]
"""Gives every address of a name as text, in any order; an empty sequence where there is none."""

_MAX_PARTS: Final = 4
_NUMBER: Final = re.compile(r"0x[0-9a-f]{1,8}|0[0-7]{0,11}|[1-9][0-9]{0,9}")
_PRIVATE: Final = tuple(
    ip_network(text)
    for text in (
        "10.0.0.0/8",  # RFC 1918
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",  # link-local, RFC 3927
        "fc00::/7",  # unique local, RFC 4193
        "fe80::/10",  # link-local, RFC 4291
    )
)


class Scope(StrEnum):
    """How far away a host is. PUBLIC is also said where nothing is known."""

    LOOPBACK = "loopback"
    PRIVATE = "private"
    PUBLIC = "public"


async def resolve_scope(host: str, resolver: Resolver | None = None) -> Scope:
    """Return the widest scope of all addresses of `host`; no address at all counts as PUBLIC.

    A name may point elsewhere a moment later: this protects against mistakes, not against an owner
    of the name who wants to deceive.
    """
    name = _plain(host)
    literal = literal_address(name)
    if literal is not None:
        return scope_of(literal)
    found = [literal_address(text) for text in await (resolver or system_resolver)(name)]
    scopes = {scope_of(address) if address else Scope.PUBLIC for address in found}
    for scope in (Scope.PUBLIC, Scope.PRIVATE, Scope.LOOPBACK):
        if scope in scopes:
            return scope
    return Scope.PUBLIC


async def system_resolver(host: str) -> Sequence[str]:
    """Ask the operating system for all addresses of `host`; none where the name is unknown or odd."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(str(entry[4][0]) for entry in found)


def scope_of(address: Address) -> Scope:
    """Return the scope of one address; IPv4 inside IPv6 counts as what it carries."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return scope_of(address.ipv4_mapped)
    # 0.0.0.0 and :: reach this machine when one connects to them.
    if address.is_loopback or address.is_unspecified:
        return Scope.LOOPBACK
    is_private = any(address in network for network in _PRIVATE)
    return Scope.PRIVATE if is_private else Scope.PUBLIC


def literal_address(host: str) -> Address | None:
    """Return the address that `host` spells, as connecting would read it, or None for a name.

    Takes what the C library takes as well: `127.1`, `0x7f.1`, `0177.0.0.1`, `2130706433`.
    """
    try:
        return ip_address(_plain(host))
    except ValueError:
        return _loose_ipv4(_plain(host))


def _loose_ipv4(text: str) -> IPv4Address | None:
    parts = text.split(".")
    if len(parts) > _MAX_PARTS or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    *first, last = [_number(part) for part in parts]
    if any(number > 255 for number in first) or last >= 256 ** (5 - len(parts)):
        return None
    whole = last
    for place, number in enumerate(first):
        whole += number << (24 - 8 * place)
    return IPv4Address(whole)


def _number(text: str) -> int:
    if text.startswith("0x"):
        return int(text, 16)
    return int(text, 8 if text.startswith("0") else 10)


def _plain(host: str) -> str:
    name = host.strip().lower().removeprefix("[").removesuffix("]").removesuffix(".")
    return name.partition("%")[0]
