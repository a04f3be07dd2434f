"""Why an upstream gave no usable answer."""


class UpstreamError(Exception):
    """No usable answer. `kind` names the words in `problems`, `status` is what the client gets.

    `was_sent` says whether the upstream may have begun to work on the request: only where it has not may any
    request go to another server; where it may have, only safe ones.
    """

    kind = "upstream-failed"
    status = 502
    was_sent = True
    has_answered = False


class UnreachableError(UpstreamError):
    """The connection was refused, reset while it was opened, or its TLS handshake failed."""

    kind = "upstream-unreachable"
    was_sent = False


class UnresolvedError(UnreachableError):
    """The upstream's name has no address."""

    kind = "upstream-unresolved"


class ConnectTimeoutError(UnreachableError):
    """The connection did not open in time."""

    kind = "upstream-connect-timeout"
    status = 504


class BusyError(UpstreamError):
    """All connections to the server are in use, and none came free in time."""

    kind = "upstream-busy"
    status = 503
    was_sent = False


class NoServerError(UpstreamError):
    """No server of the upstream is healthy, or its circuit breakers are open."""

    kind = "upstream-resting"
    status = 503
    was_sent = False

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"no server is ready; next try in {retry_after_s:.0f} s")
        self.retry_after_s = retry_after_s


class HungUpError(UpstreamError):
    """The upstream closed the connection before the answer was complete."""

    kind = "upstream-hung-up"


class AnswerTimeoutError(UpstreamError):
    """The upstream took the request and said nothing for too long."""

    kind = "upstream-timeout"
    status = 504


class BadAnswerError(UpstreamError):
    """What came back is no valid HTTP/1.1 answer."""

    kind = "upstream-bad-answer"


class ClientGoneError(Exception):
    """The client went away; nobody is left to answer."""


class RefusedRequestError(Exception):
    """The request cannot be sent on as it is. `status` and `kind` say what the client gets."""

    def __init__(self, status: int, kind: str) -> None:
        super().__init__(kind)
        self.status = status
        self.kind = kind


def forget_places(error: Exception) -> None:
    """Make a handled error let go of where it came from.

    Its frames hold the request, which holds the error: until the garbage collector comes by, the server in front
    would wait for the rest of a body that nobody reads, and keep the client's connection open.
    """
    error.__traceback__ = error.__context__ = error.__cause__ = None
