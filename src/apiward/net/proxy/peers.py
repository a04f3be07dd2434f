"""Who is at the other end of connections that the TLS door hands on: a table that door and workers map into memory.

One slot for each port from which the door can speak. Where a slot is empty, whoever speaks from that port came past
the door, and is turned away.
"""

import base64
import mmap
import os
import struct
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from apiward.net.middleware import CERTIFICATE
from apiward.net.proxy.messages import App, Receive, Scope, Send

INNER_HOST: Final = "127.0.0.1"
SLOT: Final = 8192
_PORTS: Final = 65_536
_HEAD: Final = struct.Struct("<?HHH")
"""Whether the slot holds anything, the peer's port, and the lengths of its address and certificate."""
MAX_CERTIFICATE: Final = SLOT - _HEAD.size - 128
_SECURE: Final = {"http": "https", "ws": "wss"}


@dataclass(frozen=True, slots=True)
class Peer:
    """Address and port of a client, and its certificate (DER), empty where it showed none."""

    host: str
    port: int
    certificate: bytes = b""


class PeerTable:
    """Implemented as a sparse file: a slot takes memory once it was used."""

    def __init__(self, path: Path) -> None:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(handle, SLOT * _PORTS)
            self._map = mmap.mmap(handle, SLOT * _PORTS)
        finally:
            os.close(handle)

    def put(self, port: int, peer: Peer) -> None:
        """Say who is behind the door's own `port`. Raises ValueError for a certificate that is too long."""
        host = peer.host.encode()
        if len(host) + len(peer.certificate) > SLOT - _HEAD.size:
            raise ValueError("the certificate is too long")
        at = port * SLOT
        content = host + peer.certificate
        self._map[at + _HEAD.size : at + _HEAD.size + len(content)] = content
        _HEAD.pack_into(self._map, at, True, peer.port, len(host), len(peer.certificate))  # noqa: FBT003 - a field

    def drop(self, port: int) -> None:
        """Forget who was behind `port`."""
        self._map[port * SLOT] = 0

    def get(self, port: int) -> Peer | None:
        """Return who is behind `port`, or None."""
        at = port * SLOT
        is_there, peer_port, host, certificate = _HEAD.unpack_from(self._map, at)
        if not is_there:
            return None
        content = self._map[at + _HEAD.size : at + _HEAD.size + host + certificate]
        return Peer(content[:host].decode(), peer_port, content[host:])


def behind_door(app: App, table: PeerTable) -> App:
    """Return `app` for a server that only the door may reach: each request is told who it is really from.

    The API behind reads a certificate in `Client-Cert` (RFC 9440).
    """

    def outer(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == "lifespan":
            return app(scope, receive, send)
        host, port = scope.get("client") or ("", 0)
        peer = table.get(int(port)) if host == INNER_HOST else None
        if peer is None:
            return _turned_away(scope, send)
        onward = dict(scope)
        onward["apiward.peer"] = (host, port)
        onward["client"] = (peer.host, peer.port)
        onward["scheme"] = _SECURE.get(scope["scheme"], scope["scheme"])
        if peer.certificate:
            onward[CERTIFICATE] = peer.certificate
            onward["apiward.add"] = [(b"client-cert", b":%b:" % base64.b64encode(peer.certificate))]
        return app(onward, receive, send)

    return outer


async def _turned_away(scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "http.response.start", "status": 403, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
