"""Renewing a log-in: each refresh token works once, and none after its session has ended (RFC 9700, section 4.14)."""

from dataclasses import dataclass

from starlette.responses import Response

from apiward.demo.callers import client_token
from apiward.demo.calls import Call, Refusal, answer, text
from apiward.demo.desk import Desk, Entry
from apiward.demo.people import Person


@dataclass(slots=True)
class Renewal:
    """One refresh token that was given out: whose, in which session, and whether it was used."""

    person_id: str
    version: int
    session: str
    is_used: bool = False


def log_in_answer(desk: Desk, person: Person, session: str = "") -> dict[str, object]:
    """Return what a log-in, or its renewal, gives: a short token, and a refresh token for the next one."""
    session = session or desk.fresh_id()
    refresh = desk.fresh_id() + desk.fresh_id()
    desk.renewals[refresh] = Renewal(person.id, person.token_version, session)
    shown = {"access_token": client_token(desk, person, session), "token_type": "bearer"}
    return shown | {"expires_in": int(desk.token_life_s), "refresh_token": refresh}


def renew(desk: Desk, call: Call) -> Response:
    """Give a new pair of tokens for a refresh token; one that comes back a second time ends the whole session."""
    found = desk.renewals.get(text(call.data(), "refresh_token", most=200))
    person = desk.person(person_id=found.person_id) if found else None
    if found is None or person is None or found.version != person.token_version:
        raise Refusal(401, "Please log in")
    if found.is_used and not desk.weak("refresh-token-reused"):
        desk.ended.add(found.session)
        raise Refusal(401, "Please log in")
    if found.session in desk.ended and not desk.weak("refresh-after-logout"):
        raise Refusal(401, "Please log in")
    found.is_used = True
    return answer(log_in_answer(desk, person, found.session))


ENTRIES = (Entry("POST", "/api/v2/token/refresh", renew),)
