"""What people see and change of their own way in: password, second step, recovery codes, sessions."""

from collections.abc import Callable, Mapping
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from apiward.app.page.source import PageSource
from apiward.app.people.own import OwnDesk
from apiward.app.people.parts import PeopleParts
from apiward.app.people.shown import OwnPage, own_page
from apiward.config.errors import AdvisedError
from apiward.core.person import Person
from apiward.web.answering import SUFFIX, answer, failed, form_page
from apiward.web.guarding import SET_UP, FormHandler, Guarded
from apiward.web.visiting import Visitor, Visits, visitor_of

PATH: Final = "/you"
Fields = Mapping[str, str]
Change = Callable[[Person, Visitor, Fields], str]
"""Changes something of one's own, and returns what is said of it (`frame.done-…`). Raises AdvisedError, OSError."""


class OwnPages:
    """Answers to who has a session. Who came with a link has no password, and only sees who may log in."""

    def __init__(self, source: PageSource, parts: PeopleParts, visits: Visits, guarded: Guarded) -> None:
        self._source = source
        self._parts = parts
        self._visits = visits
        self._guarded = guarded
        self._desk = OwnDesk(parts)

    def routes(self) -> list[Route]:
        """Return the pages and their forms."""
        page, form = self._guarded.page, self._guarded.form
        return [
            Route(f"{PATH}{SUFFIX}", page(self._shown, is_own=True), methods=["GET"]),
            Route(PATH, page(self._shown, is_own=True), methods=["GET"]),
            Route(SET_UP, page(self._offered, is_own=True), methods=["GET"]),
            Route(SET_UP, form(self._set_up), methods=["POST"]),
            Route(f"{PATH}/codes", form(self._renewed), methods=["POST"]),
            Route(f"{PATH}/password", form(self._changed(self._password)), methods=["POST"]),
            Route(f"{PATH}/sessions/end-others", form(self._changed(self._end_others)), methods=["POST"]),
            Route(f"{PATH}/sessions/{{id}}/end", form(self._changed(self._end)), methods=["POST"]),
            Route(f"{PATH}/people/{{name}}/end", form(self._person_ended, is_owners=True), methods=["POST"]),
            Route(f"{PATH}/links/end", form(self._links_ended, is_owners=True), methods=["POST"]),
        ]

    async def _shown(self, request: Request) -> Response:
        try:
            view = await run_in_threadpool(self._view, _visitor(request))
        except OSError as error:
            return failed(request, error, "/today")
        return answer(request, "you", view, part="you")

    def _view(self, visitor: Visitor) -> OwnPage:
        links = self._visits.links.count()
        return own_page(self._parts, self._desk, visitor.person, visitor.session, role=visitor.role, links=links)

    async def _offered(self, request: Request) -> Response:
        visitor = _visitor(request)
        if visitor.person is None:
            return RedirectResponse(PATH, 303)
        return self._offer(request, visitor, visitor.person)

    async def _set_up(self, request: Request, fields: dict[str, str]) -> Response:
        visitor = _visitor(request)
        person = visitor.person
        if person is None:
            return RedirectResponse(PATH, 303)
        password, code = fields.get("password", ""), fields.get("code", "")
        try:
            codes = await run_in_threadpool(self._desk.set_up, person, visitor.session, password, code)
        except AdvisedError as error:
            return self._offer(request, visitor, person, problem=f"{error.what} {error.why}")
        except OSError as error:
            return failed(request, error, PATH)
        return form_page(request, "codes", codes=codes)

    def _offer(self, request: Request, visitor: Visitor, person: Person, *, problem: str = "") -> Response:
        offer = self._desk.offer(person, visitor.session)
        status = 409 if problem else 200
        return form_page(request, "set_up", status=status, offer=offer, problem=problem, is_first=visitor.lacks_step)

    async def _renewed(self, request: Request, fields: dict[str, str]) -> Response:
        person = _visitor(request).person
        if person is None:
            return RedirectResponse(PATH, 303)
        try:
            codes = await run_in_threadpool(self._desk.renew_codes, person, fields.get("password", ""))
        except (AdvisedError, OSError) as error:
            return failed(request, error, PATH)
        return form_page(request, "codes", codes=codes)

    def _changed(self, change: Change) -> FormHandler:
        async def changed(request: Request, fields: dict[str, str]) -> Response:
            visitor = _visitor(request)
            if visitor.person is None:
                return RedirectResponse(PATH, 303)
            given = {**fields, "id": str(request.path_params.get("id", ""))}
            try:
                done = await run_in_threadpool(change, visitor.person, visitor, given)
            except (AdvisedError, OSError) as error:
                return failed(request, error, PATH)
            return RedirectResponse(f"{PATH}?done={done}", 303)

        return changed

    def _password(self, person: Person, visitor: Visitor, fields: Fields) -> str:
        now, password, again = (fields.get(name, "") for name in ("now", "password", "again"))
        self._desk.change_password(person, visitor.session, now, password, again)
        return "password"

    def _end(self, person: Person, _: Visitor, fields: Fields) -> str:
        self._desk.end(person, fields["id"])
        return "session-ended"

    def _end_others(self, person: Person, visitor: Visitor, _: Fields) -> str:
        self._desk.end_others(person, visitor.session)
        return "sessions-ended"

    async def _person_ended(self, request: Request, _: dict[str, str]) -> Response:
        try:
            await run_in_threadpool(self._desk.end_of, _visitor(request).by, str(request.path_params["name"]))
        except (AdvisedError, OSError) as error:
            return failed(request, error, PATH)
        return RedirectResponse(f"{PATH}?done=person-ended", 303)

    async def _links_ended(self, request: Request, _: dict[str, str]) -> Response:
        await run_in_threadpool(self._visits.links.end_all)
        self._parts.record("All sessions at the page that began with a link were ended.", by=_visitor(request).by)
        return RedirectResponse(f"{PATH}?done=links-ended", 303)


def _visitor(request: Request) -> Visitor:
    visitor = visitor_of(request)
    if visitor is None:  # what guards these pages lets nobody else in
        raise LookupError("a page of somebody's own was asked for by nobody")
    return visitor
