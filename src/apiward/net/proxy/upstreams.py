"""Where requests go: rules by host and path prefix, each with one or several servers."""

import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from apiward.core.ports import Clock
from apiward.net.proxy.breaker import Breaker, BreakerSettings
from apiward.net.proxy.failures import NoServerError
from apiward.net.proxy.pool import Pool, PoolSettings


@dataclass(frozen=True, slots=True)
class HealthSettings:
    """`path` is asked every `interval_s` seconds, where given; a status below 400 in time means healthy.

    `failures` in a row make a server unhealthy, one success healthy again. Each worker asks for itself.
    """

    path: str | None = None
    interval_s: float = 5.0
    timeout_s: float = 2.0
    failures: int = 2


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """For `https` servers. Certificates are always checked: against `ca_file` where given, else the system's list."""

    ca_file: Path | None = None
    certificate_file: Path | None = None
    key_file: Path | None = None


@dataclass(frozen=True, slots=True)
class UpstreamSettings:
    """One rule. `servers` are addresses like `http://localhost:8000` or `https://10.0.0.5/base`.

    `hosts` are names or `*.suffix`, none means any; `prefix` is a path prefix that ends at a segment's end.
    With `keeps_host` the client's Host is sent on, else the server's own name.
    """

    servers: tuple[str, ...]
    hosts: tuple[str, ...] = ()
    prefix: str = "/"
    keeps_host: bool = False
    health: HealthSettings = field(default_factory=HealthSettings)
    breaker: BreakerSettings = field(default_factory=BreakerSettings)
    pool: PoolSettings = field(default_factory=PoolSettings)
    tls: TlsSettings = field(default_factory=TlsSettings)


class Server:
    """One server: its connections, its breaker, and whether its health check passes."""

    def __init__(self, address: str, settings: UpstreamSettings, clock: Clock) -> None:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.username:
            raise ValueError(f"not an upstream address: {address!r}; it looks like http://localhost:8000")
        self.address = address
        self.is_tls = parts.scheme == "https"
        self.host = parts.hostname
        self.port = parts.port or (443 if self.is_tls else 80)
        self.authority = parts.netloc.encode("idna" if not parts.netloc.isascii() else "ascii")
        self.base = parts.path.rstrip("/").encode("ascii")
        self.tls = _context(settings.tls) if self.is_tls else None
        self.host_line = b" HTTP/1.1\r\nhost: " + self.authority + b"\r\n"
        self.pool = Pool(self.host, self.port, self.tls, settings.pool, clock)
        self.breaker = Breaker(settings.breaker)
        self.is_healthy = True


class Upstream:
    """The servers of one rule, taken in turn."""

    def __init__(self, settings: UpstreamSettings, clock: Clock) -> None:
        if not settings.servers:
            raise ValueError("an upstream needs at least one server")
        self.settings = settings
        self.prefix = settings.prefix.rstrip("/").encode("ascii")
        self.servers = tuple(Server(address, settings, clock) for address in settings.servers)
        self._clock = clock
        self._next = 0
        self._only = self.servers[0] if len(self.servers) == 1 else None

    def pick(self, *, other_than: Server | None = None) -> Server:
        """Return the server whose turn it is; raises NoServerError. The outcome must be told to its breaker."""
        if self._only is not None and self._only.is_healthy and self._only.breaker.is_closed:
            return self._only
        now_s = self._clock()
        for server in self._in_turn(other_than):
            if server.is_healthy and server.breaker.allows(now_s):
                return server
        raise NoServerError(min(self._wait_s(server, now_s) for server in self.servers))

    def matches(self, raw_path: bytes) -> bool:
        """Whether the path lies below this rule's prefix."""
        return raw_path.startswith(self.prefix) and raw_path[len(self.prefix) : len(self.prefix) + 1] in {b"", b"/"}

    def _in_turn(self, other_than: Server | None) -> list[Server]:
        start = self._next = (self._next + 1) % len(self.servers)
        order = [*self.servers[start:], *self.servers[:start]]
        # The one that has just failed comes last: it is better than nothing.
        return sorted(order, key=lambda server: server is other_than)

    def _wait_s(self, server: Server, now_s: float) -> float:
        return self.settings.health.interval_s if not server.is_healthy else server.breaker.wait_s(now_s)


class Upstreams:
    """All rules; the most exact host comes first, then the longest prefix."""

    def __init__(self, rules: Iterable[UpstreamSettings], clock: Clock) -> None:
        self.all = tuple(Upstream(rule, clock) for rule in rules)
        table = [(host.lower(), upstream) for upstream in self.all for host in upstream.settings.hosts or ("",)]
        self._table = sorted(table, key=lambda row: (_looseness(row[0]), -len(row[1].prefix)))
        is_plain = len(self._table) == 1 and not self._table[0][0] and not self._table[0][1].prefix
        self.only = self._table[0][1] if is_plain else None
        self.servers = tuple(server for upstream in self.all for server in upstream.servers)

    def find(self, host: bytes, raw_path: bytes) -> Upstream | None:
        """Return the rule for a Host value and a raw path, or None."""
        name = _name_in(host)
        for pattern, upstream in self._table:
            if _fits(pattern, name) and upstream.matches(raw_path):
                return upstream
        return None


def _looseness(host: str) -> tuple[int, int]:
    if not host:
        return 2, 0
    return (1, -len(host)) if host.startswith("*.") else (0, 0)


def _name_in(host: bytes) -> str:
    text = host.decode("latin-1").lower()
    if text.startswith("["):
        return text.partition("]")[0] + "]"
    return text.partition(":")[0].rstrip(".")


def _fits(pattern: str, name: str) -> bool:
    if not pattern:
        return True
    return name.endswith(pattern[1:]) and name != pattern[2:] if pattern.startswith("*.") else name == pattern


def _context(settings: TlsSettings) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=settings.ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if settings.certificate_file is not None:
        context.load_cert_chain(settings.certificate_file, settings.key_file)
    return context
