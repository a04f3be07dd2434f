import asyncio
import time

from apiward.core.finding import Severity
from apiward.net.sender import HttpSender
from apiward.net.senders.ntfy import Ntfy
from tests.net.senders.servers import Posted, http_place, notice


async def _sent() -> list[Posted]:
    async with http_place() as place, HttpSender(clock=time.time) as sender:
        assert await Ntfy(sender, place.address, "alarms", token="tk_1").send(notice()) == ""
        open_one = Ntfy(sender, place.address, "alarms")
        assert not open_one.can_follow
        await open_one.send(notice(severity=Severity.CRITICAL, lines=("ä" * 4_000,), link="https://shop.example/"))
        await open_one.send(notice(severity=Severity.CRITICAL, lines=(), is_drill=True))
        return place.posted


def test_a_message_is_published() -> None:
    first, long, drill = asyncio.run(_sent())
    assert first.headers["authorization"] == "Bearer tk_1"
    assert (first.json["topic"], first.json["priority"]) == ("alarms", 4)
    assert first.json["message"] == "57 accounts were tried.\nHold it off: apiward incidents contain 4f2a"
    assert "authorization" not in long.headers
    assert (long.json["priority"], long.json["click"]) == (5, "https://shop.example/")
    assert len(str(long.json["message"]).encode()) <= 3_500
    assert (drill.json["priority"], drill.json["message"]) == (2, "Somebody tries stolen passwords")
