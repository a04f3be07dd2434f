"""What the payment provider tells us: signed events about orders. Only a genuine, fresh signature counts."""

import hashlib
import hmac
from typing import Final

from starlette.responses import Response

from apiward.demo.calls import Call, ShopRefusal, answer, text
from apiward.demo.desk import Desk, Entry
from apiward.demo.payments import plain_id

SECRET: Final = b"demo provider: 5f1c0f3a9b7e4d21"
HEADER: Final = "Provider-Signature"
FRESH_S: Final = 300.0


def signature(body: bytes, at_s: float) -> str:
    """Return the header's value that the provider would send with that body."""
    return f"t={int(at_s)},v1={_mac(body, str(int(at_s)))}"


def take_event(desk: Desk, call: Call) -> Response:
    """Take an event of the provider: an order that was paid is marked as paid."""
    if not _is_genuine(call, desk.clock()) and not desk.weak("webhook-unsigned"):
        raise ShopRefusal("The signature is missing or wrong.", status=400)
    wanted, about = text(call.data(), "type", most=60), call.part("data")
    number = plain_id("order", text(about, "order_id", most=60))
    if wanted == "payment.succeeded":
        desk.storage.rows("UPDATE orders SET paid = 1, state = 'paid' WHERE id = ? AND state = 'placed'", number)
    return answer({"status": "ok"})


def _is_genuine(call: Call, now_s: float) -> bool:
    parts = dict(part.partition("=")[::2] for part in call.headers.get(HEADER, "").split(","))
    at, shown = parts.get("t", ""), parts.get("v1", "")
    is_fresh = at.isascii() and at.isdigit() and len(at) < 12 and abs(now_s - int(at)) <= FRESH_S
    return is_fresh and hmac.compare_digest(shown.encode(), _mac(call.body, at).encode())


def _mac(body: bytes, at: str) -> str:
    return hmac.new(SECRET, f"{at}.".encode() + body, hashlib.sha256).hexdigest()


ENTRIES = (Entry("POST", "/shop/webhooks/payments", take_event),)
