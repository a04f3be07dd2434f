"""Attacks with extra properties and hostile input, and looks at what answers give away."""

import gzip
import time
from collections.abc import Callable, Mapping
from typing import Final

from apiward.demo.people import CLIENT
from tests.demo.visitor import Shown, Visitor, sent


def signup_extra(visitor: Visitor) -> Shown:
    wanted = {"email": CLIENT.email.replace("ada", "eve"), "name": "Eve", "password": "a-Fine-word-55"}
    extra = {"role": "owner", "credit_cents": 5000}
    got = visitor.call("POST", "/api/v2/register", {"client": wanted | extra})
    form = {"username": wanted["email"], "password": wanted["password"]}
    token = visitor.call("POST", "/api/v2/token", form=form).json["access_token"]
    me = visitor.me(f"Bearer {token}")
    return Shown((me["role"], me["credit_cents"]) == ("owner", 5000), got.status)


def order_extra(visitor: Visitor) -> Shown:
    token = visitor.shop_log_in()
    order = {"items": [{"product_id": 1}], "address": "A", "paid": True, "total_cents": 1}
    got = visitor.call("POST", "/shop/orders", order, token=token)
    seen = visitor.call("GET", f"/shop/orders/{got.json['order_id']}", token=token).json["order"]
    return Shown((seen["paid"], seen["total_cents"]) == (True, 1), got.status)


def profile_extra(visitor: Visitor) -> Shown:
    token = visitor.log_in()
    wanted = {"client": {"phone": "123", "role": "assistant", "credit_cents": 777}}
    got = visitor.call("PATCH", "/api/v2/me", wanted, token=token)
    me = visitor.me(token)
    assert me["phone"] == "123"
    return Shown((me["role"], me["credit_cents"]) == ("assistant", 777), got.status)


def booking_extra(visitor: Visitor) -> Shown:
    token = visitor.log_in()
    path = f"/api/v2/bookings/{visitor.call('GET', '/api/v2/bookings', token=token).json['bookings'][0]['booking_id']}"
    got = visitor.call("PATCH", path, {"topic": "Rest", "price_cents": 1, "state": "paid"}, token=token)
    seen = visitor.call("GET", path, token=token).json
    assert seen["topic"] == "Rest"
    return Shown((seen["price_cents"], seen["state"]) == (1, "paid"), got.status)


def secrets_in_profile(visitor: Visitor) -> Shown:
    got = visitor.call("GET", "/api/v2/me", token=visitor.log_in())
    return Shown("pbkdf2_sha256$" in got.text, got.status)


def testimonials(visitor: Visitor) -> Shown:
    got = visitor.call("GET", "/api/v2/testimonials")
    return Shown("mira.okafor@mail.example" in got.text, got.status)


def calendar(visitor: Visitor) -> Shown:
    got = visitor.call("GET", "/api/v2/calendar")
    return Shown(CLIENT.email in got.text, got.status)


def resources(visitor: Visitor) -> Shown:
    assert visitor.call("GET", "/api/v2/resources", token=visitor.log_in()).status == 200
    got = visitor.call("GET", "/api/v2/resources")
    return Shown("Worksheet" in got.text, got.status)


def sql_article(visitor: Visitor) -> Shown:
    union = "x' UNION SELECT email, password_hash, name, phone FROM people WHERE role = 'owner' -- "
    got = visitor.call("GET", f"/api/v2/articles/{union}")
    return Shown("pbkdf2_sha256$" in got.text, got.status)


def sql_product_filter(visitor: Visitor) -> Shown:
    yes = visitor.call("GET", "/shop/products?category=books' AND '1'='1")
    no = visitor.call("GET", "/shop/products?category=books' AND '1'='2")
    broken = visitor.call("GET", "/shop/products?category=books'")
    assert yes.status == no.status == broken.status == 200
    return Shown((len(yes.json["products"]), len(no.json["products"])) == (2, 0), yes.status)


def sql_product_id(visitor: Visitor) -> Shown:
    yes, no = (visitor.call("GET", f"/shop/products/1 AND 1={n}") for n in (1, 2))
    return Shown((yes.status, no.status) == (200, 404), yes.status)


def sql_booking_search(visitor: Visitor) -> Shown:
    token = visitor.log_in()
    broken, mended = (
        visitor.call("POST", "/api/v2/bookings/search", {"text": text}, token=token) for text in ("it'", "it''")
    )
    assert mended.status == 200
    return Shown("Database error" in broken.text, broken.status)


def sql_newsletter(visitor: Visitor) -> Shown:
    heavy = "(WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c WHERE x < 3000000) SELECT max(x) FROM c)"
    quick = _seconds(visitor, "/api/v2/newsletter", {"email": "x' OR 1=2 -- "})
    slow = _seconds(visitor, "/api/v2/newsletter", {"email": f"x' OR {heavy} = 0 -- "})
    return Shown(slow > 0.1 > quick, 202)


def contact_slowness(visitor: Visitor) -> Shown:
    quick, slow, endless = (
        _seconds(visitor, "/api/v2/contact", {"email": "a" * n + "!", "message": "Hello"}) for n in (8, 22, 240)
    )
    assert endless < 5
    return Shown(slow > 0.06 > quick, 422)


def _seconds(visitor: Visitor, path: str, body: dict[str, str]) -> float:
    started = time.process_time()
    assert visitor.call("POST", path, body).status in {202, 422}
    return time.process_time() - started


def page_size(visitor: Visitor) -> Shown:
    got = visitor.call("GET", "/api/v2/articles?limit=100000")
    assert len(visitor.call("GET", "/api/v2/articles?limit=7").json["articles"]) == 7
    return Shown(len(got.json["articles"]) > 50, got.status)


def large_body(visitor: Visitor) -> Shown:
    token = visitor.log_in()
    made = visitor.call(
        "POST", "/api/v2/notes", {"note": {"title": "T", "text": "t", "x": "x" * 1_200_000}}, token=token
    )
    return Shown(made.status == 201, made.status)


def deep_body(visitor: Visitor) -> Shown:
    deep = b'{"note": %s}' % (b"[" * 2_000 + b"]" * 2_000)
    got = visitor.send("POST", "/api/v2/notes", deep, token=visitor.log_in())
    return Shown(got.status >= 500, got.status)


def packed_body(visitor: Visitor) -> Shown:
    token = visitor.log_in()
    note = {"note": {"title": "T", "text": "t", "x": "x" * 900_000}}
    got = visitor.send("POST", "/api/v2/notes", gzip.compress(sent(note)), token=token, encoding="gzip")
    return Shown(got.status == 201, got.status)


ATTACKS: Final[Mapping[str, Callable[[Visitor], Shown]]] = {
    "signup-extra-fields": signup_extra,
    "order-extra-fields": order_extra,
    "profile-extra-fields": profile_extra,
    "booking-extra-fields": booking_extra,
    "secrets-in-profile": secrets_in_profile,
    "personal-data-in-testimonials": testimonials,
    "personal-data-in-calendar": calendar,
    "authentication-missing-resources": resources,
    "sql-injection-article": sql_article,
    "sql-injection-product-filter": sql_product_filter,
    "sql-injection-product-id": sql_product_id,
    "sql-injection-booking-search": sql_booking_search,
    "sql-injection-newsletter": sql_newsletter,
    "input-slowness-contact": contact_slowness,
    "page-size-unlimited": page_size,
    "body-unlimited": large_body,
    "json-too-deep": deep_body,
    "body-unpacked": packed_body,
}
