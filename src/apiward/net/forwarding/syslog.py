"""Sends records to a syslog server over TLS (RFC 5425), each a message of RFC 5424 with its length before it."""

import asyncio
import contextlib
import fcntl
import re
import socket
import ssl
import struct
import termios
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from apiward.core.finding import Severity
from apiward.core.moments import utc
from apiward.core.outgoing import NotSentError, Outgoing

PORT: Final = 6514
FACILITY: Final = 13
"""log audit"""
_LEVELS: Final = {Severity.NOTE: 6, Severity.LOW: 5, Severity.MEDIUM: 4, Severity.HIGH: 3, Severity.CRITICAL: 2}
_TIMEOUT_S: Final = 20.0
_LOOK_S: Final = 0.01
_LINGER_S: Final = 0.05
_NO_NAME: Final = re.compile(r'[^!-~]|[]="]')
_MARK: Final = "\ufeff"
"""Says that the message is UTF-8 (RFC 5424, section 6.4)."""


class SyslogDestination:
    """Implements `core.outgoing.Destination`.

    Syslog has no answer. Records count as sent once the receiving machine has acknowledged every byte (TCP), and the
    connection still stands. What a server loses after that, nobody can know here.
    """

    def __init__(self, host: str, port: int, context: ssl.SSLContext, *, own_name: str = "", pid: int = 0) -> None:
        self.name = f"syslog+tls://{host}:{port}"
        self._host, self._port, self._context = host, port, context
        self._own_name = _header(own_name or socket.gethostname(), 255)
        self._pid = str(pid or "-")
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def send(self, records: Sequence[Outgoing]) -> str:
        """Send all of them over one connection, which is kept."""
        data = b"".join(framed(message(record, self._own_name, self._pid)) for record in records)
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                reader, writer = await self._connected()
                writer.write(data)
                await writer.drain()
                await _acknowledged(writer)
                await _still_open(reader)
        except (OSError, ssl.SSLError, asyncio.IncompleteReadError) as error:
            await self.aclose()
            raise NotSentError(str(error)[:200] or type(error).__name__) from error
        return ""

    async def aclose(self) -> None:
        """Close the connection."""
        writer, self._writer, self._reader = self._writer, None, None
        if writer is not None:
            writer.close()
            with contextlib.suppress(OSError, ssl.SSLError, TimeoutError):
                async with asyncio.timeout(1.0):
                    await writer.wait_closed()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._reader is not None and self._writer is not None:
            await asyncio.sleep(0)  # lets the loop see that the other side has closed it
            if not self._reader.at_eof() and not self._writer.is_closing():
                return self._reader, self._writer
            await self.aclose()
        opened = await asyncio.open_connection(self._host, self._port, ssl=self._context, server_hostname=self._host)
        self._reader, self._writer = opened
        return opened


def tls_context(ca: Path | None = None, certificate: Path | None = None, key: Path | None = None) -> ssl.SSLContext:
    """Return a context that checks the server: by the system's authorities, or by `ca` alone. Raises OSError."""
    context = ssl.create_default_context(cafile=str(ca) if ca else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if certificate is not None:
        context.load_cert_chain(certificate, key)
    return context


def message(record: Outgoing, host: str, pid: str = "-") -> bytes:
    """Return a record as one message of RFC 5424."""
    priority = FACILITY * 8 + _LEVELS[record.severity]
    at = utc(record.at_s).isoformat(timespec="milliseconds")
    id_ = record.id.replace("\\", "\\\\").replace('"', '\\"').replace("]", "\\]")
    data = f'[apiward@32473 id="{id_}" kind="{_header(record.kind, 32)}"]'
    head = f"<{priority}>1 {at.replace('+00:00', 'Z')} {host} apiward {pid} {_header(record.kind, 32)} {data} {_MARK}"
    return (head + record.line).encode("utf-8", "backslashreplace")


def framed(text: bytes) -> bytes:
    """Return a message with its length before it (RFC 5425, section 4.3)."""
    return b"%d %s" % (len(text), text)


def _header(text: str, most: int) -> str:
    return _NO_NAME.sub("_", text)[:most] or "-"


async def _acknowledged(writer: asyncio.StreamWriter) -> None:
    """Wait until the other machine has acknowledged all bytes."""
    found = writer.get_extra_info("socket")
    while writer.transport.get_write_buffer_size() or _unacknowledged(found.fileno()):
        if writer.is_closing():
            raise ConnectionResetError("the connection broke")
        await asyncio.sleep(_LOOK_S)


async def _still_open(reader: asyncio.StreamReader) -> None:
    """Give a server that has just closed the connection the time to say so: it may not have read what came last."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LINGER_S):
            while await reader.read(1_024):
                continue  # a syslog server has nothing to say
            raise ConnectionResetError("the server closed the connection")


def _unacknowledged(descriptor: int) -> int:
    packed = fcntl.ioctl(descriptor, termios.TIOCOUTQ, struct.pack("i", 0))
    return int(struct.unpack("i", packed)[0])
