"""From a base address alone to the description of its API, saying where it looked."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

from apiward.core.api import Api
from apiward.core.exchange import Failure, Request, Response
from apiward.core.ports import Sender
from apiward.spec.errors import DescriptionError
from apiward.spec.limits import DEFAULT_LIMITS, Limits
from apiward.spec.origins import origin_of
from apiward.spec.pages import embedded_description, told_addresses
from apiward.spec.places import CANDIDATES
from apiward.spec.reading import read_description

MAX_REQUESTS: Final = 64
NEAR_PLACES: Final = 8
MAX_REDIRECTS: Final = 3
MAX_DEPTH: Final = 3
MAX_FAILURES: Final = 3
_TIMEOUT_S: Final = 10.0
_ACCEPT: Final = "application/json, application/yaml;q=0.9, text/html;q=0.5, */*;q=0.1"
_GONE: Final = frozenset({Failure.UNREACHABLE, Failure.TLS, Failure.NOT_SENDABLE})


@dataclass(frozen=True, slots=True)
class Found:
    """The description at an address, if there is one, and every (url, what was there) on the way."""

    api: Api | None
    looked_at: tuple[tuple[str, str], ...]


async def find_description(sender: Sender, base_url: str, *, limits: Limits = DEFAULT_LIMITS) -> Found:
    """Look for a description at `base_url`, at the usual places below it and below its root.

    Asks with GET only, at most 64 times, never another origin. Stops at the first description
    with operations, and when the server cannot be reached. Never raises.
    """
    search = _Search(sender, base_url, limits)
    for address in _places(base_url):
        api = await search.look(address)
        if api is not None or search.is_over:
            return Found(api, tuple(search.looked_at.items()))
    return Found(search.empty, tuple(search.looked_at.items()))


def _places(base_url: str) -> tuple[str, ...]:
    """Return the addresses to try: the given one, then each place, nearest to its path first."""
    try:
        parts = urlsplit(base_url)
    except ValueError:
        return (base_url,)
    root = f"{parts.scheme}://{parts.netloc}"
    last = parts.path.rpartition("/")[2]
    below = (parts.path.rpartition("/")[0] if "." in last else parts.path).rstrip("/")
    bases = [f"{root}{below}", root] if below else [root]
    # with a path, only the likeliest are tried at both, so that the number of requests stays small
    near = [f"{base}{place}" for place in CANDIDATES[:NEAR_PLACES] for base in bases]
    far = [f"{root}{place}" for place in CANDIDATES[NEAR_PLACES:]]
    return tuple(dict.fromkeys([base_url, *near, *far]))


class _Search:
    """One search: what was asked already, and when it is time to stop."""

    def __init__(self, sender: Sender, base_url: str, limits: Limits) -> None:
        self.looked_at: dict[str, str] = {}
        self.empty: Api | None = None
        self.is_over = False
        self._sender = sender
        self._origin = origin_of(base_url)
        self._limits = limits
        self._failures = 0

    async def look(self, address: str, depth: int = 0) -> Api | None:
        """Return the description at `address` or at what its page tells, None where there is none."""
        response, address = await self._fetched(address)
        if response is None or response.status >= 400:
            return None
        api = self._read(response.body, address)
        if api is not None:
            return api
        inner = embedded_description(response.text) if _is_page(response) else None
        if inner is not None:
            api = self._read(inner, address)
        return api or await self._told(response, address, depth)

    async def _told(self, response: Response, address: str, depth: int) -> Api | None:
        if depth >= MAX_DEPTH:
            return None
        for told in told_addresses(response):
            further = _joined(address, told)
            if further is not None and further not in self.looked_at and origin_of(further) == self._origin:
                api = await self.look(further, depth + 1)
                if api is not None:
                    return api
        return None

    async def _fetched(self, address: str) -> tuple[Response | None, str]:
        """Ask for `address`, following redirects within the origin; say what was there."""
        for _ in range(MAX_REDIRECTS + 1):
            if address in self.looked_at or self.is_over:
                return None, address
            response = await self._asked(address)
            target = response.header("location") if response and 300 <= response.status < 400 else None
            if response is None or target is None:
                return response, address
            further = _joined(address, target)
            if further is None or origin_of(further) != self._origin:
                self.looked_at[address] = "leads to another server; not followed"
                return None, address
            self.looked_at[address] = f"leads to {further}"
            address = further
        return None, address

    async def _asked(self, address: str) -> Response | None:
        if len(self.looked_at) >= MAX_REQUESTS:
            self.is_over = True
            return None
        request = Request("GET", address, (("Accept", _ACCEPT),))
        exchange = await self._sender.send(request, timeout_s=_TIMEOUT_S)
        if exchange.response is None:
            self.looked_at[address] = f"no answer ({exchange.failure})"
            self._failures += 1
            self.is_over = exchange.failure in _GONE or self._failures >= MAX_FAILURES
            return None
        self._failures = 0
        self.looked_at[address] = _words(exchange.response)
        return exchange.response

    def _read(self, text: bytes, address: str) -> Api | None:
        try:
            api = read_description(text, source=address, limits=self._limits)
        except DescriptionError:
            return None
        if not api.operations:
            self.looked_at[address] = f"{api.dialect} without operations"
            self.empty = self.empty or api
            return None
        self.looked_at[address] = f"{api.dialect} with {len(api.operations)} operations"
        return api


def _words(response: Response) -> str:
    if response.status in (401, 403):
        return f"{response.status}, needs a log-in"
    if response.status >= 300:
        return f"{response.status}"
    kind = "a page" if _is_page(response) else response.media_type or "no type given"
    return f"{response.status}, {kind}, no description"


def _is_page(response: Response) -> bool:
    return "html" in response.media_type or "javascript" in response.media_type


def _joined(address: str, told: str) -> str | None:
    try:
        return urljoin(address, told.replace("&amp;", "&")).partition("#")[0]
    except ValueError:
        return None
