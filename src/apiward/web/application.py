"""The page as one ASGI application: who may see it, what it shows, what its forms do."""

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from apiward.app.page.links import links_of
from apiward.app.page.listening import PagePlace
from apiward.app.page.source import PageSource
from apiward.app.people.door import Door
from apiward.app.people.parts import PeopleParts, people_of
from apiward.catalogue.page import load_page_words
from apiward.config.errors import AdvisedError
from apiward.web.acting import ACTIONS, Action
from apiward.web.answering import CSV_SUFFIX, SUFFIX, answer, failed, said, wants_json
from apiward.web.arriving import Arrivals, TurnedAway
from apiward.web.entering import Entrance
from apiward.web.files import list_file, report
from apiward.web.gatekeeping import Tries
from apiward.web.guarding import COMMAND, FormHandler, Guarded
from apiward.web.headers import Headers
from apiward.web.own_pages import OwnPages
from apiward.web.pages import PAGES, Page
from apiward.web.rendering import icon, style
from apiward.web.visiting import ARRIVAL, VISITOR, Visits

Handler = Callable[[Request], Awaitable[Response]]
_FOR_EVER: Final = {"cache-control": "public, max-age=31536000, immutable"}


class OwnersPage:
    """Answers all requests. `place` is where it listens: it answers to no other name."""

    def __init__(self, source: PageSource, place: PagePlace, parts: PeopleParts | None = None) -> None:
        self._source = source
        self._arrivals = Arrivals(place)
        self._parts = parts or people_of(source)
        self._door = Door(self._parts)
        self._visits = Visits(source, self._door, place.port)
        self._links = links_of(source.place.data, source.clock)
        self._tries = Tries(source.clock)
        self._guarded = Guarded(self._visits, self._door)

    def application(self) -> ASGIApp:
        """Return the application."""
        name, _ = style()
        guarded, form = self._guarded.page, self._guarded.form
        routes = [
            Route("/", guarded(_start)),
            Route("/open/{ticket}", self._opened, methods=["GET"]),
            Route("/out", form(self._left), methods=["POST"]),
            Route(f"/{name}", _style),
            Route("/icon.svg", _icon),
            *Entrance(self._door, self._visits, self._parts).routes(),
            *OwnPages(self._source, self._parts, self._visits, self._guarded).routes(),
        ]
        routes += [Route("/reports/{name}", guarded(self._report), methods=["GET"])]
        for page in PAGES:
            if page.is_list:
                routes += [Route(f"{page.path}{CSV_SUFFIX}", guarded(self._listed(page)), methods=["GET"])]
            paths = (f"{page.path}{SUFFIX}", page.path)  # the first that fits counts
            routes += [Route(path, guarded(self._shown(page)), methods=["GET"]) for path in paths]
        for one in ACTIONS:
            handler = form(self._done(one), is_action=True, is_owners=one.is_owners)
            routes.append(Route(one.path, handler, methods=["POST"]))
        starlette = Starlette(routes=routes, exception_handlers={404: self._missing, 405: self._missing})
        return Headers(_OwnName(starlette, self._arrivals))

    def _shown(self, page: Page) -> Handler:
        async def shown(request: Request) -> Response:
            try:
                view = await run_in_threadpool(page.query, self._acting(request), request)
            except (AdvisedError, OSError) as error:
                return failed(request, error, f"/{page.part}")
            response = answer(request, page.name, view, part=page.part, is_list=page.is_list)
            if (again := getattr(view, "refresh", "")) and not wants_json(request):
                response.headers["refresh"] = again  # works without scripts, and ends with what it shows
            return response

        return shown

    def _listed(self, page: Page) -> Handler:
        async def listed(request: Request) -> Response:
            source = self._acting(request)
            try:
                view = await run_in_threadpool(page.query, source, request)
            except (AdvisedError, OSError) as error:
                return failed(request, error, f"/{page.part}")
            return await list_file(source, request, page.name, view)

        return listed

    async def _report(self, request: Request) -> Response:
        return await report(self._acting(request), request)

    def _done(self, action: Action) -> FormHandler:
        async def done(request: Request, fields: dict[str, str]) -> Response:
            id_ = str(request.path_params.get("id", ""))
            back = action.back.replace("{id}", quote(id_, safe=""))
            try:
                what = await run_in_threadpool(action.act, self._acting(request), id_, fields)
            except (AdvisedError, OSError) as error:
                return failed(request, error, back)
            return RedirectResponse(f"{back}?done={what}" if what else back, 303)

        return done

    def _acting(self, request: Request) -> PageSource:
        """Return the source as who asks: what is done stands in the record under that name."""
        by = getattr(request.state, VISITOR).by
        return self._source if by == self._source.by else self._source.acting_as(by)

    async def _opened(self, request: Request) -> Response:
        """Give a session for a link that was not used yet. What only loads pages ahead gets none."""
        if not self._tries.is_open:
            return said(request, "slow", status=429)
        is_ahead = "prefetch" in request.headers.get("sec-purpose", request.headers.get("purpose", ""))
        if is_ahead or request.method != "GET" or not request.scope[ARRIVAL].is_near:
            return said(request, "used", status=403, command=COMMAND)
        if not self._links.use(str(request.path_params["ticket"])):
            self._tries.fail()
            return said(request, "used", status=403, command=COMMAND)
        try:
            session = self._visits.links.make()
        except OSError as error:
            return failed(request, error, "/today")
        # No redirect: the cookie is only sent along where the page itself, not the link, asks for the next one.
        label = load_page_words().said("frame.opened-do")
        response = said(request, "opened", status=200, link="/today", label=label, refresh="/today")
        return self._visits.give_link_session(request, response, session)

    async def _left(self, request: Request, _: dict[str, str]) -> Response:
        visitor = getattr(request.state, VISITOR)
        if visitor.person is None:
            self._visits.links.end(visitor.session)
        else:
            await run_in_threadpool(self._door.leave, visitor.session)
        setattr(request.state, VISITOR, None)
        return self._visits.take(request, said(request, "left", status=200, command=COMMAND))

    async def _missing(self, request: Request, _: Exception) -> Response:
        await self._guarded.note_visitor(request)
        label = load_page_words().said("frame.missing-do")
        return said(request, "missing", status=404, link="/today", label=label)


class _OwnName:
    """Refuses who asks for another name, or without TLS: a page elsewhere may let its name point at this machine."""

    def __init__(self, app: ASGIApp, arrivals: Arrivals) -> None:
        self._app = app
        self._arrivals = arrivals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        arrival = self._arrivals.of(scope)
        if isinstance(arrival, TurnedAway):
            await Response(arrival.text, arrival.status, media_type="text/plain")(scope, receive, send)
            return
        scope[ARRIVAL] = arrival
        await self._app(scope, receive, send)


async def _start(_: Request) -> Response:
    return RedirectResponse("/today", 303)


async def _style(_: Request) -> Response:
    return Response(style()[1], headers=_FOR_EVER, media_type="text/css")


async def _icon(_: Request) -> Response:
    return Response(icon(), headers=_FOR_EVER, media_type="image/svg+xml")
