"""The public side: the coach's profile, testimonials, the calendar and the contact form."""

import re
import sqlite3
from typing import Any

from starlette.responses import Response

from apiward.demo.callers import client
from apiward.demo.calls import Call, Refusal, answer, text
from apiward.demo.desk import Desk, Entry
from apiward.demo.people import OWNER
from apiward.demo.shell import run

# Nested repetition: every way to split the name is tried when no "@" follows.
SLOW_NAME = re.compile(r"^([a-zA-Z0-9._+-]+)+@")
SLOW_LENGTH = 24  # more would hold the demo for longer than a second
QUICK_NAME = re.compile(r"^[a-zA-Z0-9._+-]{1,64}@")
DOMAIN = re.compile(r"[a-zA-Z0-9.-]{1,190}")


def read_coach(desk: Desk, call: Call) -> Response:
    """Show the coach's public profile, and say in which language it is."""
    shown: dict[str, Any] = {
        "name": OWNER.name, "bio": "Coach for people who carry a lot.", "years": 12, "languages": ["en", "sv"],
    }  # fmt: skip
    if desk.weak("answer-drift"):
        shown |= {"years": "twelve", "languages": "en, sv", "hourly_margin": 0.42}
    return _in_language(desk, call.query.get("lang", "en"), answer(shown))


def _in_language(desk: Desk, language: str, response: Response) -> Response:
    if language not in ("en", "sv") and not desk.weak("header-injection-coach", noticed="\n" in language):
        language = "en"
    # Written by hand, as old code does: each line of it is a header.
    for line in f"Content-Language: {language}".splitlines()[:8]:
        name, _, value = line.partition(":")
        if re.fullmatch(r"[A-Za-z0-9-]{1,60}", name.strip()):
            response.headers[name.strip()] = value.strip().encode("latin-1", "replace").decode("latin-1")
    return response


def list_testimonials(desk: Desk, call: Call) -> Response:  # noqa: ARG001
    """Show what clients allowed us to publish."""
    shown = ["name", "text"]
    if desk.weak("personal-data-in-testimonials"):
        shown += ["email", "phone"]
    rows = desk.storage.rows("SELECT * FROM testimonials ORDER BY id")
    return answer({"testimonials": [{name: row[name] for name in shown} for row in rows]})


def read_calendar(desk: Desk, call: Call) -> Response:  # noqa: ARG001
    """Show which hours are taken, so that visitors can choose a free one."""
    rows = desk.storage.rows(
        "SELECT starts_at, people.name, people.email, topic FROM bookings JOIN people ON people.id = owner"
        " WHERE state != 'cancelled' ORDER BY starts_at"
    )
    shown = ["starts_at"]
    if desk.weak("personal-data-in-calendar"):
        shown += ["name", "email", "topic"]
    return answer({"taken": [{name: row[name] for name in shown} for row in rows]})


def search(desk: Desk, call: Call) -> Response:
    """Search in the titles of articles, and say what was searched for."""
    wanted = call.query.get("q", "")[:100]
    known = desk.storage.rows("SELECT slug, title FROM articles ORDER BY id DESC")
    shown = [dict(row) for row in known if wanted.lower() in row["title"].lower()][:10]
    found = answer({"query": wanted, "articles": shown})
    if desk.weak("data-as-page", noticed="<" in wanted):
        found.headers["Content-Type"] = "text/html; charset=utf-8"
    return found


def send_message(desk: Desk, call: Call) -> Response:
    """Take a message from a visitor."""
    wanted = call.data()
    email, message = text(wanted, "email", most=254), text(wanted, "message")
    name, at, domain = email.partition("@")
    if desk.weak("input-slowness-contact", noticed=len(name) >= SLOW_LENGTH - 4):
        is_name = SLOW_NAME.match(name[:SLOW_LENGTH] + at)
    else:
        is_name = QUICK_NAME.match(name + at)
    if is_name is None or DOMAIN.fullmatch(domain) is None:
        raise Refusal(422, "'email' must be an e-mail address")
    if re.search(r"['|;$]", message) and desk.weak("command-injection-contact"):
        run(f"mail -s 'From the website: {message}' {OWNER.email}")  # what it says is shown to nobody
    desk.storage.insert("messages", email=email, text=message)
    return answer({"status": "ok"}, 202)


def subscribe(desk: Desk, call: Call) -> Response:
    """Put an address on the newsletter's list. The answer is always the same."""
    email = text(call.data(), "email", most=254)
    if desk.weak("sql-injection-newsletter", noticed="'" in email):
        try:
            desk.storage.rows(f"SELECT email FROM subscribers WHERE email = '{email}'")
        except sqlite3.Error:
            return answer({"status": "ok"}, 202)
    desk.storage.rows("INSERT OR IGNORE INTO subscribers (email) VALUES (?)", email.lower())
    return answer({"status": "ok"}, 202)


def list_resources(desk: Desk, call: Call) -> Response:
    """List worksheets for clients: everybody who is logged in may see them."""
    if "authorization" in call.headers or not desk.weak("authentication-missing-resources"):
        client(desk, call)
    rows = desk.storage.rows("SELECT id, title, link FROM resources ORDER BY id")
    return answer({"resources": [dict(row) for row in rows]})


def quote(desk: Desk, call: Call) -> Response:  # noqa: ARG001
    """Split a budget over sessions. Zero sessions are a bug in both twins: what is told differs."""
    wanted = call.data()
    return answer({"sessions": wanted["sessions"], "each_cents": wanted["budget_cents"] // wanted["sessions"]})


def reset_demo(desk: Desk, call: Call) -> Response:  # noqa: ARG001
    """Bring the first day back. Everything that was added since is lost."""
    desk.reset()
    return answer({"status": "ok", "message": "The demo data is new again."})


ENTRIES = (
    Entry("GET", "/api/v2/coach", read_coach),
    Entry("GET", "/api/v2/testimonials", list_testimonials),
    Entry("GET", "/api/v2/calendar", read_calendar),
    Entry("GET", "/api/v2/search", search),
    Entry("POST", "/api/v2/contact", send_message),
    Entry("POST", "/api/v2/newsletter", subscribe),
    Entry("GET", "/api/v2/resources", list_resources),
    Entry("POST", "/api/v2/quotes", quote),
    Entry("GET", "/api/v2/demo/reset", reset_demo),
    Entry("POST", "/api/v2/demo/reset-all", reset_demo),
)
