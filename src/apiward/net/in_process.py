"""The way to an app of this process, and to nothing else: what would leave for another host is not sent."""

from apiward.core.exchange import Failure, Request
from apiward.net.http1 import encoded
from apiward.net.target import target_of
from apiward.net.transport import Answer, NoAnswerError, Transport


class OwnHost:
    """A transport that hands on to `inner` what is for `host`, and what HTTP can carry: an app alone takes more."""

    def __init__(self, inner: Transport, host: str) -> None:
        self._inner = inner
        self._host = host.lower()

    async def open(self, request: Request) -> Answer:
        """Send `request` to the app; raises NoAnswerError."""
        target = target_of(request.url)
        if target.host.lower() != self._host:
            raise NoAnswerError(Failure.UNREACHABLE, f"the app runs in this process, and {target.host} is another host")
        encoded(request, target)
        return await self._inner.open(request)

    async def aclose(self) -> None:
        """Close whatever is still open."""
        await self._inner.aclose()
