"""A day at the demo business: clients, the coach and her assistant do what they may, a stranger what he may not."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from apiward.core.exchange import Exchange, Request
from apiward.core.jsonvalue import Json, NotJson
from apiward.demo.people import ASSISTANT, CLIENT, OTHER_CLIENT, OWNER, Seeded

Send = Callable[[Request], Awaitable[Exchange]]
_JSON: Final = ("Content-Type", "application/json")
_FORM: Final = ("Content-Type", "application/x-www-form-urlencoded")


@dataclass(frozen=True, slots=True)
class Errand:
    """One call of the day: what was done, and the answer."""

    what: str
    exchange: Exchange

    @property
    def went_well(self) -> bool:
        """Whether it was answered, and not with a refusal; the shop says no with 200 and a word."""
        body = self.exchange.response.json() if self.exchange.response is not None else NotJson.NOT_JSON
        says_no = isinstance(body, dict) and body.get("status") == "fail"
        return self.exchange.is_success and not says_no


@dataclass(slots=True)
class _Day:
    origin: str
    send: Send
    errands: list[Errand] = field(default_factory=list)

    async def call(
        self, operation: str, body: Json = None, *, token: str = "", form: dict[str, str] | None = None
    ) -> Json:
        method, _, path = operation.partition(" ")
        headers = [_FORM if form else _JSON] if form or body is not None else []
        headers += [("Authorization", token)] if token else []
        sent = urlencode(form).encode() if form else b"" if body is None else json.dumps(body).encode()
        exchange = await self.send(Request(method, f"{self.origin}{path}", tuple(headers), sent))
        self.errands.append(Errand(operation, exchange))
        value = exchange.response.json() if exchange.response is not None else NotJson.NOT_JSON
        return {} if isinstance(value, NotJson) else value

    async def log_in(self, person: Seeded) -> str:
        form = {"username": person.email, "password": person.password, "grant_type": "password"}
        return f"Bearer {_text(await self.call('POST /api/v2/token', form=form), 'access_token')}"


async def normal_day(origin: str, send: Send) -> list[Errand]:
    """Return what each call of the day gave; `origin` is where the business, or the guard before it, is reached."""
    day = _Day(origin, send)
    for person in (CLIENT, OTHER_CLIENT):
        await _client(day, person)
        await _customer(day, person)
    await _team(day)
    return day.errands


async def strangers_day(origin: str, send: Send) -> list[Errand]:
    """Return what a stranger's tries gave: a copy of the data, a database command in a search, the list of clients."""
    day = _Day(origin, send)
    await day.call("GET /backup.zip")
    await day.call("GET /shop/products?" + urlencode({"category": "1' OR '1'='1"}))
    await day.call("GET /api/v2/admin/clients")
    return day.errands


async def _client(day: _Day, person: Seeded) -> None:
    token = await day.log_in(person)
    await day.call("GET /api/v2/me", token=token)
    await day.call("PATCH /api/v2/me", {"client": {"name": person.name}}, token=token)
    note = await day.call(
        "POST /api/v2/notes", {"note": {"title": "Today", "text": "It's fine -- really."}}, token=token
    )
    place = f"/api/v2/notes/{_text(note, 'note', 'id')}"
    await day.call(f"GET {place}", token=token)
    await day.call(f"PUT {place}", {"note": {"text": "Better than fine; thanks."}}, token=token)
    await day.call("GET /api/v2/notes", token=token)
    goal = await day.call("POST /api/v2/goals", {"title": f"Rest, for {person.name}"}, token=token)
    await day.call(f"GET /api/v2/goals/{_text(goal, 'slug')}", token=token)
    booking = await day.call(
        "POST /api/v2/bookings", {"starts_at": "2027-05-01T09:00:00Z", "topic": "Focus"}, token=token
    )
    number = _text(booking, "booking_id")
    await day.call(f"GET /api/v2/bookings/{number}", token=token)
    moved: Json = {"booking_id": number, "starts_at": "2027-05-02T09:00:00Z"}
    await day.call("POST /api/v2/bookings/move", moved, token=token)
    paid = await day.call("POST /api/v2/payments", {"booking_id": number, "reference": "May"}, token=token)
    await day.call(f"GET /api/v2/payments/{_text(paid, 'payment_id')}/receipt", token=token)
    await day.call("POST /api/v2/bookings/cancel", {"booking": {"id": number}}, token=token)
    await day.call("POST /api/v2/bookings/search", {"text": "foc"}, token=token)
    await day.call("GET /api/v2/resources", token=token)
    await day.call("GET /api/v2/articles?limit=20")
    await day.call("GET /api/v2/calendar")
    await day.call("POST /api/v2/contact", {"email": person.email, "message": "Hello, it's me again."})
    await day.call("DELETE " + place, token=token)
    await day.call("POST /api/v2/logout", token=token)


async def _customer(day: _Day, person: Seeded) -> None:
    shown = await day.call("POST /shop/login", {"email": person.email, "password": person.password})
    token = f"Token {_text(shown, 'session', 'token')}"
    await day.call("GET /shop/products")
    await day.call("GET /shop/products/1")
    await day.call("PUT /shop/cart", {"items": [{"product_id": 2, "quantity": 3}]}, token=token)
    order: Json = {"items": [{"product_id": 1, "quantity": 2}], "coupon": "spring10", "address": "4 Mill Lane"}
    bought = await day.call("POST /shop/orders", order, token=token)
    await day.call(f"GET /shop/orders/{_text(bought, 'order_id')}", token=token)
    await day.call("GET /shop/orders", token=token)
    await day.call("GET /shop/account", token=token)


async def _team(day: _Day) -> None:
    owner, assistant = await day.log_in(OWNER), await day.log_in(ASSISTANT)
    await day.call("GET /api/v2/admin/clients", token=assistant)
    await day.call("GET /api/v2/admin/bookings", token=assistant)
    await day.call("GET /api/v2/admin/reports", token=owner)


def _text(value: Json, *steps: str) -> str:
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return str(value)
