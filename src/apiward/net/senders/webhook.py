"""A signed webhook, as Standard Webhooks has it: HMAC-SHA256 over id, time and body."""

from typing import Final

import orjson

from apiward.core.notice import Notice
from apiward.core.ports import Clock, Sender
from apiward.net.senders.posting import post
from apiward.net.signed_posts import key_of, signature

SCHEMA: Final = "apiward.notice/1"


class Webhook:
    """Implements `core.notice.NoticeSender`. A receiver sees by `subject` what belongs together, so it can follow."""

    can_follow = True

    def __init__(self, sender: Sender, address: str, secret: str, *, clock: Clock) -> None:
        """Take the secret as text, or as `whsec_` and base64. Raises ValueError where that cannot be read."""
        self._sender = sender
        self._address = address
        self._key = key_of(secret)
        self._clock = clock

    async def send(self, notice: Notice) -> str:
        """Post the notice, signed with the time of sending."""
        body = orjson.dumps(document(notice))
        at = str(int(self._clock()))
        headers = {
            "webhook-id": notice.id,
            "webhook-timestamp": at,
            "webhook-signature": signature(self._key, notice.id, at, body),
        }
        await post(self._sender, self._address, headers, body)
        return notice.subject


def document(notice: Notice) -> dict[str, object]:
    """Return a notice as values of JSON."""
    return {
        "schema": SCHEMA,
        "type": f"incident.{notice.kind.value}",
        "id": notice.id,
        "subject": notice.subject,
        "severity": notice.severity.word,
        "title": notice.title,
        "lines": list(notice.lines),
        "at_s": notice.at_s,
        "link": notice.link,
        "is_drill": notice.is_drill,
        **({"checkpoint": notice.enclosed} if notice.enclosed else {}),
    }
