"""One request as it is sent to one server, or to another one after that."""

from apiward.core.api import SAFE_METHODS
from apiward.net.proxy.failures import UpstreamError
from apiward.net.proxy.headers import CHUNKED, Outgoing, checked_head, method_bytes, target_of
from apiward.net.proxy.messages import Receive, Scope
from apiward.net.proxy.streaming import framed
from apiward.net.proxy.upstreams import Server, Upstream


class Call:
    """A request with what has been read of its body; `is_whole` says whether that is all."""

    __slots__ = ("body", "is_whole", "method", "outgoing", "receive", "scope")

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        outgoing: Outgoing,
        body: bytes,
        is_whole: bool,  # noqa: FBT001 - a keyword costs time here
    ) -> None:
        self.scope = scope
        self.receive = receive
        self.outgoing = outgoing
        self.body = body
        self.is_whole = is_whole
        self.method: str = scope["method"]

    def may_go_again(self, error: UpstreamError) -> bool:
        """Whether another server may be asked: nothing was sent, or it is safe to send it twice."""
        if not self.is_whole or error.has_answered or error.status == 503:
            return False
        return not error.was_sent or (self.method in SAFE_METHODS and not self.body and error.status == 502)

    def data_for(self, server: Server, upstream: Upstream) -> bytes:
        """Return the bytes to send: the head and what is there of the body; raises RefusedRequestError."""
        outgoing = self.outgoing
        target = target_of(self.scope, server.base)
        if outgoing.is_checked:  # neither method nor target nor Host can hold an end of a line
            of, before, after = outgoing.ready
            if of is not server:
                before, after = method_bytes(self.method) + b" ", self._host_line(server, upstream) + outgoing.parts[0]
                outgoing.ready = server, before, after
            if outgoing.is_bodiless and self.is_whole and not self.body:
                return b"".join((before, target, after, b"\r\n"))
            framing, body = self._framing()
            return b"".join((before, target, after, framing, body))
        framing, body = self._framing()
        host_line = self._host_line(server, upstream)
        head = b"".join((method_bytes(self.method), b" ", target, host_line, *outgoing.parts, framing))
        # The request line, Host, what was kept, and the empty line.
        return checked_head(head, outgoing.lines + framing.count(b"\n") + 2) + body

    def _host_line(self, server: Server, upstream: Upstream) -> bytes:
        if upstream.settings.keeps_host and self.outgoing.host:
            return b" HTTP/1.1\r\nhost: " + self.outgoing.host + b"\r\n"
        return server.host_line

    def _framing(self) -> tuple[bytes, bytes]:
        body = self.body
        if self.is_whole:
            if not body and self.outgoing.is_bodiless:
                return b"\r\n", b""
            return b"content-length: %d\r\n\r\n" % len(body), body
        if self.outgoing.length == CHUNKED:
            return b"transfer-encoding: chunked\r\n\r\n", framed(body, is_last=False)
        return b"content-length: %d\r\n\r\n" % self.outgoing.length, body
