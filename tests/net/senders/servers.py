"""Servers on this machine that take what senders send: one for HTTP, one for mail."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import orjson

from apiward.core.finding import Severity
from apiward.core.notice import Notice, NoticeKind

NOW_S = 1_796_040_000.0


def notice(kind: NoticeKind = NoticeKind.FIRST, **more: object) -> Notice:
    """Return a notice of one incident."""
    values: dict[str, object] = {
        "id": f"4f2a.{kind.value}",
        "subject": "4f2a",
        "kind": kind,
        "severity": Severity.HIGH,
        "title": "Somebody tries stolen passwords",
        "lines": ("57 accounts were tried.", "Hold it off: apiward incidents contain 4f2a"),
        "at_s": NOW_S,
    }
    return Notice(**{**values, **more})  # type: ignore[arg-type]


@dataclass
class Posted:
    """One request that came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        """The body as JSON."""
        found: dict[str, object] = orjson.loads(self.body)
        return found


@dataclass
class HttpPlace:
    """A server that answers with what stands in `answers`, then with 200."""

    address: str = ""
    posted: list[Posted] = field(default_factory=list)
    answers: list[tuple[int, bytes]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request, and close."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.posted.append(Posted(head[0].split(" ")[1], headers, body))
            status, text = self.answers.pop(0) if self.answers else (200, b"{}")
            more = b"location: /elsewhere\r\nretry-after: 7\r\n"
            writer.write(
                b"HTTP/1.1 %d x\r\n%scontent-length: %d\r\nconnection: close\r\n\r\n" % (status, more, len(text))
            )
            writer.write(text)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def http_place() -> AsyncIterator[HttpPlace]:
    """Run a server for HTTP."""
    place = HttpPlace()
    server = await asyncio.start_server(place.serve, "127.0.0.1", 0)
    async with server:
        place.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield place


@dataclass
class MailPlace:
    """A mail server: what it offers and refuses, and what came."""

    tls: ssl.SSLContext | None = None
    is_tls_first: bool = False
    refuses: bytes = b""
    port: int = 0
    letters: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    was_encrypted: bool = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak as much SMTP as it takes."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            self.was_encrypted = self.is_tls_first
            await self._tell(writer, b"220 here")
            while line := await reader.readline():
                text = line.decode().strip()
                self.said.append(text)
                word = text[:4].upper()
                if word == "EHLO":
                    offers = [b"250-here"]
                    if self.tls is not None and not self.was_encrypted:
                        offers.append(b"250-STARTTLS")
                    await self._tell(writer, *offers, b"250 AUTH PLAIN LOGIN")
                elif word == "STAR" and self.tls is not None:
                    await self._tell(writer, b"220 go")
                    await writer.start_tls(self.tls)
                    self.was_encrypted = True
                elif word == "AUTH":
                    await self._tell(writer, b"235 welcome")
                elif word == "RCPT" and self.refuses:
                    await self._tell(writer, self.refuses)
                elif word == "DATA":
                    await self._tell(writer, b"354 go")
                    self.letters.append((await reader.readuntil(b"\r\n.\r\n")).decode())
                    await self._tell(writer, b"250 taken")
                elif word == "QUIT":
                    await self._tell(writer, b"221 bye")
                    break
                else:
                    await self._tell(writer, b"250 ok")
        writer.close()

    async def _tell(self, writer: asyncio.StreamWriter, *lines: bytes) -> None:
        writer.write(b"".join(line + b"\r\n" for line in lines))
        await writer.drain()


@asynccontextmanager
async def mail_place(
    tls: ssl.SSLContext | None = None, *, is_tls_first: bool = False, refuses: bytes = b""
) -> AsyncIterator[MailPlace]:
    """Run a mail server."""
    place = MailPlace(tls, is_tls_first, refuses)
    server = await asyncio.start_server(place.serve, "127.0.0.1", 0, ssl=tls if is_tls_first else None)
    async with server:
        place.port = server.sockets[0].getsockname()[1]
        yield place
