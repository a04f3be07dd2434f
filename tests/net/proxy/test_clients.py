"""The proxy as other people's clients see it: curl, Node's fetch, httpx2 over HTTP/1.1 and HTTP/2."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator

import httpx2
import pytest

from tests.net.hostile import answer
from tests.net.proxy.rig import PLAIN, Line, Upstream, answering, body_of, proxied, upstream

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")

COOKIES = answer(b"{}", b"Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n")


async def _run(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    async with asyncio.timeout(30):
        out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode()


def _curl(*arguments: str, reply: bytes = PLAIN) -> tuple[str, Upstream]:
    async def run() -> tuple[str, Upstream]:
        async with answering(reply) as seen, proxied(seen.address) as proxy:
            return await _run("curl", "-sS", "--max-time", "20", *arguments, proxy.address + "/a?b"), seen

    return asyncio.run(run())


@needs_curl
@pytest.mark.parametrize("version", ["--http1.0", "--http1.1", "--http2-prior-knowledge"])
def test_curl_in_each_version(version: str) -> None:
    said, seen = _curl(version, "-w", "%{http_code}")
    assert said == "{}200"
    assert seen.target() == b"GET /a?b HTTP/1.1"
    said, seen = _curl(version, "-I", reply=b"HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n")
    assert "content-length: 12345" in said
    said, _ = _curl(version, "-i", reply=COOKIES)
    assert said.count("set-cookie: ") == 2
    said, _ = _curl(version, "-w", "%{http_code}", reply=b"HTTP/1.1 204 No Content\r\n\r\n")
    assert said == "204"


@needs_curl
@pytest.mark.parametrize("version", ["--http1.1", "--http2-prior-knowledge"])
@pytest.mark.parametrize("fields", [["-H", "Expect: 100-continue"], ["-H", "Transfer-Encoding: chunked"], []])
def test_curl_uploads(version: str, fields: list[str]) -> None:
    said, seen = _curl(version, *fields, "-w", "%{http_code}", "-d", "x" * 100_000)
    assert said == "{}200"
    assert seen.bodies == [b"x" * 100_000]


@needs_curl
def test_curl_sees_that_an_answer_broke_off_in_http_2_as_well() -> None:
    async def serve(line: Line) -> None:
        await line.head()
        await line.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")

    async def run(version: str) -> int | None:
        async with upstream(serve) as seen, proxied(seen.address) as proxy:
            command = ("curl", "-s", version, proxy.address)
            process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
            return await process.wait()

    assert asyncio.run(run("--http1.1")) != 0
    assert asyncio.run(run("--http2-prior-knowledge")) != 0


NODE = """
const base = process.argv[1], out = {};
const get = await fetch(base + '/x?y=1');
out.get = [get.status, await get.text(), get.headers.getSetCookie()];
const head = await fetch(base, {method: 'HEAD'});
out.head = [head.status, await head.text()];
const post = await fetch(base, {method: 'POST', body: 'z'.repeat(200000)});
out.post = [post.status, await post.text()];
const piece = new Uint8Array(1000);
const pieces = new ReadableStream({start(c) { for (let i = 0; i < 5; i++) c.enqueue(piece); c.close(); }});
const stream = await fetch(base, {method: 'PUT', body: pieces, duplex: 'half'});
out.stream = [stream.status, await stream.text()];
console.log(JSON.stringify(out));
"""


@needs_node
def test_node_fetch() -> None:
    async def run() -> tuple[dict[str, list[object]], Upstream]:
        replies = (COOKIES, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", PLAIN)
        async with answering(*replies) as seen, proxied(seen.address) as proxy:
            said = await _run("node", "--input-type=module", "-e", NODE, proxy.address)
            return json.loads(said), seen

    said, seen = asyncio.run(run())
    assert said == {"get": [200, "{}", ["a=1", "b=2"]], "head": [200, ""], "post": [200, "{}"], "stream": [200, "{}"]}
    assert [len(body) for body in seen.bodies] == [0, 0, 200_000, 5000]


@pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/2"])
def test_httpx2_many_at_once(version: str) -> None:
    async def echo(line: Line) -> None:
        while True:
            head = await line.head()
            await line.say(answer(await body_of(line.reader, head)))

    async def pieces(number: int) -> AsyncIterator[bytes]:
        for _ in range(number):
            yield b"%05d" % number

    async def run() -> list[tuple[str, bytes]]:
        is_second = version == "HTTP/2"
        client = httpx2.AsyncClient(http1=not is_second, http2=is_second, timeout=30)
        async with upstream(echo) as seen, proxied(seen.address) as proxy, client:
            calls = [client.post(proxy.address, content=pieces(number)) for number in range(1, 60)]
            return [(got.http_version, got.content) for got in await asyncio.gather(*calls)]

    answers = asyncio.run(run())
    assert answers == [(version, b"%05d" % number * number) for number in range(1, 60)]
