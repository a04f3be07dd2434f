import asyncio
import base64
import hashlib
import hmac
import time
from dataclasses import replace

import pytest

from apiward.core.notice import NoticeKind
from apiward.net.sender import HttpSender
from apiward.net.senders.webhook import Webhook, document
from apiward.net.signed_posts import key_of, signature
from tests.net.senders.servers import NOW_S, Posted, http_place, notice

SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()


async def _sent() -> tuple[str, Posted]:
    async with http_place() as place, HttpSender(clock=time.time) as sender:
        hook = Webhook(sender, f"{place.address}/hook", SECRET, clock=lambda: NOW_S + 0.7)
        assert hook.can_follow
        thread = await hook.send(notice(NoticeKind.MORE, link="https://shop.example/i/4f2a"))
        return thread, place.posted[0]


def test_a_receiver_can_check_who_sent_it_and_when() -> None:
    thread, posted = asyncio.run(_sent())
    assert thread == "4f2a"
    assert (posted.path, posted.headers["content-type"]) == ("/hook", "application/json")
    id_, at = posted.headers["webhook-id"], posted.headers["webhook-timestamp"]
    assert (id_, at) == ("4f2a.more", str(int(NOW_S)))
    expected = hmac.new(b"k" * 24, f"{id_}.{at}.".encode() + posted.body, hashlib.sha256).digest()
    assert posted.headers["webhook-signature"] == f"v1,{base64.b64encode(expected).decode()}"
    assert posted.json["schema"] == "apiward.notice/1"
    assert (posted.json["type"], posted.json["severity"]) == ("incident.more", "high")
    assert posted.json["subject"] == "4f2a"


def test_a_checkpoint_goes_along_where_there_is_one() -> None:
    assert "checkpoint" not in document(notice(NoticeKind.DIGEST))
    assert document(replace(notice(NoticeKind.DIGEST), enclosed="shop\n7\n"))["checkpoint"] == "shop\n7\n"


def test_the_published_example_of_the_standard_is_met() -> None:
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    said = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body)
    assert said == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_is_text_or_base64() -> None:
    assert key_of("plain") == b"plain"
    with pytest.raises(ValueError, match="base64"):
        key_of("whsec_*")
