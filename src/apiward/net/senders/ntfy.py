"""ntfy: a push message to a phone, by a server of one's own or the public one."""

from typing import Final

import orjson

from apiward.core.finding import Severity
from apiward.core.notice import Notice
from apiward.core.ports import Sender
from apiward.net.senders.posting import post

_PRIORITIES: Final = {Severity.CRITICAL: 5, Severity.HIGH: 4, Severity.MEDIUM: 3, Severity.LOW: 2, Severity.NOTE: 1}
_LONGEST: Final = 3_500
"""Bytes of one message: the server takes 4,096, and makes a file of what is longer."""


class Ntfy:
    """Implements `core.notice.NoticeSender`. `token` is an access token, where the server wants one."""

    can_follow = False

    def __init__(self, sender: Sender, address: str, topic: str, *, token: str = "") -> None:
        self._sender = sender
        self._address = address
        self._topic = topic
        self._token = token

    async def send(self, notice: Notice) -> str:
        """Publish the notice."""
        text = "\n".join(notice.lines).encode()[:_LONGEST].decode("utf-8", "ignore")
        message: dict[str, object] = {
            "topic": self._topic,
            "title": notice.title,
            "message": text or notice.title,
            "priority": 2 if notice.is_drill else _PRIORITIES[notice.severity],
        }
        if notice.link:
            message["click"] = notice.link
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        await post(self._sender, self._address, headers, orjson.dumps(message))
        return ""
