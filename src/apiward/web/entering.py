"""The ways in: log-in, second step, and the link with which somebody chooses a first password."""

import asyncio
import math
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from apiward.app.people.door import Door, Entered, From, NotLetInError
from apiward.app.people.own import OwnDesk
from apiward.app.people.parts import PeopleParts
from apiward.catalogue.page import load_page_words
from apiward.config.errors import AdvisedError
from apiward.web.answering import failed, form_page, said
from apiward.web.gatekeeping import says_own
from apiward.web.guarding import COMMAND, log_in_form, own_fields
from apiward.web.visiting import Visits, arrival_of

AT_ONCE: Final = 2
"""Tries that are judged at the same time. Each password takes a core and 19 MiB for a while, and those who send many
tries at once are counted in time."""
MOST_WAITING: Final = 16
_T = TypeVar("_T")


class BusyError(Exception):
    """So many log in just now that no more may wait."""


class Turns:
    """Lets a few do at once what takes long, and some wait."""

    def __init__(self, at_once: int) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._waiting = 0

    async def take(self, work: Callable[[], _T]) -> _T:
        """Do it in turn. Raises BusyError where too many wait."""
        if self._waiting >= MOST_WAITING:
            raise BusyError
        self._waiting += 1
        try:
            async with self._free:
                return await run_in_threadpool(work)
        finally:
            self._waiting -= 1


class Entrance:
    """Answers to who has no session yet."""

    def __init__(self, door: Door, visits: Visits, parts: PeopleParts) -> None:
        self._door = door
        self._visits = visits
        self._desk = OwnDesk(parts)
        self._turns = Turns(AT_ONCE)
        self._known_turns = Turns(1)  # of those who were let in before, whatever strangers do
        self._step_turns = Turns(AT_ONCE)  # of those who have given the password

    def routes(self) -> list[Route]:
        """Return the ways in."""
        return [
            Route("/log-in", self._log_in_page, methods=["GET"]),
            Route("/log-in", self._log_in, methods=["POST"]),
            Route("/second-step", self._step_page, methods=["GET"]),
            Route("/second-step", self._step, methods=["POST"]),
            Route("/welcome/{link}", self._welcome_page, methods=["GET"]),
            Route("/welcome/{link}", self._welcome, methods=["POST"]),
        ]

    async def _log_in_page(self, request: Request) -> Response:
        if not arrival_of(request).may_log_in:
            return said(request, "closed", status=401, command=COMMAND)
        return log_in_form(request, status=200)

    async def _log_in(self, request: Request) -> Response:
        fields = await self._fields(request)
        if isinstance(fields, Response):
            return fields
        name, where = fields.get("name", ""), self._visits.where(request)
        try:
            is_known = await run_in_threadpool(self._door.look, name, where)  # who has to wait takes nobody's turn
            turns = self._known_turns if is_known else self._turns
            entered = await turns.take(lambda: self._door.log_in(name, fields.get("password", ""), where))
        except NotLetInError as error:
            return _told(error, lambda status, problem: log_in_form(request, status=status, problem=problem, name=name))
        except BusyError:
            return log_in_form(request, status=503, problem=load_page_words().said("door.busy"), name=name)
        except OSError as error:
            return failed(request, error, "/log-in")
        return self._entered(request, entered)

    async def _step_page(self, request: Request) -> Response:
        try:
            waits = await run_in_threadpool(self._door.waits, self._visits.session(request))
        except OSError as error:
            return failed(request, error, "/log-in")
        return form_page(request, "second_step", problem="") if waits else RedirectResponse("/log-in", 303)

    async def _step(self, request: Request) -> Response:
        fields = await self._fields(request)
        if isinstance(fields, Response):
            return fields
        session, where = self._visits.session(request), self._visits.where(request)
        try:
            entered = await self._judged(session, fields.get("code", ""), where)
        except NotLetInError as error:
            if error.why == "over":
                return log_in_form(request, status=401, problem=load_page_words().said("door.over"))
            return _told(
                error,
                lambda status, problem: form_page(request, "second_step", status=status, problem=problem),
                wrong="door.wrong-code",
            )
        except BusyError:
            return form_page(request, "second_step", status=503, problem=load_page_words().said("door.busy"))
        except OSError as error:
            return failed(request, error, "/log-in")
        return self._entered(request, entered)

    async def _judged(self, session: str, code: str, where: From) -> Entered:
        """Judge a code in turn. Who has not given the password takes none: no stranger keeps others from theirs."""
        if not await run_in_threadpool(self._door.waits, session):
            raise NotLetInError("over")
        return await self._step_turns.take(lambda: self._door.second_step(session, code, where))

    async def _welcome_page(self, request: Request) -> Response:
        try:
            person = await run_in_threadpool(self._desk.invited, str(request.path_params["link"]))
        except OSError as error:
            return failed(request, error, "/log-in")
        if person is None or not arrival_of(request).may_log_in:
            return said(request, "door.welcome-over", status=403)
        return form_page(request, "welcome", name=person.name, problem="")

    async def _welcome(self, request: Request) -> Response:
        fields = await self._fields(request)
        if isinstance(fields, Response):
            return fields
        link = str(request.path_params["link"])
        try:
            person = await run_in_threadpool(self._desk.invited, link)
            if person is None:
                return said(request, "door.welcome-over", status=403)
            status, problem = await self._chosen(link, fields)
        except OSError as error:
            return failed(request, error, "/log-in")
        if problem:
            return form_page(request, "welcome", status=status, name=person.name, problem=problem)
        label = load_page_words().said("door.log-in")
        return said(request, "door.chosen", status=200, link="/log-in", label=label)

    async def _chosen(self, link: str, fields: Mapping[str, str]) -> tuple[int, str]:
        """Take a password that was chosen; return what is wrong where it was not taken."""
        password, again = fields.get("password", ""), fields.get("again", "")
        try:
            await self._turns.take(lambda: self._desk.choose(link, password, again))
        except AdvisedError as error:
            return 409, f"{error.what} {error.why}"
        except BusyError:
            return 503, load_page_words().said("door.busy")
        return 200, ""

    async def _fields(self, request: Request) -> dict[str, str] | Response:
        """Return the fields of a form from a page of ours. There is no token yet, so the browser must say it."""
        if not arrival_of(request).may_log_in or not says_own(request.headers):
            return said(request, "strange", status=403)
        return await own_fields(request)

    def _entered(self, request: Request, entered: Entered) -> Response:
        to = "/today" if entered.is_whole else "/second-step"
        return self._visits.give(request, RedirectResponse(to, 303), entered)


def _told(error: NotLetInError, page: Callable[[int, str], Response], *, wrong: str = "door.wrong") -> Response:
    """Return the form again, with what is said of a try that failed."""
    words = load_page_words()
    if error.why != "slow":
        return page(401, words.said("door.over" if error.why == "over" else wrong))
    seconds = math.ceil(error.wait_s)
    response = page(429, words.said("door.slow", seconds=seconds))
    response.headers["retry-after"] = str(seconds)
    return response
