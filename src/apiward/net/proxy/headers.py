"""The head of the request that goes upstream: what is sent on, what is dropped, what is said of the client."""

import re
from typing import Final

from apiward.core.call import HeaderBlock
from apiward.net.proxy.failures import RefusedRequestError
from apiward.net.proxy.messages import Fields, Scope

# Of one connection only (RFC 9110, section 7.6.1); Expect is answered by the server in front of us.
_HOP: Final = frozenset(
    b"connection keep-alive proxy-connection te trailer transfer-encoding upgrade proxy-authorization "
    b"proxy-authenticate http2-settings expect".split()
)
# Who calls, and for which address: only a proxy may say that, so no copy from outside gets through.
_CLAIMS: Final = frozenset(
    b"forwarded x-forwarded x-real-ip x-client-ip client-ip true-client-ip x-true-client-ip x-cluster-client-ip "
    b"cf-connecting-ip fastly-client-ip x-original-url x-original-uri x-original-host x-rewrite-url "
    b"forwarded-for".split()
)
_OWN: Final = frozenset({b"host", b"content-length", b"connection", b"transfer-encoding", b"via"})
# A client must not be able to take these from a request by naming them in Connection.
_END_TO_END: Final = frozenset(
    b"authorization cookie host content-type content-encoding content-length accept origin referer range".split()
)
_HARMLESS_OPTIONS: Final = _HOP | {b"close", b"trailers", b""}
_TARGET: Final = re.compile(rb"/[^\x00-\x20\x7f#]*")
_METHOD: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,32}")
_METHODS: Final = {name: name.encode() for name in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")}
_LENGTH: Final = re.compile(rb"[0-9]{1,18}")
_PLAIN: Final = re.compile(rb"[A-Za-z0-9.\-]{1,255}")
_VISIBLE: Final = re.compile(rb"[\x21-\x7e\x80-\xff]*")
_BODILESS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "DELETE", "CONNECT"})
_MEMORY: Final = 4096

CHUNKED: Final = -1
"""Said instead of a length: the body's end is not known beforehand."""


class Outgoing:
    """A request on its way: the head without its last lines, and how its body is framed.

    `length` is the number of body bytes that the client declared, CHUNKED where it did not, or 0. `is_checked` says
    that the lines have been counted, so that what is written around them need not be. `ready` is what then stands
    before and after the target, for the server that it was last made for.
    """

    __slots__ = ("host", "is_bodiless", "is_checked", "length", "lines", "parts", "ready")

    def __init__(self, parts: list[bytes], lines: int, host: bytes, length: int, *, is_bodiless: bool) -> None:
        self.parts = parts
        self.host = host
        self.lines = lines
        self.length = length
        self.is_bodiless = is_bodiless
        self.is_checked = False
        self.ready: tuple[object, bytes, bytes] = (None, b"", b"")


class HeadWriter:
    """Writes request heads. It remembers what it decided about field names and clients, within bounds."""

    def __init__(self, name: str) -> None:
        self._name = name.encode("ascii")
        # granian says "1" for HTTP/1.0.
        versions = {"1": "1.0", "1.0": "1.0", "1.1": "1.1", "2": "2", "3": "3"}
        self._via = {said: f"via: {shown} {name}\r\n".encode() for said, shown in versions.items()}
        self._prefixes: dict[bytes, bytes] = {}
        self._clients: dict[tuple[str, str, bytes], list[bytes]] = {}

    def write(self, scope: Scope) -> Outgoing:
        """Return the lines below the request line and Host; raises RefusedRequestError."""
        block: HeaderBlock | None = scope.get("apiward.block")
        if block is None or "apiward.add" in scope:
            return self._written(scope)
        get = scope.get
        client = get("client")
        key = (client and client[0], get("method"), scope["scheme"], scope["http_version"], get("apiward.identity"))
        known = block.heads.get(key)
        if isinstance(known, Outgoing):
            return known
        outgoing = self._written(scope)
        outgoing.parts = [checked_head(b"".join(outgoing.parts), outgoing.lines)]
        outgoing.is_checked = True
        block.keep_head(key, outgoing)
        return outgoing

    def _written(self, scope: Scope) -> Outgoing:
        fields: Fields = scope["headers"]
        added = scope.get("apiward.add")
        if added or scope.get("apiward.identity"):
            fields = _with(fields, added or [], wants_identity=bool(scope.get("apiward.identity")))
        if scope["http_version"] == "2":
            fields = _with_one_cookie(fields)
        parts: list[bytes] = []
        special: dict[bytes, list[bytes]] = {}
        prefix_of = self._prefixes.get
        for name, value in fields:
            prefix = prefix_of(name)
            if prefix is None:
                prefix = self._learn(name)
            if prefix:
                parts += (prefix, value, b"\r\n")
            elif name in _OWN:
                special.setdefault(name, []).append(value)
        if b"connection" in special:
            _drop_named(parts, special[b"connection"], added)
        # Three parts make a line.
        lines = len(parts) // 3 + 1
        host = _one_host(special)
        block = self._client_block(scope, host)
        parts += (*block, self._via_line(scope, special))
        return Outgoing(
            parts, lines + len(block), host, _framing(scope, special), is_bodiless=scope.get("method") in _BODILESS
        )

    def _learn(self, name: bytes) -> bytes:
        """Return what stands before a value of that name, empty where the field is not sent on."""
        dashed = name.lower().replace(b"_", b"-")
        is_dropped = dashed in _HOP or dashed in _CLAIMS or dashed in _OWN or dashed.startswith(b"x-forwarded-")
        prefix = b"" if is_dropped else name + b": "
        if len(self._prefixes) >= _MEMORY:
            self._prefixes.clear()
        self._prefixes[name] = prefix
        return prefix

    def _client_block(self, scope: Scope, host: bytes) -> list[bytes]:
        client = scope.get("client")
        key = (client[0] if client else "", scope["scheme"], host)
        block = self._clients.get(key)
        if block is None:
            if len(self._clients) >= _MEMORY:
                self._clients.clear()
            block = self._clients[key] = _client_lines(*key)
        return block

    def _via_line(self, scope: Scope, special: dict[bytes, list[bytes]]) -> bytes:
        ours = self._via.get(scope["http_version"]) or self._via["1.1"]
        earlier = special.get(b"via")
        if not earlier:
            return ours
        chain = b", ".join(earlier)
        if chain.split().count(self._name) + chain.split().count(self._name + b",") >= 4:
            raise RefusedRequestError(508, "loop")
        return ours.replace(b"via: ", b"via: " + chain + b", ", 1)


