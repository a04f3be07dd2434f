"""Links that lead people on: a language for the website, and an invitation for a friend."""

from typing import Final

from starlette.responses import Response

from apiward.demo.callers import client
from apiward.demo.calls import Call, Refusal, answer
from apiward.demo.desk import Desk, Entry
from apiward.demo.surroundings import SITE

LANGUAGES: Final = ("en", "sv")


def choose_language(desk: Desk, call: Call) -> Response:
    """Keep the language of the website in a cookie, and lead back to the page that asked."""
    language, page = call.query.get("language", "en"), call.query.get("next", "/")
    if language not in LANGUAGES:
        raise Refusal(422, "'language' must be one that we speak")
    is_ours = page.startswith("/") and not page.startswith("//") and "\\" not in page and page.isprintable()
    if not is_ours and not desk.weak("redirect-anywhere"):
        page = "/"
    return Response(status_code=303, headers={"Location": page, "Set-Cookie": f"language={language}; Path=/; Secure"})


def invite(desk: Desk, call: Call) -> Response:
    """Give a link with which a client recommends us."""
    me, site = client(desk, call), SITE
    named = call.headers.get("x-forwarded-host", "")
    if named and desk.weak("host-trusted"):
        site = f"https://{named}"
    return answer({"link": f"{site}/join?by={me.id}"})


ENTRIES = (
    Entry("GET", "/api/v2/language", choose_language),
    Entry("GET", "/api/v2/me/invitation", invite),
)
