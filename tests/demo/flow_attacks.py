"""Attacks on the flows of the business: what counts once, what is owed, and in which order."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from apiward.demo.webhooks import HEADER
from tests.demo.visitor import Shown, Visitor


def _credit(visitor: Visitor, token: str) -> int:
    found: int = visitor.call("GET", "/shop/account", token=token).json["account"]["credit_cents"]
    return found


def voucher_again(visitor: Visitor) -> Shown:
    token = visitor.shop_log_in()
    visitor.call("POST", "/shop/vouchers/redeem", {"code": "WELCOME5"}, token=token)
    assert _credit(visitor, token) == 500
    got = visitor.call("POST", "/shop/vouchers/redeem", {"code": "WELCOME5"}, token=token)
    return Shown(_credit(visitor, token) == 1000, got.status)


def bonus_race(visitor: Visitor) -> Shown:
    token = visitor.shop_log_in()
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(visitor.call, "POST", "/shop/bonus/claim", token=token) for _ in range(4)]
    statuses = {job.result().status for job in jobs}
    once = _credit(visitor, token)
    again = visitor.call("POST", "/shop/bonus/claim", token=token)
    assert (_credit(visitor, token), again.json["status"]) == (once, "fail")
    return Shown(once > 300, statuses.pop())


def _order(visitor: Visitor, token: str, **item: int) -> tuple[str, int]:
    order = {"items": [{"product_id": 1, **item}], "address": "A"}
    got = visitor.call("POST", "/shop/orders", order, token=token)
    return (got.json.get("order_id", ""), got.status) if isinstance(got.json, dict) else ("", got.status)


def _shown(visitor: Visitor, token: str, order_id: str) -> Mapping[str, object]:
    found: Mapping[str, object] = visitor.call("GET", f"/shop/orders/{order_id}", token=token).json.get("order", {})
    return found


def negative_quantity(visitor: Visitor) -> Shown:
    token = visitor.shop_log_in()
    order_id, status = _order(visitor, token, quantity=-2)
    return Shown(bool(order_id) and _shown(visitor, token, order_id).get("total_cents") == -3800, status)


def price_of_customer(visitor: Visitor) -> Shown:
    token = visitor.shop_log_in()
    order_id, status = _order(visitor, token, quantity=2, price_cents=5)
    return Shown(_shown(visitor, token, order_id).get("total_cents") == 10, status)


def collected_unpaid(visitor: Visitor) -> Shown:
    token = visitor.shop_log_in()
    order_id, _ = _order(visitor, token)
    assert _shown(visitor, token, order_id)["state"] == "placed"
    got = visitor.call("POST", f"/shop/orders/{order_id}/collect", token=token)
    return Shown(_shown(visitor, token, order_id)["state"] == "collected", got.status)


def unsigned_event(visitor: Visitor) -> Shown:
    token = visitor.shop_log_in()
    order_id, _ = _order(visitor, token)
    event = {"type": "payment.succeeded", "data": {"order_id": order_id}}
    got = visitor.call("POST", "/shop/webhooks/payments", event, headers={HEADER: "t=1,v1=0"})
    return Shown(_shown(visitor, token, order_id)["paid"] is True, got.status)


ATTACKS: Final[Mapping[str, Callable[[Visitor], Shown]]] = {
    "voucher-again": voucher_again,
    "bonus-race": bonus_race,
    "order-negative-quantity": negative_quantity,
    "order-price-of-customer": price_of_customer,
    "order-collected-unpaid": collected_unpaid,
    "webhook-unsigned": unsigned_event,
}