def target_of(scope: Scope, base: bytes) -> bytes:
    """Return the target to send, byte for byte what `scope` says; raises RefusedRequestError."""
    query = scope["query_string"]
    path: bytes = scope["raw_path"]
    if path == b"*" and scope.get("method") == "OPTIONS":
        return b"*"
    target = b"".join((base, path, b"?", query)) if query else base + path
    if _TARGET.fullmatch(target) is None:
        raise RefusedRequestError(400, "bad-target")
    return target


def checked_head(head: bytes, lines: int) -> bytes:
    """Return `head` if it has just so many lines: no value smuggled another one in."""
    if head.count(b"\n") != lines or head.count(b"\r") != lines or b"\0" in head:
        raise RefusedRequestError(400, "bad-framing")
    return head


def method_bytes(method: str) -> bytes:
    """Return the method as it is sent; raises RefusedRequestError for none, and for CONNECT."""
    known = _METHODS.get(method)
    if known is not None:
        return known
    if _METHOD.fullmatch(method) is None or method == "CONNECT":
        raise RefusedRequestError(400, "bad-method")
    return method.encode("ascii")


def _with(fields: Fields, added: Fields, *, wants_identity: bool) -> Fields:
    names = {name.lower().replace(b"_", b"-") for name, _ in added}
    if wants_identity:
        names.add(b"accept-encoding")
        added = [*added, (b"accept-encoding", b"identity")]
    return [pair for pair in fields if pair[0].replace(b"_", b"-") not in names] + added


def _with_one_cookie(fields: Fields) -> Fields:
    """Join what HTTP/2 lets clients split (RFC 9113, section 8.2.3)."""
    cookies = [value for name, value in fields if name == b"cookie"]
    if len(cookies) < 2:
        return fields
    return [pair for pair in fields if pair[0] != b"cookie"] + [(b"cookie", b"; ".join(cookies))]


def _drop_named(parts: list[bytes], values: list[bytes], added: Fields | None) -> None:
    """Take out what the client's Connection names."""
    options = {option.strip().lower() for value in values for option in value.split(b",")}
    named = options - _HARMLESS_OPTIONS - _END_TO_END - {name.lower() for name, _ in added or ()}
    if named:
        kept = [parts[at : at + 3] for at in range(0, len(parts), 3) if parts[at][:-2].lower() not in named]
        parts[:] = [part for line in kept for part in line]


def _one_host(special: dict[bytes, list[bytes]]) -> bytes:
    hosts = special.get(b"host")
    if not hosts:
        return b""
    if len(hosts) > 1:
        raise RefusedRequestError(400, "bad-framing")
    return hosts[0]


def _framing(scope: Scope, special: dict[bytes, list[bytes]]) -> int:
    lengths = special.get(b"content-length")
    codings = special.get(b"transfer-encoding")
    if codings:
        if lengths or [c.strip().lower() for c in codings] != [b"chunked"]:
            raise RefusedRequestError(400, "bad-framing")
        return CHUNKED
    if lengths:
        if len(lengths) > 1 or _LENGTH.fullmatch(lengths[0]) is None:
            raise RefusedRequestError(400, "bad-framing")
        return int(lengths[0])
    # HTTP/2 and later end a body by other means, so only reading says whether there is one.
    return CHUNKED if scope["http_version"][0] in "23" else 0


def _client_lines(address: str, scheme: str, host: bytes) -> list[bytes]:
    if _VISIBLE.fullmatch(host) is None or not address.isprintable() or " " in address:
        raise RefusedRequestError(400, "bad-framing")
    scheme = {"ws": "http", "wss": "https"}.get(scheme, scheme)
    node = f'"[{address}]"' if ":" in address else address or "unknown"
    shown = host if _PLAIN.fullmatch(host) else b'"' + host.replace(b"\\", b"").replace(b'"', b"") + b'"'
    lines = [b"x-forwarded-for: " + address.encode("ascii", "replace")] if address else []
    lines.append(b"x-forwarded-proto: " + scheme.encode())
    forwarded = f"forwarded: for={node};proto={scheme}".encode("ascii", "replace")
    if host:
        lines.append(b"x-forwarded-host: " + host)
        forwarded += b";host=" + shown
    return [line + b"\r\n" for line in (*lines, forwarded)]
