"""Bar 6: whatever a server does, one exchange comes back in time, and its body can be read as JSON."""

import asyncio
import time
from typing import Final

import pytest

from apiward.core.exchange import Exchange, Failure, Request
from apiward.core.jsonvalue import NOT_JSON, NotJson, parse_json, walk
from apiward.net.sender import HttpSender
from tests.net.hostile import BEHAVIOURS, hostile_server

WAIT_S: Final = 0.25
LIMIT_S: Final = 10.0
SLACK_S: Final = 5.0
BODY_LIMIT_BYTES: Final = 500_000

FAILS: Final = {
    Failure.TIMEOUT: {
        "no-answer",
        "slow-status-line",
        "slow-headers",
        "slow-header-fields",
        "slow-interim-answers",
    },
    Failure.HUNG_UP: {
        "hang-up-at-once",
        "hang-up-in-status-line",
        "hang-up-in-headers",
        "reset-at-once",
        "reset-in-headers",
    },
    Failure.BAD_PROTOCOL: {
        "tls-bytes",
        "tls-hello-and-wait",
        "endless-headers",
        "endless-header-line",
        "endless-status-line",
        "endless-interim-answers",
        "endless-garbage",
        "endless-blank-lines",
        "length-negative",
        "length-no-number",
        "length-huge",
        "length-two-different",
        "coding-unknown-transfer",
        "garbage-text",
        "garbage-bytes",
        "another-protocol",
        "http-0-9",
        "http-two-preface",
        "status-000",
        "status-abc",
        "status-four-digits",
        "status-negative",
        "status-101-unasked",
        "interim-flood",
        "header-without-colon",
        "header-empty-name",
        "header-nul",
        "header-megabyte-line",
        "header-ten-thousand",
    },
}
EXPECTED_FAILURE: Final = {name: failure for failure, names in FAILS.items() for name in names}
CUT: Final = {
    "hang-up-after-headers",
    "hang-up-mid-body",
    "reset-mid-body",
    "stays-open-without-length",
    "slow-body",
    "slow-chunks",
    "slow-chunk-size",
    "slow-packed-body",
    "headers-then-silence",
    "half-body-then-silence",
    "endless-body",
    "endless-chunks",
    "endless-tiny-chunks",
    "endless-chunk-size",
    "endless-chunk-extension",
    "endless-trailers",
    "endless-json-array",
    "endless-nothing-packed",
    "huge-body",
    "length-too-long",
    "chunk-size-bad",
    "chunk-size-negative",
    "chunk-size-huge",
    "chunk-no-end",
    "chunk-no-line-end",
    "chunk-long-size-line",
    "gzip-damaged",
    "gzip-truncated",
    "gzip-bomb",
    "gzip-bomb-in-gzip",
    "json-wide",
    "json-long-key",
}
WAITS: Final = {
    "no-answer",
    "stays-open-without-length",
    "headers-then-silence",
    "half-body-then-silence",
    "endless-tiny-chunks",
} | {name for name in BEHAVIOURS if name.startswith("slow-")}
STATUS: Final = {
    "status-999": 999,
    "body-in-204": 204,
    "body-in-304": 304,
    "redirect-308": 308,
} | {name: 302 for name in BEHAVIOURS if name.startswith("redirect-") and name != "redirect-308"}


async def _exchange(name: str, method: str = "GET") -> Exchange:
    limit_s = WAIT_S if name in WAITS else LIMIT_S
    async with (
        hostile_server(name) as address,
        HttpSender(clock=time.time, timeout_s=limit_s, body_limit_bytes=BODY_LIMIT_BYTES) as sender,
    ):
        return await sender.send(Request(method, f"{address}/"))


def _json(exchange: Exchange) -> int:
    value = parse_json(exchange.response.body if exchange.response else b"")
    return 0 if isinstance(value, NotJson) else sum(1 for _ in walk(value))


def test_the_expectations_name_behaviours_that_exist() -> None:
    assert len(BEHAVIOURS) >= 100
    assert set(EXPECTED_FAILURE) | CUT | set(STATUS) <= set(BEHAVIOURS)
    assert not set(EXPECTED_FAILURE) & (CUT | set(STATUS))


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_a_hostile_server_gives_an_exchange_in_time(name: str) -> None:
    began_s = time.monotonic()
    exchange = asyncio.run(_exchange(name))
    _json(exchange)
    assert time.monotonic() - began_s < (WAIT_S if name in WAITS else LIMIT_S) + SLACK_S
    assert exchange.failure is EXPECTED_FAILURE.get(name)
    if exchange.response is None:
        assert exchange.failure_detail
        return
    assert exchange.status == STATUS.get(name, 200)
    assert exchange.response.is_cut == (name in CUT)
    assert exchange.failure_detail or not exchange.response.is_cut
    assert len(exchange.response.body) <= BODY_LIMIT_BYTES


@pytest.mark.parametrize(
    "name", ["close-announced", "gzip-twice", "deflate-bare", "json-as-html", "length-and-chunked"]
)
def test_an_odd_but_readable_answer_is_read(name: str) -> None:
    exchange = asyncio.run(_exchange(name))
    assert exchange.response is not None
    assert exchange.response.json() == {"id": 1}


@pytest.mark.parametrize(
    "name", ["json-deep-arrays", "json-huge-integer", "html-as-json", "json-not-utf-8", "empty-200"]
)
def test_a_body_that_is_no_json_is_said_to_be_none(name: str) -> None:
    exchange = asyncio.run(_exchange(name))
    assert exchange.response is not None
    assert exchange.response.json() is NOT_JSON


@pytest.mark.parametrize("name", ["huge-body", "gzip-bomb", "empty-200"])
def test_head_takes_no_body(name: str) -> None:
    exchange = asyncio.run(_exchange(name, "HEAD"))
    assert exchange.response is not None
    assert exchange.response.body == b""
    assert not exchange.response.is_cut
