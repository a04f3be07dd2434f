import asyncio
import time

from apiward.core.finding import Severity
from apiward.core.notice import NoticeKind
from apiward.net.sender import HttpSender
from apiward.net.senders.pagerduty import PagerDuty
from tests.net.senders.servers import Posted, http_place, notice


async def _sent() -> list[Posted]:
    async with http_place() as place, HttpSender(clock=time.time) as sender:
        pager = PagerDuty(sender, place.address, "r0uting")
        assert pager.can_follow
        for kind in (NoticeKind.FIRST, NoticeKind.MORE, NoticeKind.ENDED):
            assert await pager.send(notice(kind, link="https://shop.example/")) == "4f2a"
        await pager.send(notice(severity=Severity.NOTE))
        return place.posted


def test_one_alert_is_raised_changed_and_ended() -> None:
    events = [posted.json for posted in asyncio.run(_sent())]
    assert [event["event_action"] for event in events] == ["trigger", "trigger", "resolve", "trigger"]
    assert {event["dedup_key"] for event in events} == {"apiward-4f2a"}
    assert {event["routing_key"] for event in events} == {"r0uting"}
    payloads: list[dict[str, object]] = [event["payload"] for event in events]  # type: ignore[misc]
    assert (payloads[0]["severity"], payloads[3]["severity"]) == ("error", "info")
    assert payloads[0]["source"] == "apiward"
    assert str(payloads[0]["timestamp"]).startswith("2026-11-30T")
    assert events[0]["links"] == [{"href": "https://shop.example/", "text": "Open"}]
    assert "links" not in events[3]
