"""The shop's shelves and its own log-in: JSON in, `Token` prefix, failures told with status 200."""

import sqlite3
from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from apiward.demo.callers import shop_token, shopper
from apiward.demo.calls import Call, Refusal, ShopRefusal, answer, number_in, text, whole
from apiward.demo.desk import Desk, Entry
from apiward.demo.factors import is_code
from apiward.demo.people import NOBODY_HASH, Person, is_password

PAGE_KEY = "pk_" + "live_7vQm2LrT9xKc4NbZ8wYd3HsF"
SECRET_KEY = "sk_" + "live_7vQm2LrT9xKc4NbZ8wYd3HsF"  # in two parts: it is nobody's, and looks like one


def login(desk: Desk, call: Call) -> Response:
    """Log in to the shop with the same account as everywhere."""
    wanted = call.data()
    email, password = text(wanted, "email", most=254).strip().lower(), text(wanted, "password", most=200)
    if desk.throttle.is_locked(email, call.address) and not desk.weak("shop-login-unlimited"):
        raise ShopRefusal("Too many attempts. Please wait a moment.", status=429)
    person = desk.person(email=email)
    is_right = is_password(password, person.password_hash if person else NOBODY_HASH)
    if person is None or not is_right:
        desk.throttle.failed(email, call.address)
        raise _wrong_login(desk, person)
    if person.factor_on and not is_code(desk, person, str(wanted.get("code", ""))):
        desk.throttle.failed(email, call.address)
        raise ShopRefusal("Please send the code of your second factor.")
    desk.throttle.succeeded(email, call.address)
    token = shop_token(desk, person)
    made = answer({"status": "ok", "session": {"token": token}})
    made.headers["Set-Cookie"] = f"shop_session={token}; Path=/; Secure; SameSite=Lax{_closed(desk)}"
    return made


def _closed(desk: Desk) -> str:
    """Keep the cookie for the pages of the website away from scripts."""
    return "" if desk.weak("cookie-open") else "; HttpOnly"


def _wrong_login(desk: Desk, person: Person | None) -> ShopRefusal:
    if desk.weak("shop-login-names-account"):
        return ShopRefusal("Wrong password." if person else "Unknown customer.")
    return ShopRefusal("E-mail address or password is wrong.")


def read_account(desk: Desk, call: Call) -> Response:
    """Show who is logged in; "not logged in" comes with status 200."""
    try:
        me = shopper(desk, call)
    except ShopRefusal:
        raise ShopRefusal("You are not logged in.") from None
    return answer({"status": "ok", "account": {"email": me.email, "name": me.name, "credit_cents": me.credit_cents}})


def list_products(desk: Desk, call: Call) -> Response:
    """List products, all or of one category."""
    category = call.query.get("category")
    if category is None:
        found = desk.storage.rows("SELECT * FROM products ORDER BY id")
    elif desk.weak("sql-injection-product-filter", noticed="'" in category):
        try:
            found = desk.storage.rows(f"SELECT * FROM products WHERE category = '{category}' ORDER BY id")
        except sqlite3.Error:
            found = []  # an error looks like an empty shelf: only the number of products tells
    else:
        found = desk.storage.rows("SELECT * FROM products WHERE category = ? ORDER BY id", category)
    return answer({"products": [_shown(row) for row in found]})


def read_product(desk: Desk, call: Call) -> Response:
    """Show one product to everybody."""
    raw = call.path["product_id"]
    if desk.weak("sql-injection-product-id", noticed=not raw.isdigit()):
        try:
            row = desk.storage.row(f"SELECT * FROM products WHERE id = {raw}")
        except sqlite3.Error:
            row = None
    else:
        row = desk.storage.row("SELECT * FROM products WHERE id = ?", number_in(raw))
    if row is None:
        raise ShopRefusal("No such product.", status=404)
    return answer(_shown(row))


def list_reviews(desk: Desk, call: Call) -> Response:
    """List what customers wrote about a product: public by design."""
    product_id = number_in(call.path["product_id"])
    rows = desk.storage.rows("SELECT * FROM reviews WHERE product_id = ? ORDER BY id", product_id)
    shown = ("display_name", "stars", "text")
    return answer({"reviews": [{name: row[name] for name in shown} for row in rows]})


