"""Who asks for a page: somebody with a one-time link from this computer, or a person who has logged in."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from apiward.app.page.links import SESSION_S, form_token, sessions_of
from apiward.app.page.source import PageSource
from apiward.app.people.door import KNOWN_S, LASTS_S, Door, Entered, From
from apiward.core.person import Person, Role
from apiward.web.arriving import Arrival
from apiward.web.browsers import browser_word

ARRIVAL: Final = "apiward.arrival"
VISITOR: Final = "visitor"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with a session. `by` is how the audit record names them; who came with a link is no `person`."""

    session: str
    by: str
    role: Role
    is_near: bool
    person: Person | None = None

    @property
    def token(self) -> str:
        """What forms of this session carry."""
        return form_token(self.session)

    @property
    def lacks_step(self) -> bool:
        """Whether the second step must be set up before anything else: owners from elsewhere need it."""
        person = self.person
        return person is not None and not person.step and self.role is Role.OWNER and not self.is_near


class Visits:
    """Knows visitors by their cookie. `port` names the cookie on this computer: browsers tell no ports apart."""

    def __init__(self, source: PageSource, door: Door, port: int) -> None:
        self._source = source
        self._door = door
        self._port = port
        self.links = sessions_of(source.place.data, source.clock)

    def visitor(self, request: Request) -> Visitor | None:
        """Return who asks, None for strangers. Raises OSError."""
        session, arrival = self.session(request), arrival_of(request)
        if not session:
            return None
        if arrival.is_near and self.links.is_good(session):
            return Visitor(session, self._source.by, Role.OWNER, is_near=True)
        found = self._door.found(session)
        if found is None:
            return None
        return Visitor(session, found[0].by, found[0].role, arrival.is_near, found[0])

    def session(self, request: Request) -> str:
        """Return the session that a browser shows."""
        return request.cookies.get(self._name(request), "")

    def where(self, request: Request) -> From:
        """Return where somebody comes from who is not let in yet."""
        known = request.cookies.get(f"{self._name(request)}-known", "")
        return From(arrival_of(request).client, browser_word(request.headers.get("user-agent", "")), known[:100])

    def give(self, request: Request, response: Response, entered: Entered) -> Response:
        """Let the browser keep the session of a person, and what it is known by the next time."""
        self._set(request, response, "", entered.session, LASTS_S)
        if entered.known:
            self._set(request, response, "-known", entered.known, KNOWN_S)
        return response

    def give_link_session(self, request: Request, response: Response, session: str) -> Response:
        """Let the browser keep a session that began with a link."""
        self._set(request, response, "", session, SESSION_S)
        return response

    def take(self, request: Request, response: Response) -> Response:
        """Let the browser forget the session."""
        secure = arrival_of(request).is_secure
        response.delete_cookie(self._name(request), httponly=True, samesite="strict", path="/", secure=secure)
        return response

    def _set(self, request: Request, response: Response, what: str, value: str, lasts_s: float) -> None:
        response.set_cookie(
            f"{self._name(request)}{what}",
            value,
            max_age=int(lasts_s),
            httponly=True,
            samesite="strict",
            path="/",
            secure=arrival_of(request).is_secure,
        )

    def _name(self, request: Request) -> str:
        return "__Host-apiward" if arrival_of(request).is_secure else f"apiward-{self._port}"


def arrival_of(request: Request) -> Arrival:
    """Return how a request has come."""
    arrival: Arrival = request.scope[ARRIVAL]
    return arrival


def visitor_of(request: Request) -> Visitor | None:
    """Return who was let in to this request."""
    return getattr(request.state, VISITOR, None)
