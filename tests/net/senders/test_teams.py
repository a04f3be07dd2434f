import asyncio
import time
from typing import Any

from apiward.net.sender import HttpSender
from apiward.net.senders.teams import Teams, card
from tests.net.senders.servers import Posted, http_place, notice


async def _sent() -> Posted:
    async with http_place() as place, HttpSender(clock=time.time) as sender:
        teams = Teams(sender, f"{place.address}/workflows/1?sig=s3cret")
        assert not teams.can_follow
        assert await teams.send(notice()) == ""
        return place.posted[0]


def test_a_card_is_posted() -> None:
    posted = asyncio.run(_sent())
    assert posted.path == "/workflows/1?sig=s3cret"
    assert posted.json == card(notice())
    content: dict[str, Any] = posted.json["attachments"][0]["content"]  # type: ignore[index]
    assert (posted.json["type"], content["type"], content["version"]) == ("message", "AdaptiveCard", "1.4")
    assert content["body"][0]["text"] == "Somebody tries stolen passwords"
    assert content["body"][0]["color"] == "Attention"
    assert "actions" not in content


def test_nothing_in_a_card_is_a_link_but_the_link() -> None:
    content = card(notice(lines=("[x](https://evil.example)",), link="https://shop.example/"))["attachments"]
    text = str(content)
    assert "\\\\[x\\\\]\\\\(https" in text
    assert "'url': 'https://shop.example/'" in text
