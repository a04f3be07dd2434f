"""How discovery asks: with GET and OPTIONS alone, one origin, never twice, and no more than the bounds allow."""

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import quote, urlsplit

from apiward.core.api import Operation
from apiward.core.exchange import Failure, Headers, Request, Response
from apiward.core.ports import Sender
from apiward.spec.discovery.bounds import Bounds
from apiward.spec.discovery.clues import path_of
from apiward.spec.discovery.telling import Look, allowed, beside, is_there, look
from apiward.spec.meaning import accounts, dangers, naming

TIMEOUT_S: Final = 10.0
MAX_FAILURES: Final = 3
PAUSE_S: Final = 3.0
MOST_PAUSE_S: Final = 30.0
MAX_REFUSALS: Final = 12
"""Answers "slow down" after which nothing more is asked."""
READING: Final = frozenset({"GET", "OPTIONS"})
_ACCEPT: Final = "application/json, text/html;q=0.8, */*;q=0.5"
_PLAIN: Final = "/!$&'()*+,;=:@-._~"


class OverError(Exception):
    """A bound is reached, or nothing answers any more; the message says which."""


class Asker:
    """Asks one origin. Every answer is kept, so that nothing is asked twice."""

    def __init__(
        self,
        sender: Sender,
        url: str,
        bounds: Bounds,
        clock: Callable[[], float],
        wait: Callable[[float], Awaitable[None]],
        headers: Headers = (),
    ) -> None:
        self._wait = wait
        parts = urlsplit(url)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.count = 0
        self.is_anonymous = not any(_shows(name) for name, _ in headers)
        self._sender = sender
        self._bounds = bounds
        self._clock = clock
        self._started_s = clock()
        self._headers = headers
        self._bytes = self._failures = self._refusals = 0
        self._answers: dict[tuple[str, str], Response | None] = {}

    async def get(self, path: str) -> Response | None:
        """Return what stands at a path; None where nothing came, or where its name speaks of danger."""
        return await self._asked("GET", path) if is_harmless(path) else None

    async def options(self, path: str) -> frozenset[str]:
        """Return the methods that a path names as its own: none where a made-up path near it names the same."""
        response = await self._asked("OPTIONS", path)
        return allowed(response) if response is not None else frozenset()

    async def methods(self, path: str, *, is_value: bool) -> frozenset[str]:
        """Return the methods that a path has beyond what is said of any path."""
        found = await self.options(path)
        if not found:
            return found
        # some frameworks join what is said of `/users/login` and of `/users/{name}`
        own = found - await self.options(beside(path, is_value=is_value))
        return found & (own | {"OPTIONS"}) if own - {"OPTIONS", "HEAD"} else frozenset()

    async def shown(self, path: str, *, is_value: bool) -> Response | None:
        """Return the answer to a GET where it shows that the path is served, else None."""
        response = await self.get(path)
        if response is None:
            return None
        made_up = beside(path, is_value=is_value)
        control = await self.get(made_up)
        if control is None:
            return None
        return response if is_there(self._look(response, path), self._look(control, made_up)) else None

    def moved(self, path: str, response: Response) -> str | None:
        """Return the path to which an answer sends, where it is one of this server."""
        target = response.header("location") if 300 <= response.status < 400 else None
        return path_of(target, self.origin + quote(path, safe=_PLAIN)) if target else None

    @staticmethod
    def _look(response: Response, path: str) -> Look:
        return look(response, path)

    async def _asked(self, method: str, path: str) -> Response | None:
        key = (method, path)
        if key not in self._answers:
            answer = await self._sent(method, path)
            if answer is not None and answer.status == 429:
                await self._wait(_pause(answer))
                answer = await self._sent(method, path)
            self._answers[key] = answer
        return self._answers[key]

    async def _sent(self, method: str, path: str) -> Response | None:
        self._check()
        self.count += 1
        headers = (("Accept", _ACCEPT), *self._headers)
        request = Request(method, self.origin + quote(path, safe=_PLAIN), headers)
        exchange = await self._sender.send(request, timeout_s=TIMEOUT_S)
        response = exchange.response
        if response is None:
            self._failures += 1
            if exchange.failure in {Failure.UNREACHABLE, Failure.TLS} or self._failures >= MAX_FAILURES:
                raise OverError("the server gave no answer any more")
            return None
        self._failures = 0
        self._bytes += len(response.body)
        self._refusals += response.status == 429
        return response

    def _check(self) -> None:
        bounds = self._bounds
        if self.count >= bounds.requests:
            raise OverError(f"the bound of {bounds.requests:,} requests was reached")
        if self._clock() - self._started_s > bounds.seconds:
            raise OverError(f"the bound of {bounds.seconds:g} seconds was reached")
        if self._bytes > bounds.max_bytes:
            raise OverError(f"the bound of {bounds.max_bytes / 1e6:g} MB was reached")
        if self._refusals >= MAX_REFUSALS:
            raise OverError("the server asked for fewer requests")


def _pause(answer: Response) -> float:
    """Return for how many seconds to be quiet, as a server asks (RFC 6585), within bounds."""
    said = (answer.header("retry-after") or "").strip()
    return min(float(said), MOST_PAUSE_S) if said.isdecimal() and len(said) < 6 else PAUSE_S


def _shows(name: str) -> bool:
    """Whether a header of that name tells who calls."""
    return name.lower() in {"authorization", "cookie"} or naming.is_token_name(name)


def is_harmless(path: str) -> bool:
    """Whether the name of a path speaks of nothing that a GET might change."""
    reading = Operation("GET", path)
    return dangers.danger(reading) is None and not accounts.is_log_out(reading)
