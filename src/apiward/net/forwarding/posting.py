"""Posts records as lines, many in one request, signed where a secret is given (Standard Webhooks)."""

import hashlib
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from apiward.core.exchange import Headers, Request
from apiward.core.outgoing import Outgoing
from apiward.core.ports import Clock, Sender
from apiward.net.forwarding.answers import taken
from apiward.net.signed_posts import key_of, signature

TIMEOUT_S: Final = 30.0


class HttpDestination:
    """Implements `core.outgoing.Destination`. The same records again are a request with the same `webhook-id`."""

    def __init__(
        self,
        sender: Sender,
        address: str,
        *,
        clock: Clock,
        kind: str = "application/x-ndjson",
        headers: Headers = (),
        secret: str = "",
    ) -> None:
        """Take the secret as text, or as `whsec_` and base64. Raises ValueError where that cannot be read."""
        self.name = shown_address(address)
        self._address = address
        self._sender = sender
        self._clock = clock
        self._headers: Headers = (("Content-Type", kind), ("User-Agent", "apiward"), *headers)
        self._key = key_of(secret)

    async def send(self, records: Sequence[Outgoing]) -> str:
        """Post all of them."""
        body = "".join(f"{record.line}\n" for record in records).encode()
        id_ = batch_id(records)
        headers: Headers = (*self._headers, ("webhook-id", id_))
        if self._key:
            at = str(int(self._clock()))
            headers += (("webhook-timestamp", at), ("webhook-signature", signature(self._key, id_, at, body)))
        taken(await self._sender.send(Request("POST", self._address, headers, body), timeout_s=TIMEOUT_S))
        return ""

    async def aclose(self) -> None:
        """Nothing is held here: the sender's owner closes it."""


def shown_address(address: str) -> str:
    """Return an address as people may see it: a path may hold a token, and a name a password."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def batch_id(records: Sequence[Outgoing]) -> str:
    """Return a name of these records, which is the same whenever they are sent together."""
    return hashlib.sha256("\x1f".join(record.id for record in records).encode()).hexdigest()[:32]
