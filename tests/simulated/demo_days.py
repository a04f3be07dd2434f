"""A normal fortnight of the demo business: its clients, shoppers, staff and strangers, simulated with a seed.

    for stop in fortnight(Visitor(weaknesses, folder, around)):    # `around` puts a guard before it, or nothing
        assert 200 <= stop.reply.status < 300

Everything in it is rightful. The visits come one after the other; time goes forward as the visitor's own clock.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Final, TypeAlias

from apiward.demo.people import ASSISTANT, CLIENT, OTHER_CLIENT, OWNER, Seeded
from apiward.demo.traffic import words
from tests.demo.tour import Stop
from tests.demo.visitor import Visitor

DAY_S: Final = 86_400.0
VISITS: Final = 1.3
"""Of one client on a workday; a fifth of that on a weekend."""
_TOKEN_LIFE_S: Final = 45.0

Deed: TypeAlias = "Callable[[Customer], Iterator[Stop]]"


def fortnight(visitor: Visitor, *, clients: int = 6, days: int = 14, seed: int = 1) -> Iterator[Stop]:
    """Yield every call of the fortnight, with what came back."""
    rng = Random(seed)
    customers = [Customer(visitor, CLIENT, rng), Customer(visitor, OTHER_CLIENT, rng)]
    for number in range(clients - 2):
        customers.append(Customer(visitor, _new(number, rng), rng))
        yield customers[-1].go("POST /api/v2/register", {"client": _registration(customers[-1].person)})
    staff = [Customer(visitor, OWNER, rng), Customer(visitor, ASSISTANT, rng)]
    begin = visitor.now
    for day in range(days):
        visits = sorted(_visits(customers, staff, day, rng), key=lambda visit: visit[0])
        for at_s, customer in visits:
            visitor.now = max(visitor.now, begin + day * DAY_S + at_s)
            yield from _visit(customer, is_staff=customer in staff)


def _visits(
    customers: "list[Customer]", staff: "list[Customer]", day: int, rng: Random
) -> "Iterator[tuple[float, Customer]]":
    share = VISITS if day % 7 < 5 else VISITS / 5
    for one in customers:
        for _ in range(3):
            if rng.random() < share / 3:
                yield 3_600.0 * (8 + rng.random() * 12), one
    if day % 7 < 5:
        for one in staff:
            yield 3_600.0 * (9 + rng.random() * 8), one


def _visit(customer: "Customer", *, is_staff: bool) -> Iterator[Stop]:
    rng = customer.rng
    for _ in range(2 + int(rng.random() * 5)):
        deeds = _STAFF if is_staff else _CLIENTS
        yield from deeds[int(rng.random() * len(deeds))](customer)
    if rng.random() < 0.2:
        yield customer.go("POST /api/v2/logout", token=customer.client_token())
        customer.forget()


@dataclass(slots=True)
class _Shown:
    token: str = ""
    until_s: float = 0.0


class Customer:
    """Somebody with an account in the client area and in the shop."""

    def __init__(self, visitor: Visitor, person: Seeded, rng: Random) -> None:
        self.visitor = visitor
        self.person = person
        self.rng = rng
        self._client = _Shown()
        self._shop = _Shown()

    def go(self, operation: str, body: object = None, *, token: str = "", **slots: object) -> Stop:
        """Call an operation after some thought."""
        self.visitor.now += 0.5 + self.rng.random() * 4.0
        method, _, path = operation.partition(" ")
        return Stop(operation, self.visitor.call(method, path.format(**slots), body, token=token))

    def client_token(self) -> str:
        """Return a token of the client area that is still good."""
        if self.visitor.now >= self._client.until_s:
            self._client = _Shown(self.visitor.log_in(self.person), self.visitor.now + _TOKEN_LIFE_S)
        return self._client.token

    def shop_token(self) -> str:
        """Return a token of the shop that is still good."""
        if self.visitor.now >= self._shop.until_s:
            self._shop = _Shown(self.visitor.shop_log_in(self.person), self.visitor.now + _TOKEN_LIFE_S)
        return self._shop.token

    def forget(self) -> None:
        """Log in anew next time."""
        self._client = _Shown()

    def mine(self, operation: str, body: object = None, **slots: object) -> Stop:
        """Call an operation of the client area."""
        return self.go(operation, body, token=self.client_token(), **slots)

    def bought(self, operation: str, body: object = None, **slots: object) -> Stop:
        """Call an operation of the shop."""
        return self.go(operation, body, token=self.shop_token(), **slots)

    def pick(self, found: list[dict[str, Any]]) -> dict[str, Any] | None:
        """Return one of them."""
        return found[int(self.rng.random() * len(found))] if found else None


def _notes(customer: Customer) -> Iterator[Stop]:
    listed = customer.mine("GET /api/v2/notes")
    yield listed
    note = customer.pick(listed.reply.json["notes"])
    if note is not None:
        yield customer.mine("GET /api/v2/notes/{note_id}", note_id=note["id"])
        yield customer.mine(
            "PUT /api/v2/notes/{note_id}", {"note": {"text": words.text(customer.rng)[:400]}}, note_id=note["id"]
        )
    if note is not None and customer.rng.random() < 0.2:
        yield customer.mine("DELETE /api/v2/notes/{note_id}", note_id=note["id"])


def _new_note(customer: Customer) -> Iterator[Stop]:
    value = {"title": words.title(customer.rng), "text": words.text(customer.rng)[:400]}
    made = customer.mine("POST /api/v2/notes", {"note": value})
    yield made
    yield customer.mine("GET /api/v2/notes/{note_id}", note_id=made.reply.json["note"]["id"])


def _goals(customer: Customer) -> Iterator[Stop]:
    made = customer.mine("POST /api/v2/goals", {"title": words.title(customer.rng)})
    yield made
    yield customer.mine("GET /api/v2/goals")
    slug = made.reply.json["slug"]
    yield customer.mine("GET /api/v2/goals/{slug}", slug=slug)
    yield customer.mine("PATCH /api/v2/goals/{slug}", {"done": True}, slug=slug)


def _booking(customer: Customer) -> Iterator[Stop]:
    day = 1 + int(customer.rng.random() * 28)
    wanted = {"starts_at": f"2027-05-{day:02}T09:00:00Z", "topic": words.title(customer.rng)}
    made = customer.mine("POST /api/v2/bookings", wanted)
    yield made
    booking = made.reply.json["booking_id"]
    yield customer.mine("GET /api/v2/bookings/{booking_id}", booking_id=booking)
    if customer.rng.random() < 0.5:
        moved = {"booking_id": booking, "starts_at": f"2027-06-{day:02}T10:00:00Z"}
        yield customer.mine("POST /api/v2/bookings/move", moved)
    if customer.rng.random() < 0.5:
        yield from _paid(customer, booking)
    elif customer.rng.random() < 0.3:
        yield customer.mine("POST /api/v2/bookings/cancel", {"booking": {"id": booking}})


def _paid(customer: Customer, booking: str) -> Iterator[Stop]:
    paid = customer.mine("POST /api/v2/payments", {"booking_id": booking, "reference": "R"})
    yield paid
    yield customer.mine("GET /api/v2/payments")
    yield customer.mine("GET /api/v2/payments/{payment_id}/receipt", payment_id=paid.reply.json["payment_id"])


def _bookings(customer: Customer) -> Iterator[Stop]:
    listed = customer.mine("GET /api/v2/bookings")
    yield listed
    booking = customer.pick(listed.reply.json["bookings"])
    if booking is not None:
        yield customer.mine("GET /api/v2/bookings/{booking_id}", booking_id=booking["booking_id"])
    yield customer.mine("POST /api/v2/bookings/search", {"text": "res"})


def _self(customer: Customer) -> Iterator[Stop]:
    me = customer.mine("GET /api/v2/me")
    yield me
    number = me.reply.json["client"]["id"]
    yield customer.mine("GET /api/v2/clients/{client_id}", client_id=number)
    if customer.rng.random() < 0.3:
        yield customer.mine("PUT /api/v2/clients/{client_id}/contact", {"phone": "+44 20 7946 0123"}, client_id=number)


def _website(customer: Customer) -> Iterator[Stop]:
    listed = customer.go("GET /api/v2/articles")
    yield listed
    article = customer.pick(listed.reply.json["articles"])
    if article is not None:
        yield customer.go("GET /api/v2/articles/{slug}", slug=article["slug"])
    for path in ("coach", "testimonials", "calendar"):
        yield customer.go(f"GET /api/v2/{path}")
    yield customer.mine("GET /api/v2/resources")


def _shop(customer: Customer) -> Iterator[Stop]:
    product = 1 + int(customer.rng.random() * 8)
    yield customer.go("GET /shop/products")
    yield customer.go("GET /shop/products/{product_id}", product_id=product)
    items = [{"product_id": product, "quantity": 1 + int(customer.rng.random() * 3)}]
    yield customer.bought("PUT /shop/cart", {"items": items})
    yield customer.bought("GET /shop/cart")
    coupon = {"coupon": "SPRING10"} if customer.rng.random() < 0.3 else {}
    made = customer.bought("POST /shop/orders", {"items": items, "address": "4 Mill Lane", **coupon})
    yield made
    yield customer.bought("GET /shop/orders/{order_id}", order_id=made.reply.json["order_id"])


def _orders(customer: Customer) -> Iterator[Stop]:
    listed = customer.bought("GET /shop/orders")
    yield listed
    order = customer.pick(listed.reply.json["orders"])
    if order is not None:
        yield customer.bought("GET /shop/orders/{order_id}", order_id=order["id"])
        changed = {"address": f"{1 + int(customer.rng.random() * 90)} Mill Lane"}
        yield customer.bought("PUT /shop/orders/{order_id}/address", changed, order_id=order["id"])


def _desk(customer: Customer) -> Iterator[Stop]:
    listed = customer.mine("GET /api/v2/admin/clients")
    yield listed
    yield customer.mine("GET /api/v2/admin/bookings")
    if customer.person is OWNER:
        yield customer.mine("GET /api/v2/admin/reports")


_CLIENTS: Final[tuple[Deed, ...]] = (
    _notes, _notes, _new_note, _goals, _booking, _bookings, _bookings, _self, _website, _shop, _orders,
)  # fmt: skip
_STAFF: Final[tuple[Deed, ...]] = (_desk, _desk, _notes, _new_note, _website, _self)


def _new(number: int, rng: Random) -> Seeded:
    name, email = words.person(rng)
    email = email.replace("@", f".{number}@")
    return Seeded(name, email, f"quiet-Harbour-{number}-{rng.randrange(999)}", "client", "")


def _registration(person: Seeded) -> dict[str, str]:
    return {"email": person.email, "name": person.name, "password": person.password}
