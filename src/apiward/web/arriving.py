"""From where a request comes, and whether it may be answered: under which name, from whom, and how protected."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

from apiward.app.page.listening import LOOPBACK, PagePlace
from apiward.guard.origins.addresses import Address, read_address
from apiward.guard.origins.forwarded import client_of

_NEAR: Final = ("127.0.0.1", "localhost", "::1")
_SIGNS: Final = frozenset({b"x-forwarded-for", b"x-forwarded-proto", b"forwarded"})
"""What proxies add: who sits at this computer sends none of it."""
NO_TLS: Final = "This page needs TLS. Open it with https://, and let a proxy before it send X-Forwarded-Proto.\n"
NO_CLIENT: Final = "The proxy before this page must say who asks: let it send X-Forwarded-For.\n"
NO_PROXY: Final = "This came through a proxy that is not named. Name its address: proxies in [page].\n"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request that may be answered. `is_near`: from this computer, where a one-time link is enough."""

    client: str
    is_near: bool
    is_secure: bool
    may_log_in: bool


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """One that may not, with the answer's status and text."""

    status: int
    text: str = ""


class Arrivals:
    """Judges requests to the page at `place`."""

    def __init__(self, place: PagePlace) -> None:
        self._proxies = place.proxies
        host = read_address(place.host)
        own = (place.host,) if host is not None and host in LOOPBACK else ()
        self._near = _with_port({*_NEAR, *own}, place.port)
        self._far = frozenset(place.names) | _with_port((name for name in place.names if ":" not in name), place.port)

    def of(self, scope: Scope) -> Arrival | TurnedAway:
        """Return who comes how, or why nobody is answered."""
        named = _values(scope, b"host")
        host = named[0].decode("latin-1").lower() if len(named) == 1 else ""
        peer = read_address(str((scope.get("client") or ("",))[0]))
        is_proxy = peer is not None and peer in self._proxies
        has_sign = any(name in _SIGNS for name, _ in scope["headers"])
        is_tls = scope["scheme"] == "https"
        if host in self._near and peer is not None and peer in LOOPBACK and not (is_proxy and has_sign):
            if has_sign:
                return TurnedAway(403, NO_PROXY)
            # Behind a proxy that says nothing, all would look like one: nobody logs in there.
            return Arrival(peer.unit, is_near=True, is_secure=is_tls, may_log_in=not is_proxy)
        if host not in self._far or peer is None:
            return TurnedAway(421)
        is_secure = is_tls or (is_proxy and _values(scope, b"x-forwarded-proto") == [b"https"])
        if not is_secure:
            return TurnedAway(403, NO_TLS)
        client = self._client(scope) if is_proxy else peer
        if client is None:  # all would look like one, and one who tries passwords would slow all down
            return TurnedAway(403, NO_CLIENT)
        return Arrival(client.unit, is_near=False, is_secure=True, may_log_in=True)

    def _client(self, scope: Scope) -> Address | None:
        return client_of(_values(scope, b"x-forwarded-for"), self._proxies, is_forwarded=False)


def _values(scope: Scope, wanted: bytes) -> list[bytes]:
    return [value for name, value in scope["headers"] if name == wanted]


def _with_port(names: Iterable[str], port: int) -> frozenset[str]:
    return frozenset(f"[{name}]:{port}" if ":" in name else f"{name}:{port}" for name in names)
