"""Carts and orders of the shop. An order is known by an encoded id; it is placed, paid, and then collected."""

import json
import sqlite3
from typing import Any

from starlette.responses import Response

from apiward.demo.callers import shopper
from apiward.demo.calls import Call, Refusal, ShopRefusal, answer, text, whole
from apiward.demo.desk import Desk, Entry
from apiward.demo.payments import encoded_id, plain_id

MOST_ITEMS = 20


def read_cart(desk: Desk, call: Call) -> Response:
    """Show the caller's own cart."""
    row = desk.storage.row("SELECT items FROM carts WHERE owner = ?", shopper(desk, call).id)
    return answer({"status": "ok", "items": json.loads(row["items"]) if row else []})


def change_cart(desk: Desk, call: Call) -> Response:
    """Replace what is in the caller's own cart."""
    me, items = shopper(desk, call), _items(desk, call.data())
    desk.storage.rows("INSERT OR REPLACE INTO carts (owner, items) VALUES (?, ?)", me.id, json.dumps(items))
    return answer({"status": "ok", "items": items})


def list_orders(desk: Desk, call: Call) -> Response:
    """List the caller's own orders."""
    rows = desk.storage.rows("SELECT * FROM orders WHERE owner = ? ORDER BY id", shopper(desk, call).id)
    return answer({"status": "ok", "orders": [_shown(row) for row in rows]})


def add_order(desk: Desk, call: Call) -> Response:
    """Place an order; the price comes from the shelves, a coupon lowers it."""
    me, wanted = shopper(desk, call), call.data()
    items = _items(desk, wanted)
    columns: dict[str, object] = {"total_cents": _total(desk, items, wanted), "paid": 0}
    sent: dict[str, object] = {key: wanted[key] for key in ("total_cents", "paid") if key in wanted}
    if sent and desk.weak("order-extra-fields"):
        columns |= sent
    number = desk.storage.insert(
        "orders", owner=me.id, items=json.dumps(items), address=text(wanted, "address", most=200), **columns
    )
    return answer({"status": "ok", "order_id": encoded_id("order", number)}, 201)


def read_order(desk: Desk, call: Call) -> Response:
    """Show one order to who placed it."""
    me, row = shopper(desk, call), _order(desk, call.path["order_id"])
    if row is None or (row["owner"] != me.id and not desk.weak("object-read-order")):
        raise ShopRefusal("No such order.")
    return answer({"status": "ok", "order": _shown(row)})


def change_address(desk: Desk, call: Call) -> Response:
    """Send one's own order elsewhere. Sound in both twins; a refusal comes with status 200."""
    me, row = shopper(desk, call), _order(desk, call.path["order_id"])
    if row is None or row["owner"] != me.id:
        raise ShopRefusal("No such order.")
    desk.storage.change("orders", "id", row["id"], address=text(call.data(), "address", most=200))
    return answer({"status": "ok"})


def pay_order(desk: Desk, call: Call) -> Response:
    """Pay for one's own order with the stored card (the demo takes no money)."""
    row = _own_order(desk, call)
    if row["state"] != "placed":
        raise ShopRefusal("This order is paid already.")
    desk.storage.change("orders", "id", row["id"], paid=1, state="paid")
    return answer({"status": "ok"})


def collect_order(desk: Desk, call: Call) -> Response:
    """Hand over what was paid."""
    row = _own_order(desk, call)
    if row["state"] == "collected":
        raise ShopRefusal("This order was collected already.")
    if row["state"] != "paid" and not desk.weak("order-collected-unpaid"):
        raise ShopRefusal("Please pay for this order first.")
    desk.storage.change("orders", "id", row["id"], state="collected")
    return answer({"status": "ok"})


def _own_order(desk: Desk, call: Call) -> sqlite3.Row:
    me, row = shopper(desk, call), _order(desk, call.path["order_id"])
    if row is None or row["owner"] != me.id:
        raise ShopRefusal("No such order.")
    return row


def _items(desk: Desk, wanted: dict[str, Any]) -> list[dict[str, int]]:
    items = wanted.get("items")
    if not isinstance(items, list) or len(items) > MOST_ITEMS or not all(isinstance(i, dict) for i in items):
        raise Refusal(422, f"'items' must be a list of at most {MOST_ITEMS} objects")
    return [
        {
            "product_id": whole(item.get("product_id"), "product_id"),
            "quantity": _quantity(desk, item.get("quantity", 1)),
        }
        for item in items
    ]


def _quantity(desk: Desk, value: object) -> int:
    is_less = isinstance(value, int) and -99 <= value < 1
    return whole(value, "quantity", least=-99 if is_less and desk.weak("order-negative-quantity") else 1, most=99)


def _total(desk: Desk, items: list[dict[str, int]], wanted: dict[str, Any]) -> int:
    total = 0
    for item, sent in zip(items, wanted["items"], strict=True):
        row = desk.storage.row("SELECT price_cents FROM products WHERE id = ?", item["product_id"])
        if row is None:
            raise ShopRefusal("No such product.")
        price = row["price_cents"]
        if sent.get("price_cents", price) != price and desk.weak("order-price-of-customer"):
            price = whole(sent["price_cents"], "price_cents")
        total += price * item["quantity"]
    row = desk.storage.row("SELECT percent FROM coupons WHERE code = ?", str(wanted.get("coupon")).upper())
    return int(total * (100 - row["percent"]) / 100) if row else total


def _order(desk: Desk, order_id: str) -> sqlite3.Row | None:
    return desk.storage.row("SELECT * FROM orders WHERE id = ?", plain_id("order", order_id))


def _shown(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "id": encoded_id("order", row["id"]), "items": json.loads(row["items"]),
        "total_cents": row["total_cents"], "paid": bool(row["paid"]), "address": row["address"],
        "state": row["state"],
    }  # fmt: skip


ENTRIES = (
    Entry("GET", "/shop/cart", read_cart),
    Entry("PUT", "/shop/cart", change_cart),
    Entry("GET", "/shop/orders", list_orders),
    Entry("POST", "/shop/orders", add_order),
    Entry("GET", "/shop/orders/{order_id}", read_order),
    Entry("PUT", "/shop/orders/{order_id}/address", change_address),
    Entry("POST", "/shop/orders/{order_id}/pay", pay_order),
    Entry("POST", "/shop/orders/{order_id}/collect", collect_order),
)
