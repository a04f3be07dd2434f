"""Records, and receivers of them on this machine."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from apiward.core.exchange import Exchange, Failure, Request, Response
from apiward.core.finding import Severity
from apiward.core.outgoing import Outgoing

NOW_S: Final = 1_800_000_000.0


def record(number: int = 1, **changes: object) -> Outgoing:
    """Return a record."""
    made = Outgoing(f"id-{number}", "event", NOW_S + number, Severity.MEDIUM, f'{{"n":{number}}}')
    return made._replace(**changes)  # type: ignore[arg-type] # any field


class Answers:
    """Implements `core.ports.Sender`: keeps what was sent, and answers as it is told, the last for ever."""

    def __init__(self, *answers: Response | Failure) -> None:
        self._answers = list(answers)
        self.requests: list[Request] = []

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        """Keep the request and answer."""
        assert timeout_s
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Failure):
            return Exchange(request, failure=answer)
        return Exchange(request, answer)


def certificate(folder: Path, name: str = "localhost") -> tuple[Path, Path]:
    """Write a certificate that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(names)
        .issuer_name(names)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / f"{name}.pem", folder / f"{name}.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form, none = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, none))
    return public, private


class SyslogServer:
    """A server that takes messages by their length, over TLS."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self._news = asyncio.Event()
        self.port = 0
        self._writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read messages until the end."""
        self._writers.append(writer)
        try:
            while True:
                length = int(await reader.readuntil(b" "))
                self.messages.append(await reader.readexactly(length))
                self._news.set()
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            writer.close()

    def hang_up(self) -> None:
        """End all connections."""
        for writer in self._writers:
            writer.close()
        self._writers.clear()

    async def got(self, number: int) -> Sequence[bytes]:
        """Wait for that many messages."""
        async with asyncio.timeout(20):
            while len(self.messages) < number:
                self._news.clear()
                await self._news.wait()
        return self.messages


@asynccontextmanager
async def syslog_server(public: Path, private: Path) -> AsyncIterator[SyslogServer]:
    """Give a server of TLS on a port of this machine."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    found = SyslogServer()
    server = await asyncio.start_server(found.serve, "localhost", 0, ssl=context)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        found.hang_up()
        server.close()
