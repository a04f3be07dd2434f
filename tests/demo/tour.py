"""One rightful call of every documented operation, in an order that works."""

import time
from dataclasses import dataclass
from typing import Any

from apiward.core.one_time_codes import STEP_S
from apiward.demo.factors import totp
from apiward.demo.people import ASSISTANT, CLIENT, OTHER_CLIENT, OWNER
from apiward.demo.webhooks import HEADER, signature
from tests.demo.visitor import Reply, Visitor, sent


@dataclass(frozen=True, slots=True)
class Stop:
    """One call of the tour: the operation as documented, and what came back."""

    operation: str
    reply: Reply


class Tour:
    """Calls operations and keeps what came back."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.stops: list[Stop] = []

    def go(self, operation: str, body: object = None, *, token: str = "", **slots: object) -> dict[str, Any]:
        """Call `operation` ("GET /api/v2/notes/{note_id}") and return the JSON of the answer."""
        method, _, path = operation.partition(" ")
        reply = self.visitor.call(method, path.format(**slots), body, token=token)
        self.stops.append(Stop(operation, reply))
        found: dict[str, Any] = reply.json
        return found


def whole_tour(visitor: Visitor) -> list[Stop]:
    """Return every documented operation with a good answer."""
    tour = Tour(visitor)
    _account(tour)
    _practice(tour)
    _website(tour)
    _shop(tour)
    _members(tour)
    _team(tour)
    tour.go("POST /api/v2/logout", token=visitor.log_in())
    tour.go("GET /api/v2/demo/reset")
    tour.go("POST /api/v2/demo/reset-all")
    return tour.stops


def _account(tour: Tour) -> None:
    token = tour.visitor.log_in(OTHER_CLIENT)
    tour.go(
        "POST /api/v2/register",
        {"client": {"email": "kim@mail.example", "name": "Kim", "password": "a-Fine-word-55"}},
    )
    form = {"username": CLIENT.email, "password": CLIENT.password}
    entered = tour.visitor.call("POST", "/api/v2/token", form=form)
    tour.stops.append(Stop("POST /api/v2/token", entered))
    tour.go("POST /api/v2/token/refresh", {"refresh_token": entered.json["refresh_token"]})
    tour.go("POST /api/v2/password/forgot", {"email": CLIENT.email})
    over = {"reset_token": "a-ticket-of-last-year", "new_password": "a-Fine-word-55"}
    assert tour.go("POST /api/v2/password/reset", over)["status"] == "fail"
    me = tour.go("GET /api/v2/me", token=token)["client"]["id"]
    tour.go("PATCH /api/v2/me", {"client": {"name": "Ben C."}}, token=token)
    tour.go("GET /api/v2/me/invitation", token=token)
    calendar = {"calendar_url": "https://calendar.google.com/calendar/ical/kim/basic.ics"}
    tour.go("PUT /api/v2/me/calendar", calendar, token=token)
    tour.go("GET /api/v2/me/calendar", token=token)
    photo = tour.visitor.upload("/api/v2/me/photo", "photo", "image/png", b"\x89PNG\r\n\x1a\n", token=token)
    tour.stops.append(Stop("PUT /api/v2/me/photo", photo))
    tour.go("GET /api/v2/photos/{name}", name=photo.json["photo_url"].rpartition("/")[2])
    tour.go("GET /api/v2/clients/{client_id}", token=token, client_id=me)
    tour.go("PUT /api/v2/clients/{client_id}/contact", {"phone": "1"}, token=token, client_id=me)
    wanted = {"current_password": OTHER_CLIENT.password, "password": "next-Word-777"}
    tour.go("PUT /api/v2/clients/{client_id}/password", wanted, token=token, client_id=me)
    token = tour.visitor.log_in(OTHER_CLIENT, "next-Word-777")
    changed = {"current_password": "next-Word-777", "new_password": OTHER_CLIENT.password}
    tour.go("PUT /api/v2/me/password", changed, token=token)
    _second_factor(tour)


def _second_factor(tour: Tour) -> None:
    """Kim, who has just signed up, switches a second factor on and asks for another address."""
    form = {"username": "kim@mail.example", "password": "a-Fine-word-55"}
    token = f"Bearer {tour.visitor.call('POST', '/api/v2/token', form=form).json['access_token']}"
    tour.go("PUT /api/v2/me/email", {"email": "kim.new@mail.example"}, token=token)
    secret = tour.go("POST /api/v2/me/second-factor", token=token)["secret"]
    code = totp(secret, int(getattr(tour.visitor, "now", time.time()) / STEP_S))
    tour.go("POST /api/v2/me/second-factor/confirm", {"code": code}, token=token)


def _practice(tour: Tour) -> None:
    token = tour.visitor.log_in()
    note = tour.go("POST /api/v2/notes", {"note": {"title": "T", "text": "t"}}, token=token)["note"]["id"]
    tour.go("GET /api/v2/notes", token=token)
    tour.go("GET /api/v2/notes/{note_id}", token=token, note_id=note)
    tour.go("POST /api/v2/notes/lookup", {"note_ids": [note]}, token=token)
    tour.go("PUT /api/v2/notes/{note_id}", {"note": {"text": "u"}}, token=token, note_id=note)
    tour.go("DELETE /api/v2/notes/{note_id}", token=token, note_id=note)
    slug = tour.go("POST /api/v2/goals", {"title": "Rest"}, token=token)["slug"]
    tour.go("GET /api/v2/goals", token=token)
    tour.go("GET /api/v2/goals/{slug}", token=token, slug=slug)
    tour.go("PATCH /api/v2/goals/{slug}", {"done": True}, token=token, slug=slug)
    step = tour.go("POST /api/v2/goals/{slug}/steps", {"text": "Run"}, token=token, slug=slug)["id"]
    tour.go("GET /api/v2/goals/{slug}/steps", token=token, slug=slug)
    tour.go("GET /api/v2/goals/{slug}/steps/{step_id}", token=token, slug=slug, step_id=step)
    _bookings(tour, token)


def _bookings(tour: Tour, token: str) -> None:
    wanted = {"starts_at": "2027-05-01T09:00:00Z", "topic": "Focus"}
    booking = tour.go("POST /api/v2/bookings", wanted, token=token)["booking_id"]
    moved = {"booking_id": booking, "starts_at": "2027-05-02T09:00:00Z"}
    tour.go("GET /api/v2/bookings", token=token)
    tour.go("GET /api/v2/bookings/{booking_id}", token=token, booking_id=booking)
    tour.go("PATCH /api/v2/bookings/{booking_id}", {"topic": "Rest"}, token=token, booking_id=booking)
    tour.go("POST /api/v2/bookings/move", moved, token=token)
    tour.go("POST /api/v2/bookings/search", {"text": "res"}, token=token)
    export = "<bookings><booking><topic>Rest</topic></booking></bookings>"
    imported = tour.visitor.call("POST", "/api/v2/bookings/import", xml=export, token=token)
    tour.stops.append(Stop("POST /api/v2/bookings/import", imported))
    paid = tour.go("POST /api/v2/payments", {"booking_id": booking, "reference": "R"}, token=token)
    tour.go("GET /api/v2/payments", token=token)
    tour.go("GET /api/v2/payments/{payment_id}/receipt", token=token, payment_id=paid["payment_id"])
    tour.go("POST /api/v2/bookings/cancel", {"booking": {"id": booking}}, token=token)
    tour.go("DELETE /api/v2/bookings/{booking_id}", token=token, booking_id=booking)


def _website(tour: Tour) -> None:
    token = tour.visitor.log_in()
    tour.go("GET /api/v2/colleagues/{login}", login="lina")
    tour.go("GET /api/v2/articles/{slug}/print", slug="sleep-first-steps-1")
    for path in ("coach", "articles", "testimonials", "calendar"):
        tour.go(f"GET /api/v2/{path}")
    tour.go("GET /api/v2/search")
    tour.go("GET /api/v2/language")
    slug = tour.go("POST /api/v2/articles", {"title": "On rest", "text": "Rest."}, token=token)["slug"]
    tour.go("GET /api/v2/articles/{slug}", slug=slug)
    tour.go("PUT /api/v2/articles/{slug}", {"text": "More rest."}, token=token, slug=slug)
    tour.go("POST /api/v2/contact", {"email": "kim.a-long.name@some.mail.example", "message": "Hello"})
    tour.go("POST /api/v2/newsletter", {"email": "kim@mail.example"})
    tour.go("POST /api/v2/quotes", {"sessions": 4, "budget_cents": 36000})
    tour.go("GET /api/v2/resources", token=token)
    worksheet = tour.visitor.call("GET", "/api/v2/resources/file?name=good-week.txt", token=token)
    tour.stops.append(Stop("GET /api/v2/resources/file", worksheet))


def _shop(tour: Tour) -> None:
    token = tour.visitor.shop_log_in()
    tour.go("POST /shop/login", {"email": CLIENT.email, "password": CLIENT.password})
    tour.go("GET /.well-known/jwks.json")
    tour.go("GET /shop/checkout.js")
    tour.go("GET /shop/account", token=token)
    tour.go("GET /shop/products")
    tour.go("GET /shop/products/{product_id}", product_id=1)
    review = {"display_name": "A.", "stars": 5, "text": "Good."}
    tour.go("POST /shop/products/{product_id}/reviews", review, token=token, product_id=1)
    tour.go("GET /shop/products/{product_id}/reviews", product_id=1)
    tour.go("PUT /shop/cart", {"items": [{"product_id": 2, "quantity": 3}]}, token=token)
    tour.go("GET /shop/cart", token=token)
    tour.go("POST /shop/cart/preview", {"saved": "eyJpdGVtcyI6IFtdfQ=="})
    order = {"items": [{"product_id": 1, "quantity": 2}], "coupon": "spring10", "address": "4 Mill Lane"}
    order_id = tour.go("POST /shop/orders", order, token=token)["order_id"]
    tour.go("GET /shop/orders", token=token)
    assert tour.go("GET /shop/orders/{order_id}", token=token, order_id=order_id)["order"]["total_cents"] == 3420
    tour.go("PUT /shop/orders/{order_id}/address", {"address": "5 Mill Lane"}, token=token, order_id=order_id)
    event = {"type": "payment.failed", "data": {"order_id": order_id}}
    signed = {HEADER: signature(sent(event), tour.visitor.now)}
    took = tour.visitor.call("POST", "/shop/webhooks/payments", event, headers=signed)
    tour.stops.append(Stop("POST /shop/webhooks/payments", took))
    for step in ("pay", "collect"):
        tour.go(f"POST /shop/orders/{{order_id}}/{step}", token=token, order_id=order_id)
    tour.go("POST /shop/vouchers/redeem", {"code": "WELCOME5"}, token=token)
    tour.go("POST /shop/bonus/claim", token=token)
    tour.go("POST /shop/coupons/check", {"code": "SPRING10"})
    tour.go("POST /shop/cards/preview", {"to": "Kim", "message": "Take a break, it's time."})
    tour.stops.append(Stop("GET /shop/find", tour.visitor.call("GET", "/shop/find?q=course")))
    tour.go("POST /shop/coupons", {"code": "NEW5", "percent": 5}, token=tour.visitor.shop_log_in(OWNER))


def _members(tour: Tour) -> None:
    form = {"email": CLIENT.email, "password": CLIENT.password}
    entered = tour.visitor.call("POST", "/members/login", form=form)
    cookie = {"Cookie": entered.headers["set-cookie"].partition(";")[0]}
    renamed = tour.visitor.call("POST", "/members/display-name", form={"display_name": "Ada"}, headers=cookie)
    home = tour.visitor.call("GET", "/members/home", headers=cookie)
    assert home.json["display_name"] == "Ada"
    left = tour.visitor.call("POST", "/members/logout", headers=cookie)
    for operation, reply in (
        ("POST /members/login", entered),
        ("POST /members/display-name", renamed),
        ("GET /members/home", home),
        ("POST /members/logout", left),
    ):
        tour.stops.append(Stop(operation, reply))


def _team(tour: Tour) -> None:
    owner = tour.visitor.log_in(OWNER)
    client_id = tour.go("GET /api/v2/admin/clients", token=tour.visitor.log_in(ASSISTANT))["clients"][0]["id"]
    tour.go("GET /api/v2/admin/bookings", token=tour.visitor.log_in(ASSISTANT))
    tour.go("GET /api/v2/admin/reports", token=owner)
    tour.go("PUT /api/v2/admin/clients/{client_id}/role", {"role": "client"}, token=owner, client_id=client_id)
    gone = tour.visitor.me(tour.visitor.log_in(OTHER_CLIENT))["id"]
    tour.go("DELETE /api/v2/clients/{client_id}", token=owner, client_id=gone)
