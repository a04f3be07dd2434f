import asyncio
import time

import pytest

from apiward.core.notice import NotToldError
from apiward.net.sender import HttpSender
from apiward.net.senders.posting import json_of, post
from tests.net.senders.servers import http_place


async def _posted(*answers: tuple[int, bytes]) -> tuple[dict[str, object], list[str]]:
    async with http_place() as place, HttpSender(clock=time.time) as sender:
        place.answers = list(answers)
        response = await post(sender, f"{place.address}/hook?key=s3cret", {"X-One": "1"}, b"{}")
        return json_of(response), [one.path for one in place.posted]


def test_what_is_taken_is_returned() -> None:
    assert asyncio.run(_posted((200, b'{"ts": "1.2"}'))) == ({"ts": "1.2"}, ["/hook?key=s3cret"])
    assert asyncio.run(_posted((202, b"ok")))[0] == {}
    assert asyncio.run(_posted((200, b"[1]")))[0] == {}


@pytest.mark.parametrize(
    ("status", "is_final"),
    [(301, True), (307, True), (400, True), (404, True), (429, False), (500, False), (503, False)],
)
def test_no_redirect_is_followed_and_no_error_shows_the_address(status: int, is_final: bool) -> None:  # noqa: FBT001
    with pytest.raises(NotToldError) as told:
        asyncio.run(_posted((status, b"s3cret")))
    assert (told.value.is_final, told.value.retry_after_s) == (is_final, 7.0)
    assert told.value.why == f"It was answered with {status}."


def test_a_place_that_is_away_is_told_without_its_address() -> None:
    async def run() -> None:
        async with HttpSender(clock=time.time) as sender:
            await post(sender, "http://127.0.0.1:1/s3cret", {}, b"{}")

    with pytest.raises(NotToldError) as told:
        asyncio.run(run())
    assert not told.value.is_final
    assert "s3cret" not in str(told.value)
    assert "127.0.0.1" not in str(told.value)
