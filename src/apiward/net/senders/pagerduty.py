"""PagerDuty, by its Events API v2: one alert for an incident, which later notices change and end."""

from datetime import UTC, datetime
from typing import Final

import orjson

from apiward.core.finding import Severity
from apiward.core.notice import Notice, NoticeKind
from apiward.core.ports import Sender
from apiward.net.senders.posting import post

_WORDS: Final = {
    Severity.CRITICAL: "critical",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "info",
    Severity.NOTE: "info",
}
_LONGEST: Final = 1_024


class PagerDuty:
    """Implements `core.notice.NoticeSender`. The routing key is the secret."""

    can_follow = True

    def __init__(self, sender: Sender, address: str, routing_key: str) -> None:
        self._sender = sender
        self._address = address
        self._routing_key = routing_key

    async def send(self, notice: Notice) -> str:
        """Trigger the alert of the incident, or resolve it."""
        event: dict[str, object] = {
            "routing_key": self._routing_key,
            "dedup_key": f"apiward-{notice.subject}",
            "event_action": "resolve" if notice.kind is NoticeKind.ENDED else "trigger",
            "payload": {
                "summary": notice.title[:_LONGEST],
                "source": "apiward",
                "severity": _WORDS[notice.severity],
                "timestamp": datetime.fromtimestamp(notice.at_s, UTC).isoformat(timespec="milliseconds"),
                "custom_details": {"lines": list(notice.lines), "drill": notice.is_drill},
            },
        }
        if notice.link:
            event["links"] = [{"href": notice.link, "text": "Open"}]
        await post(self._sender, self._address, {}, orjson.dumps(event))
        return notice.subject
