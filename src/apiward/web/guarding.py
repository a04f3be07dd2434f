"""Lets only those to a page, or to what a form does, who have a session and the right to it."""

import contextlib
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from apiward.app.page.links import is_form_token
from apiward.app.people.door import Door
from apiward.catalogue.page import load_page_words
from apiward.core.person import Role
from apiward.web.answering import failed, form_page, said, wants_json
from apiward.web.forms import FormTooLargeError, NoFormError, read_form
from apiward.web.gatekeeping import is_own_form
from apiward.web.visiting import VISITOR, Visitor, Visits, arrival_of

Handler = Callable[[Request], Awaitable[Response]]
FormHandler = Callable[[Request, dict[str, str]], Awaitable[Response]]
COMMAND: Final = "apiward open"
_PEOPLE: Final = "apiward people add NAME"
SET_UP: Final = "/you/second-step"


class Guarded:
    """Wraps what answers, so that it hears of visitors only."""

    def __init__(self, visits: Visits, door: Door) -> None:
        self._visits = visits
        self._door = door

    def page(self, handler: Handler, *, is_own: bool = False) -> Handler:
        """Let only those with a session in. `is_own`: a page of their own way in, which may be incomplete still."""

        async def guarded(request: Request) -> Response:
            try:
                visitor = await self._visitor(request)
                if visitor is None:
                    return await self._closed(request)
            except OSError as error:
                return failed(request, error, "/today")
            if visitor.lacks_step and not is_own:
                if wants_json(request):
                    return said(request, "door.first-step", status=403)
                return RedirectResponse(SET_UP, 303)
            return await handler(request)

        return guarded

    def form(self, handler: FormHandler, *, is_action: bool = False, is_owners: bool = False) -> Handler:
        """Take a form only of who has a session, from a page of ours, with the token that this page gave.

        `is_action`: it changes something that is not the visitor's own, which takes a role that may. `is_owners`: that
        of an owner.
        """

        async def formed(request: Request) -> Response:
            try:
                visitor = await self._visitor(request)
                if visitor is None:
                    return await self._closed(request)
            except OSError as error:
                return failed(request, error, "/today")
            fields = await own_fields(request)
            if isinstance(fields, Response):
                return fields
            if not is_form_token(visitor.session, fields.get("token", "")):
                return said(request, "strange", status=403)
            refused = _refused(request, visitor, is_owners=is_owners) if is_action or is_owners else None
            return refused or await handler(request, fields)

        return formed

    async def note_visitor(self, request: Request) -> None:
        """Note who asks, if it is somebody."""
        with contextlib.suppress(OSError):
            await self._visitor(request)

    async def _visitor(self, request: Request) -> Visitor | None:
        visitor = await run_in_threadpool(self._visits.visitor, request)
        setattr(request.state, VISITOR, visitor)
        return visitor

    async def _closed(self, request: Request) -> Response:
        """Ask a stranger to log in, where people can, or say how to come by a link."""
        arrival = arrival_of(request)
        has_people = arrival.may_log_in and await run_in_threadpool(lambda: self._door.has_people)
        if not has_people and not arrival.is_near:
            return said(request, "door.nobody", status=401, command=_PEOPLE)
        if not has_people or wants_json(request) or request.method != "GET":
            return said(request, "closed", status=401, command=COMMAND)
        return log_in_form(request, status=401)


def _refused(request: Request, visitor: Visitor, *, is_owners: bool) -> Response | None:
    """Return what is said to who may not change what is not their own, None to who may."""
    if visitor.lacks_step:
        label = load_page_words().said("door.second-step-set")
        return said(request, "door.first-step", status=403, link=SET_UP, label=label)
    if not visitor.role.may_act:
        return said(request, "door.not-yours", status=403)
    if is_owners and visitor.role is not Role.OWNER:
        return said(request, "door.owners-only", status=403)
    return None


async def own_fields(request: Request) -> dict[str, str] | Response:
    """Return the fields of a form that came from a page of ours, or what is said of another one."""
    try:
        fields = await read_form(request)
    except FormTooLargeError:
        return said(request, "large", status=413)
    except NoFormError:
        return said(request, "strange", status=400)
    if not is_own_form(request.headers, request.headers.get("host", "")):
        return said(request, "strange", status=403)
    return dict(fields)


def log_in_form(request: Request, *, status: int, problem: str = "", name: str = "") -> Response:
    """Return the form in which people log in."""
    near = COMMAND if arrival_of(request).is_near else ""
    return form_page(request, "log_in", status=status, problem=problem, name=name, command=near)
