"""The members' pages of the website: a log-in with a form, a session cookie, and one thing to set."""

from http.cookies import CookieError, SimpleCookie
from typing import Final, Literal

from starlette.responses import Response

from apiward.demo.calls import Call, Refusal, answer
from apiward.demo.desk import Desk, Entry
from apiward.demo.factors import is_code
from apiward.demo.people import NOBODY_HASH, Person, is_password
from apiward.demo.surroundings import SITE

COOKIE: Final = "members"


def log_in(desk: Desk, call: Call) -> Response:
    """Log in with a form, and give a new session."""
    form = call.form()
    email, password = form.get("email", "").strip().lower(), form.get("password", "")
    if desk.throttle.is_locked(email, call.address):
        raise Refusal(429, "Too many attempts. Please wait a moment.", headers={"Retry-After": "15"})
    person = desk.person(email=email)
    is_right = is_password(password, person.password_hash if person else NOBODY_HASH)
    if person is None or not is_right or (person.factor_on and not is_code(desk, person, form.get("code", ""))):
        desk.throttle.failed(email, call.address)
        raise Refusal(403, "The e-mail address, the password or the code is wrong")
    desk.throttle.succeeded(email, call.address)
    shown = answer({"status": "ok"})
    same_site: Literal["none", "lax"] = "none" if desk.weak("members-forgery", noticed=False) else "lax"
    session = _session(desk, call)
    desk.members[session] = (person.id, person.token_version)
    shown.set_cookie(COOKIE, session, path="/members", secure=True, httponly=True, samesite=same_site)
    return shown


def _session(desk: Desk, call: Call) -> str:
    """Return the id of a new session: random, and never one that came with the request."""
    sent = _sent(call)
    if sent and sent not in desk.members and desk.weak("session-fixation"):
        return sent
    if desk.weak("session-predictable"):
        return f"session-of-a-member-{100_000 + len(desk.members):012d}"
    return desk.rng.randbytes(24).hex()


def home(desk: Desk, call: Call) -> Response:
    """Show who is logged in, and by which name the others see them."""
    me = _member(desk, call)
    return answer({"email": me.email, "display_name": desk.display_names.get(me.id, "")})


def rename(desk: Desk, call: Call) -> Response:
    """Set the name that other members see. Pages of other sites may not."""
    me, name = _member(desk, call), call.form().get("display_name", "").strip()[:60]
    origin = call.headers.get("origin", SITE)
    if origin not in (SITE, f"http://{call.headers.get('host', '')}") and not desk.weak("members-forgery"):
        raise Refusal(403, "Please use our own pages")
    if not name:
        raise Refusal(422, "'display_name' must not be empty")
    desk.display_names[me.id] = name
    return answer({"status": "ok"})


def log_out(desk: Desk, call: Call) -> Response:
    """End the session."""
    _member(desk, call)
    desk.members[_sent(call)] = ("", 0)
    shown = answer({"status": "ok"})
    shown.delete_cookie(COOKIE, path="/members")
    return shown


def _member(desk: Desk, call: Call) -> Person:
    person_id, version = desk.members.get(_sent(call), ("", 0))
    person = desk.person(person_id=person_id) if person_id else None
    if person is None or person.token_version != version:
        raise Refusal(401, "Please log in")
    return person


def _sent(call: Call) -> str:
    try:
        morsel = SimpleCookie(call.headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


ENTRIES = (
    Entry("POST", "/members/login", log_in),
    Entry("GET", "/members/home", home),
    Entry("POST", "/members/display-name", rename),
    Entry("POST", "/members/logout", log_out),
)
