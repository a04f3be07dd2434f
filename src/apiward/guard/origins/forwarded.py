"""What proxies say of a client's address: `X-Forwarded-For`, `Forwarded` (RFC 7239), or one address alone."""

import re
from collections.abc import Iterable
from typing import Final

from apiward.guard.origins.addresses import Address, read_address
from apiward.guard.origins.networks import Networks

MOST_HOPS: Final = 32
_LONGEST: Final = 2_048
_WITH_PORT: Final = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+))(?::[0-9]{1,5})?")
_FOR: Final = re.compile(r"(?:^|;)\s*for=(?:\"([^\"]*)\"|([^;\s]+))\s*(?=;|$)", re.IGNORECASE)


def client_of(values: Iterable[bytes], trusted: Networks, *, is_forwarded: bool) -> Address | None:
    """Return the right-most hop that is no trusted proxy; where all are, the first.

    Only what stands right of it was written by proxies that are trusted, so nothing left of it
    counts. None where what counts cannot be read, or where there are too many hops.
    """
    joined = b",".join(values)
    if len(joined) > _LONGEST or joined.count(b",") >= MOST_HOPS:
        return None
    found = None
    for hop in reversed(joined.decode("latin-1").split(",")):
        found = _forwarded_hop(hop) if is_forwarded else _hop(hop)
        if found is None or found not in trusted:
            return found
    return found


def _hop(text: str) -> Address | None:
    text = text.strip()
    match = _WITH_PORT.fullmatch(text)
    return read_address(match[1] or match[2] if match else text)


def _forwarded_hop(text: str) -> Address | None:
    found = _FOR.findall(text)
    return _hop(found[0][0] or found[0][1]) if len(found) == 1 else None
