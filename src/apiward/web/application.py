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

from apiward.app.page.links import SESSION_S, is_form_token, links_of, sessions_of
from apiward.app.page.source import PageSource
from apiward.catalogue.page import load_page_words
from apiward.config.errors import AdvisedError
from apiward.web.acting import ACTIONS, Action
from apiward.web.answering import SUFFIX, answer, failed, said
from apiward.web.forms import FormTooLargeError, NoFormError, read_form
from apiward.web.gatekeeping import Tries, is_own_form, own_hosts
from apiward.web.headers import Headers
from apiward.web.pages import PAGES, Page
from apiward.web.rendering import icon, style

Handler = Callable[[Request], Awaitable[Response]]
_FOR_EVER: Final = {"cache-control": "public, max-age=31536000, immutable"}
_COMMAND: Final = "apiward open"


class OwnersPage:
    """Answers all requests. `host` and `port` are where it listens: it answers to no other name."""

    def __init__(self, source: PageSource, *, host: str, port: int) -> None:
        self._source = source
        self._hosts = own_hosts(host, port)
        self._cookie = f"apiward-{port}"  # browsers tell no ports apart
        self._links = links_of(source.place.data, source.clock)
        self._sessions = sessions_of(source.place.data, source.clock)
        self._tries = Tries(source.clock)

    def application(self) -> ASGIApp:
        """Return the application."""
        name, _ = style()
        routes = [
            Route("/", self._guarded(_start)),
            Route("/open/{ticket}", self._opened, methods=["GET"]),
            Route("/out", self._form(self._left), methods=["POST"]),
            Route(f"/{name}", _style),
            Route("/icon.svg", _icon),
        ]
        for page in PAGES:
            paths = (f"{page.path}{SUFFIX}", page.path)  # the first that fits counts
            routes += [Route(path, self._guarded(self._shown(page)), methods=["GET"]) for path in paths]
        routes += [Route(one.path, self._form(self._done(one)), methods=["POST"]) for one in ACTIONS]
        starlette = Starlette(routes=routes, exception_handlers={404: self._missing, 405: self._missing})
        return Headers(_OwnName(starlette, self._hosts))

    def _guarded(self, handler: Handler) -> Handler:
        """Let only those with a session in."""

        async def guarded(request: Request) -> Response:
            if not self._sessions.is_good(self._session(request)):
                return said(request, "closed", status=401, command=_COMMAND)
            return await handler(request)

        return guarded

    def _form(self, handler: Callable[[Request, dict[str, str]], Awaitable[Response]]) -> Handler:
        """Take a form only of who has a session, from a page of ours, with the token that this page gave."""

        async def formed(request: Request) -> Response:
            session = self._session(request)
            if not self._sessions.is_good(session):
                return said(request, "closed", status=401, command=_COMMAND)
            try:
                fields = await read_form(request)
            except FormTooLargeError:
                return said(request, "large", status=413)
            except NoFormError:
                return said(request, "strange", status=400)
            is_own = is_own_form(request.headers, request.headers.get("host", ""))
            if not is_own or not is_form_token(session, fields.get("token", "")):
                return said(request, "strange", status=403)
            return await handler(request, dict(fields))

        return formed

    def _shown(self, page: Page) -> Handler:
        async def shown(request: Request) -> Response:
            try:
                view = await run_in_threadpool(page.query, self._source, request)
            except (AdvisedError, OSError) as error:
                return failed(request, error, f"/{page.part}", session=self._session(request))
            return answer(request, page.name, view, part=page.part, session=self._session(request))

        return shown

    def _done(self, action: Action) -> Callable[[Request, dict[str, str]], Awaitable[Response]]:
        async def done(request: Request, fields: dict[str, str]) -> Response:
            id_ = str(request.path_params.get("id", ""))
            back = action.back.replace("{id}", quote(id_, safe=""))
            try:
                what = await run_in_threadpool(action.act, self._source, id_, fields)
            except (AdvisedError, OSError) as error:
                return failed(request, error, back, session=self._session(request))
            return RedirectResponse(f"{back}?done={what}", 303)

        return done

    async def _opened(self, request: Request) -> Response:
        """Give a session for a link that was not used yet. What only loads pages ahead gets none."""
        if not self._tries.is_open:
            return said(request, "slow", status=429)
        is_ahead = "prefetch" in request.headers.get("sec-purpose", request.headers.get("purpose", ""))
        if is_ahead or not self._links.use(str(request.path_params["ticket"])):
            self._tries.fail()
            return said(request, "used", status=403, command=_COMMAND)
        try:
            session = self._sessions.make()
        except OSError as error:
            return failed(request, error, "/today", session="")
        # No redirect: the cookie is only sent along where the page itself, not the link, asks for the next one.
        words = load_page_words()
        response = said(
            request, "opened", status=200, link="/today", label=words.said("frame.opened-do"), refresh="/today"
        )
        response.set_cookie(self._cookie, session, max_age=int(SESSION_S), httponly=True, samesite="strict", path="/")
        return response

    async def _left(self, request: Request, _: dict[str, str]) -> Response:
        self._sessions.end(self._session(request))
        response = said(request, "left", status=200, command=_COMMAND)
        response.delete_cookie(self._cookie, httponly=True, samesite="strict", path="/")
        return response

    async def _missing(self, request: Request, _: Exception) -> Response:
        words = load_page_words()
        session = self._session(request) if self._sessions.is_good(self._session(request)) else ""
        label = words.said("frame.missing-do")
        return said(request, "missing", status=404, link="/today", label=label, session=session)

    def _session(self, request: Request) -> str:
        return request.cookies.get(self._cookie, "")


class _OwnName:
    """Refuses whoever asks for another name: a page elsewhere may have let its name point at this machine."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        named = [value.decode("latin-1").lower() for name, value in scope["headers"] if name == b"host"]
        if len(named) != 1 or named[0] not in self._hosts:
            await Response("", 421)(scope, receive, send)
            return
        await self._app(scope, receive, send)


async def _start(_: Request) -> Response:
    return RedirectResponse("/today", 303)


async def _style(_: Request) -> Response:
    return Response(style()[1], headers=_FOR_EVER, media_type="text/css")


async def _icon(_: Request) -> Response:
    return Response(icon(), headers=_FOR_EVER, media_type="image/svg+xml")
