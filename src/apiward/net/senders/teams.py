"""Microsoft Teams, by the webhook of a workflow: an adaptive card. Such a webhook returns nothing to follow."""

from typing import Final

import orjson

from apiward.core.finding import Severity
from apiward.core.notice import Notice
from apiward.core.ports import Sender
from apiward.net.senders.posting import post

_COLOURS: Final = {Severity.CRITICAL: "Attention", Severity.HIGH: "Attention", Severity.MEDIUM: "Warning"}
_SIGNS: Final = str.maketrans({sign: f"\\{sign}" for sign in "\\*_[]()#`~>|"})


class Teams:
    """Implements `core.notice.NoticeSender`."""

    can_follow = False

    def __init__(self, sender: Sender, address: str) -> None:
        self._sender = sender
        self._address = address

    async def send(self, notice: Notice) -> str:
        """Post the notice as a card."""
        await post(self._sender, self._address, {}, orjson.dumps(card(notice)))
        return ""


def card(notice: Notice) -> dict[str, object]:
    """Return the message with an adaptive card (1.4), as workflows take it."""
    title = {
        "type": "TextBlock",
        "text": notice.title.translate(_SIGNS),
        "weight": "Bolder",
        "size": "Medium",
        "color": _COLOURS.get(notice.severity, "Default"),
        "wrap": True,
    }
    lines = [{"type": "TextBlock", "text": line.translate(_SIGNS), "wrap": True} for line in notice.lines]
    content: dict[str, object] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [title, *lines],
    }
    if notice.link:
        content["actions"] = [{"type": "Action.OpenUrl", "title": "Open", "url": notice.link}]
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": content}
    return {"type": "message", "attachments": [attachment]}
