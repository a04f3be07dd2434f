"""The true address of a client by a log line: as the guard finds it, from the peer and from what proxies said."""

import re
from typing import Final

from apiward.guard.origins.addresses import Address, read_address
from apiward.guard.origins.forwarded import client_of
from apiward.guard.origins.networks import Networks
from apiward.watch.logs.making import Origin

_WITH_PORT: Final = re.compile(r"\[?([0-9A-Fa-f:.]{2,45}?)\]?(?::[0-9]{1,5})?")
_MOST: Final = 8_192
_PLAIN: Final = re.compile(r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\.(?!$)|$)){4}")
"""An IPv4 address in its usual spelling: nothing is to be done for most of them."""


def origin_of(trusted_proxies: tuple[str, ...]) -> Origin:
    """Return what finds the address. Only what trusted proxies wrote is believed. Raises ValueError."""
    trusted = Networks(trusted_proxies, field="trusted_proxies")

    def origin(peer: str, forwarded: str) -> str:
        if (not forwarded or not trusted) and _PLAIN.fullmatch(peer):
            return peer
        address = _address(peer)
        if address is None:
            return peer
        if not forwarded or not trusted or address not in trusted:
            return address.text
        named = client_of((forwarded[:_MOST].encode("latin-1", "replace"),), trusted, is_forwarded="for=" in forwarded)
        return named.text if named is not None else address.text

    return origin


def _address(text: str) -> Address | None:
    """Return the address of `192.0.2.1`, `192.0.2.1:443` or `[2001:db8::1]:443`."""
    found = read_address(text)
    if found is None:
        match = _WITH_PORT.fullmatch(text[:64])
        found = read_address(match[1]) if match is not None else None
    return found
