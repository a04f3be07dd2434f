"""Slack: by a webhook of one channel, or with a token, which lets later notices stand in the thread of the first."""

from typing import Final

import orjson

from apiward.core.notice import Notice, NoticeKind, NotToldError
from apiward.core.ports import Sender
from apiward.net.senders.posting import json_of, post

_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LONGEST: Final = 2_900
_LATER: Final = frozenset({"ratelimited", "internal_error", "service_unavailable", "fatal_error", "request_timeout"})


class Slack:
    """Implements `core.notice.NoticeSender`. With `token` and `channel` it posts by the API, else to the webhook."""

    def __init__(self, sender: Sender, address: str, *, token: str = "", channel: str = "") -> None:
        self._sender = sender
        self._address = address
        self._token = token
        self._channel = channel
        self.can_follow = bool(token)

    async def send(self, notice: Notice) -> str:
        """Post the notice."""
        text = "\n".join(map(plain, (f"*{notice.title}*", *notice.lines, notice.link)))[:_LONGEST].strip()
        body: dict[str, object] = {"text": text, "unfurl_links": False}
        headers = {}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
            body["channel"] = self._channel
            if notice.thread and notice.kind is not NoticeKind.FIRST:
                body["thread_ts"] = notice.thread
        answer = json_of(await post(self._sender, self._address, headers, orjson.dumps(body)))
        if not self._token:
            return ""
        if answer.get("ok") is not True:
            error = str(answer.get("error", "nothing"))[:40]
            raise NotToldError(f"Slack said: {plain(error)}.", is_final=error not in _LATER)
        return notice.thread or str(answer.get("ts", ""))[:40]


def plain(text: str) -> str:
    """Return text in which nothing is a mention, a link or a sign of Slack's."""
    return "".join(_ESCAPES.get(sign, sign) for sign in text)
