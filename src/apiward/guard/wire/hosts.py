"""The Host that was asked for: its form, and whether it is one of ours."""

import re
from typing import Final

from apiward.guard.wire.unfit import UnfitError

_MOST_KEPT: Final = 256
_FORM: Final = re.compile(
    rb"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::(?P<port>[0-9]{1,5}))?"
)


class HostRules:
    """Knows the hosts that may be asked for: `shop.example`, `*.shop.example`; none means any."""

    def __init__(self, hosts: tuple[str, ...]) -> None:
        named = [host.lower() for host in hosts]
        self._exact = frozenset(host for host in named if not host.startswith("*."))
        self._suffixes = tuple(host[1:] for host in named if host.startswith("*."))
        self._known: set[bytes] = set()

    def check(self, raw: bytes) -> None:
        """Raise UnfitError where `raw` is no host, or none of ours."""
        if raw in self._known:
            return
        match = _FORM.fullmatch(raw)
        if match is None or int(match["port"] or b"1") not in range(1, 65_536):
            raise UnfitError("protocol.host", "header host", "missing" if not raw else "not a host name")
        if not self._is_ours(match["name"].decode().lower().rstrip(".")):
            raise UnfitError("protocol.host-unknown", "header host", "not in the list of hosts")
        if len(self._known) < _MOST_KEPT:
            self._known.add(raw)

    def _is_ours(self, name: str) -> bool:
        if not self._exact and not self._suffixes:
            return True
        return name in self._exact or name.endswith(self._suffixes)
