"""What carries a request and brings the answer back in pieces: a socket, or an app in this process."""

from typing import Protocol

from apiward.core.exchange import Failure, Headers, Request


class NoAnswerError(Exception):
    """There is no answer; `failure` says which kind of nothing, `detail` why, in a plain clause."""

    def __init__(self, failure: Failure, detail: str) -> None:
        super().__init__(detail)
        self.failure = failure
        self.detail = detail


class CutShortError(Exception):
    """The answer began and then broke off; `detail` says how, in a plain clause."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Answer(Protocol):
    """An answer whose head has arrived. `sent_at_s` is on the monotonic clock (seconds)."""

    @property
    def status(self) -> int:
        """The status code."""
        ...

    @property
    def headers(self) -> Headers:
        """The header fields in order, as spelled."""
        ...

    @property
    def sent_at_s(self) -> float:
        """When the first byte of the request was sent."""
        ...

    async def read(self) -> bytes:
        """Return the next piece of the raw body, empty at its end; raises CutShortError."""
        ...

    def close(self) -> None:
        """Let go of the answer, read to its end or not. May be called twice."""
        ...


class Transport(Protocol):
    """Opens one exchange at a time per call. Cancelling `open` must leave nothing behind."""

    async def open(self, request: Request) -> Answer:
        """Send `request` whole and return once the head of its answer is here; raises NoAnswerError."""
        ...

    async def aclose(self) -> None:
        """Close whatever is still open."""
        ...
