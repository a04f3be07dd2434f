import asyncio
import time

import pytest

from apiward.core.notice import NoticeKind, NotToldError
from apiward.net.sender import HttpSender
from apiward.net.senders.slack import Slack
from tests.net.senders.servers import Posted, http_place, notice


async def _told(*answers: bytes, token: str = "xoxb-1") -> tuple[list[str], list[Posted], bool]:
    async with http_place() as place, HttpSender(clock=time.time) as sender:
        place.answers = [(200, answer) for answer in answers]
        slack = Slack(sender, place.address, token=token, channel="C042" if token else "")
        first = await slack.send(notice(title="A <b> & <!channel>"))
        second = await slack.send(notice(NoticeKind.MORE, thread=first, link="https://shop.example/"))
        return [first, second], place.posted, slack.can_follow


def test_with_a_token_later_notices_stand_in_the_thread_of_the_first() -> None:
    threads, posted, can_follow = asyncio.run(_told(b'{"ok":true,"ts":"17.5"}', b'{"ok":true,"ts":"18.5"}'))
    assert (threads, can_follow) == (["17.5", "17.5"], True)
    assert posted[0].headers["authorization"] == "Bearer xoxb-1"
    assert (posted[0].json["channel"], posted[0].json.get("thread_ts")) == ("C042", None)
    assert posted[1].json["thread_ts"] == "17.5"
    assert "*A &lt;b&gt; &amp; &lt;!channel&gt;*" in str(posted[0].json["text"])
    assert str(posted[1].json["text"]).endswith("https://shop.example/")


def test_a_webhook_has_no_threads() -> None:
    threads, posted, can_follow = asyncio.run(_told(b"ok", b"ok", token=""))
    assert (threads, can_follow) == (["", ""], False)
    assert "authorization" not in posted[0].headers
    assert "channel" not in posted[0].json


@pytest.mark.parametrize(("error", "is_final"), [("invalid_auth", True), ("ratelimited", False)])
def test_what_slack_refuses_is_told(error: str, is_final: bool) -> None:  # noqa: FBT001
    with pytest.raises(NotToldError, match=error) as told:
        asyncio.run(_told(b'{"ok":false,"error":"%s"}' % error.encode()))
    assert told.value.is_final is is_final
