"""Sends the server elsewhere, and looks for what stands open or trusts too much."""

from collections.abc import Callable, Mapping
from typing import Final

from apiward.demo.people import CLIENT
from apiward.net.call_listener import OwnListener
from tests.demo.visitor import Shown, Visitor

_TOKEN: Final = "0123456789abcdef" * 2


def request_forgery(visitor: Visitor) -> Shown:
    token = visitor.log_in()
    with OwnListener(clock=lambda: 0.0) as ear:
        ear.expect(_TOKEN)
        got = visitor.call("PUT", "/api/v2/me/calendar", {"calendar_url": f"{ear.origin}/{_TOKEN}"}, token=token)
        return Shown(ear.heard(_TOKEN) is not None, got.status)


def page_as_photo(visitor: Visitor) -> Shown:
    got = visitor.upload("/api/v2/me/photo", "photo", "text/html", b"<script>1</script>", token=visitor.log_in())
    place = (got.json or {}).get("photo_url", "/api/v2/photos/none")
    shown = visitor.call("GET", place)
    may_run = "default-src" not in shown.headers.get("content-security-policy", "")
    return Shown(may_run and shown.headers["content-type"].startswith("text/html"), got.status)


def exposed_settings(visitor: Visitor) -> Shown:
    got = visitor.call("GET", "/.env")
    return Shown("MAIL_PASSWORD=" in got.text, got.status)


def figures_open(visitor: Visitor) -> Shown:
    got = visitor.call("GET", "/metrics")
    return Shown("http_requests_total" in got.text, got.status)


def private_answers_cached(visitor: Visitor) -> Shown:
    got = visitor.call("GET", "/api/v2/payments", token=visitor.log_in())
    return Shown("public" in got.headers.get("cache-control", ""), got.status)


def redirect_anywhere(visitor: Visitor) -> Shown:
    got = visitor.call("GET", "/api/v2/language?next=https://evil.example/")
    return Shown("evil.example" in got.headers.get("location", ""), got.status)


def host_trusted(visitor: Visitor) -> Shown:
    evil = {"X-Forwarded-Host": "evil.example"}
    got = visitor.call("GET", "/api/v2/me/invitation", token=visitor.log_in(), headers=evil)
    return Shown("https://evil.example/" in got.text, got.status)


def data_as_page(visitor: Visitor) -> Shown:
    got = visitor.call("GET", "/api/v2/search?q=<i>")
    return Shown("<i>" in got.text and got.headers["content-type"].startswith("text/html"), got.status)


def cookie_open(visitor: Visitor) -> Shown:
    got = visitor.call("POST", "/shop/login", {"email": CLIENT.email, "password": CLIENT.password})
    return Shown("httponly" not in got.headers["set-cookie"].lower(), got.status)


def docs_open(visitor: Visitor) -> Shown:
    got = visitor.call("GET", "/docs")
    return Shown("swagger-ui" in got.text, got.status)


ATTACKS: Final[Mapping[str, Callable[[Visitor], Shown]]] = {
    "request-forgery-calendar": request_forgery,
    "page-as-photo": page_as_photo,
    "exposed-settings": exposed_settings,
    "figures-open": figures_open,
    "docs-open": docs_open,
    "private-answers-cached": private_answers_cached,
    "redirect-anywhere": redirect_anywhere,
    "host-trusted": host_trusted,
    "data-as-page": data_as_page,
    "cookie-open": cookie_open,
}