def add_review(desk: Desk, call: Call) -> Response:
    """Write a public review."""
    me, wanted = shopper(desk, call), call.data()
    product_id = number_in(call.path["product_id"])
    if desk.storage.row("SELECT id FROM products WHERE id = ?", product_id) is None:
        raise ShopRefusal("No such product.", status=404)
    row: dict[str, Any] = {"display_name": text(wanted, "display_name", most=40), "text": text(wanted, "text")}
    row["stars"] = whole(wanted.get("stars"), "stars", least=1, most=5)
    desk.storage.insert("reviews", product_id=product_id, owner=me.id, **row)
    return answer({"status": "ok", "review": row}, 201)


def check_coupon(desk: Desk, call: Call) -> Response:
    """Say what a coupon is worth; an unknown one is told with status 200."""
    wanted = call.data()
    if isinstance(wanted.get("code"), dict) and desk.weak("nosql-injection-coupon"):
        # Coupons used to be kept in a document database, whose conditions still work.
        rows = desk.storage.rows("SELECT * FROM coupons ORDER BY code")
        row = next((one for one in rows if _meets(one["code"], wanted["code"])), None)
    else:
        code = text(wanted, "code", most=40).upper()
        row = desk.storage.row("SELECT * FROM coupons WHERE code = ?", code)
    if row is None:
        raise ShopRefusal("This coupon is not valid.")
    return answer({"status": "ok", "percent": row["percent"]})


def _meets(code: str, conditions: dict[str, Any]) -> bool:
    tests: dict[str, Callable[[str], bool]] = {
        "$eq": lambda value: code == value,
        "$ne": lambda value: code != value,
        "$gt": lambda value: code > value,
        "$lt": lambda value: code < value,
    }
    return all(name in tests and tests[name](str(value)) for name, value in conditions.items())


def add_coupon(desk: Desk, call: Call) -> Response:
    """Make a coupon: only the owner may."""
    me, wanted = shopper(desk, call), call.data()
    if me.role != "owner" and not desk.weak("function-role-coupon"):
        raise ShopRefusal("Only the owner makes coupons.", status=403)
    code = text(wanted, "code", most=40).upper()
    percent = whole(wanted.get("percent"), "percent", least=1, most=100)
    if desk.storage.row("SELECT code FROM coupons WHERE code = ?", code):
        raise Refusal(409, "There is already a coupon with this code")
    desk.storage.insert("coupons", code=code, percent=percent)
    return answer({"status": "ok", "coupon": {"code": code, "percent": percent}}, 201)


def checkout_program(desk: Desk, call: Call) -> Response:  # noqa: ARG001 - every handler has this shape
    """Serve the program of the payment form, with the provider's key that is made for pages."""
    key = SECRET_KEY if desk.weak("secret-key-in-program") else PAGE_KEY
    return Response(f'export const pay = (order) => provider("{key}").checkout(order);\n', media_type="text/javascript")


def jwks(desk: Desk, call: Call) -> Response:  # noqa: ARG001 - every handler has this shape
    """Publish the key that the shop's tokens are signed with."""
    return answer(desk.keys.jwks())


def _shown(row: sqlite3.Row) -> dict[str, Any]:
    return dict(row)


ENTRIES = (
    Entry("POST", "/shop/login", login),
    Entry("GET", "/shop/account", read_account),
    Entry("GET", "/shop/products", list_products),
    Entry("GET", "/shop/products/{product_id}", read_product),
    Entry("GET", "/shop/products/{product_id}/reviews", list_reviews),
    Entry("POST", "/shop/products/{product_id}/reviews", add_review),
    Entry("POST", "/shop/coupons/check", check_coupon),
    Entry("POST", "/shop/coupons", add_coupon),
    Entry("GET", "/shop/checkout.js", checkout_program),
    Entry("GET", "/.well-known/jwks.json", jwks),
)
