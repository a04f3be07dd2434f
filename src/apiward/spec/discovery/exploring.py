"""From an address alone to what an API offers: reads what is linked and called, and tries usual names beside it.

Order: pages and scripts; what they call; what answers list and link; usual names below the prefixes in use. Each name
counts only where its answer differs from that to a made-up name near it.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from apiward.core.exchange import Headers, Response
from apiward.core.ports import Sender
from apiward.spec.discovery import guesses
from apiward.spec.discovery.asking import Asker, OverError
from apiward.spec.discovery.bounds import DEFAULT_BOUNDS, Bounds
from apiward.spec.discovery.clues import Clue, path_of, plain_target
from apiward.spec.discovery.reading import clues, is_source_map, links, told_bases
from apiward.spec.discovery.routes import TOLD, Route, names_in
from apiward.spec.discovery.telling import allowed
from apiward.spec.discovery.values import values_of
from apiward.spec.discovery.words import NOWHERE, UNKNOWN
from apiward.spec.samples.files import is_file, is_script
from apiward.spec.samples.sample import Sample

START: Final = ("/", "/robots.txt", "/sitemap.xml", "/.well-known/openid-configuration")
MAX_CLUES: Final = 600
MAX_BASES: Final = 6
MAX_TRIED: Final = 2


@dataclass(frozen=True, slots=True)
class Discovered:
    """What was found: a sample for each operation, how many requests that took, and what kept it from seeing more."""

    samples: tuple[Sample, ...]
    requests: int
    stopped: str = ""


async def discover(
    sender: Sender,
    url: str,
    *,
    clock: Callable[[], float],
    wait: Callable[[float], Awaitable[None]],
    bounds: Bounds = DEFAULT_BOUNDS,
    headers: Headers = (),
) -> Discovered:
    """Look for operations at the server of `url`, with GET and OPTIONS alone. Never raises for what a server does.

    `headers` go with every request: those of a caller who is logged in show more.
    """
    asker = Asker(sender, url, bounds, clock, wait, headers)
    exploration = _Exploration(asker, urlsplit(url).path or "/", bounds)
    stopped = ""
    try:
        await exploration.run()
    except OverError as over:
        stopped = str(over)
    return Discovered(tuple(exploration.samples()), asker.count, stopped)


class _Exploration:
    def __init__(self, asker: Asker, start: str, bounds: Bounds) -> None:
        self._asker = asker
        self._start = start
        self._bounds = bounds
        self._clues: dict[tuple[str, str, str], tuple[Clue, str]] = {}
        self._bases: dict[str, None] = {}
        self._routes: dict[str, Route] = {}
        self._values: dict[str, tuple[tuple[str, str], ...]] = {}
        self._new: deque[Route] = deque()
        self._tried: set[str] = set()

    def samples(self) -> Iterable[Sample]:
        """Yield a sample for each operation that was found."""
        for clue, page in list(self._clues.values()):  # what there was no time to look at
            self._believe(clue, page)
        names = frozenset(names_in(route.answer for route in self._routes.values()))
        for route in list(self._routes.values())[: self._bounds.operations]:
            yield from route.samples(self._routes, names, is_anonymous=self._asker.is_anonymous)

    async def run(self) -> None:
        """Find what can be found."""
        await self._read_pages()
        await self._follow()
        await self._guess_prefixes()
        await self._guess_names()
        await self._guess_below()

    async def _read_pages(self) -> None:
        waiting = deque((path, 0) for path in dict.fromkeys((self._start, *START)))
        seen = {path for path, _ in waiting}
        read = 0
        while waiting and read < self._bounds.pages:
            path, depth = waiting.popleft()
            response = await self._asker.get(path)
            if response is None or response.status in {404, 410}:
                continue
            read += 1
            self._take(response, path)
            if depth >= self._bounds.depth:
                continue
            for link in links(response):
                further = path_of(link, self._address(path))
                if further is not None and further not in seen and not is_file(further):
                    seen.add(further)
                    # scripts tell most, so they are read before further pages
                    (waiting.appendleft if is_script(further) else waiting.append)((further, depth + 1))

    def _take(self, response: Response, path: str) -> None:
        """Keep what an answer tells of others, and what it is itself."""
        for base in told_bases(response):
            plain = path_of(plain_target(base)[0] or "/", self._address(path))
            if plain is not None and len(self._bases) < MAX_BASES:
                self._bases[plain.rstrip("/")] = None
        for clue in clues(response):
            if len(self._clues) < 4 * MAX_CLUES:
                key = (clue.method, clue.target, clue.body_type)
                self._clues.setdefault(key, (clue, path))
        is_data = "json" in response.media_type and not is_source_map(response) and "." not in path.rpartition("/")[2]
        if is_data and 200 <= response.status < 300:
            self._clues.setdefault(("GET", path, ""), (Clue(path, "GET"), "/"))

    async def _follow(self) -> None:
        """Look at what was told, then at what that leads to."""
        while self._clues or self._new:
            told = sorted(self._clues.items(), key=lambda one: (not one[1][0].method, one[1][0].target.count("{}")))
            for count, (key, (clue, page)) in enumerate(told):
                if count < MAX_CLUES:
                    await self._look_at(clue, page)
                self._clues.pop(key, None)
            while self._new:
                await self._go_below(self._new.popleft())

    async def _look_at(self, clue: Clue, page: str) -> None:
        for template in self._templates(clue, page):
            if await self._is_route(template, clue):
                return

    def _templates(self, clue: Clue, page: str) -> list[str]:
        """Return where a clue may lead: as it is, and below the addresses that programs put before it."""
        own = path_of(clue.target, self._address(page))
        bases = list(self._bases)
        found = [f"{base}/{clue.target.lstrip('./')}" for base in bases] if not clue.target.startswith("http") else []
        if own is not None:
            (found.append if clue.is_based else lambda one: found.insert(0, one))(own)
        return [one for one in dict.fromkeys(found) if "//" not in one and not is_script(one) and not is_file(one)]

    def _believe(self, clue: Clue, page: str) -> None:
        """Take what a program calls for an operation, where it says with which method."""
        templates = self._templates(clue, page)
        if clue.method in TOLD and templates and len(templates[0].strip("/")) > 1:
            template = templates[0].rstrip("/")
            if template not in self._routes:
                self._routes[template] = Route(template, self._filled(template))
            self._routes[template].tell(clue)

    async def _is_route(self, template: str, clue: Clue | None = None, value: str = "") -> bool:
        """Say whether a path is served, and keep what is seen there."""
        template = template.rstrip("/") or "/"
        known = self._routes.get(template)
        if known is None:
            if template in self._tried and clue is None:
                return False
            self._tried.add(template)
            known = await self._looked(template, value, is_told=clue is not None and bool(clue.method))
        if known is not None and clue is not None:
            known.tell(clue)
        return known is not None

    async def _looked(self, template: str, value: str, *, is_told: bool) -> Route | None:
        path = value or self._filled(template)
        is_value = template.endswith("{}")
        methods = await self._asker.methods(path, is_value=is_value)
        if methods and not is_told:
            template, path = await self._as_value(template, path, methods)
        response = None
        if not methods or "GET" in methods:
            response = await self._asker.shown(path, is_value=is_value)
            moved = self._asker.moved(path, response) if response is not None else None
            if response is not None and moved is not None and moved.rstrip("/") == path.rstrip("/"):
                response = await self._asker.shown(moved, is_value=is_value) or response
                template, path = (f"{template}/", moved) if moved.endswith("/") else (template, moved)
        if not methods and response is None:
            return None
        if not methods and response is not None and 300 <= response.status < 400 and not is_told:
            return None
        return self._note(template, path, response, methods)

    async def _as_value(self, template: str, path: str, methods: frozenset[str]) -> tuple[str, str]:
        """Return the template with `{}` for the part before the last, where any name does the same there."""
        *lead, _, last = template.split("/")
        if not any(lead) or "{}" in template:
            return template, path
        made_up = f"{'/'.join(lead)}/{NOWHERE}/{last}"
        if not methods <= await self._asker.options(made_up):
            return template, path
        return f"{'/'.join(lead)}/{{}}/{last}", made_up

    def _note(self, template: str, path: str, response: Response | None, methods: frozenset[str]) -> Route:
        route = Route(template, path, set(methods & TOLD))
        if response is not None:
            route.status = response.status
            route.answer_type = response.media_type
            route.is_page = "html" in response.media_type and response.status < 404
            route.methods |= set(allowed(response) & TOLD) if response.status == 405 else set()
            if 200 <= response.status < 300 and "json" in response.media_type:
                route.answer = response.json()
                self._values[template] = values_of(route.answer, template)
                if template not in self._routes:
                    self._take_references(response, path)
        if not route.methods:
            route.methods = set() if route.is_page else {"GET"}
        self._routes[template] = route
        self._new.append(route)
        return route

    def _take_references(self, response: Response, path: str) -> None:
        for clue in clues(response):
            if len(self._clues) < MAX_CLUES:
                self._clues.setdefault((clue.method, clue.target, clue.body_type), (clue, path))

    async def _go_below(self, route: Route) -> None:
        """Look whether a list's things can be asked for one by one."""
        if route.template.endswith("{}") or route.is_page or not guesses.may_hold_things(route):
            return
        below = f"{route.template.rstrip('/')}/{{}}"
        if below in self._routes:
            return
        stem = route.path.rstrip("/")
        values = self._values.get(route.template, ())
        for name, value in values[:MAX_TRIED]:
            if await self._is_route(below, value=f"{stem}/{value}"):
                self._routes[below].value_name = name
                return
            self._tried.discard(below)
        if not await self._is_route(below, value=f"{stem}/{UNKNOWN}"):
            self._tried.discard(below)
            await self._is_route(below, value=f"{stem}/{NOWHERE}")

    async def _guess_prefixes(self) -> None:
        in_use = guesses.prefixes_of(self._routes)
        for prefix in guesses.prefixes_to_try(in_use, self._bases):
            if prefix in in_use:
                continue
            for name in guesses.FIRST:
                await self._is_route(f"{prefix}/{name}")
        if not guesses.is_versioned(self._routes):
            for name in guesses.VERSIONED:
                await self._is_route(f"/{name}/v1")
        await self._follow()

    async def _guess_names(self) -> None:
        for prefix in guesses.prefixes_of(self._routes)[: guesses.MAX_PREFIXES]:
            for name in guesses.names_for(prefix, self._routes):
                await self._is_route(f"{prefix}/{name}")
        await self._follow()
        for template in guesses.accounts_beside(self._routes):
            await self._is_route(template)
        for template in guesses.versions_beside(self._routes):
            await self._is_route(template)
        await self._follow()

    async def _guess_below(self) -> None:
        for template in guesses.below_things(self._routes):
            await self._is_route(template)
        await self._follow()

    def _filled(self, template: str) -> str:
        """Return a path with a value that was seen at each place, or one that may do."""
        path = ""
        own = ""
        for part in template.split("/")[1:]:
            if "{}" in part:
                known = self._routes.get(f"{own}/{part}") if part == "{}" else None
                seen = self._values.get(own or "/", ())
                value = known.path.rpartition("/")[2] if known is not None else (seen[0][1] if seen else UNKNOWN)
                path += "/" + part.replace("{}", value)
            else:
                path += f"/{part}"
            own += f"/{part}"
        return path or "/"

    def _address(self, path: str) -> str:
        return self._asker.origin + quote(path)
