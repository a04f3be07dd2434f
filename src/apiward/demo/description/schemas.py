"""The data of the demo business, as its description names it."""

from typing import Final

from apiward.demo.description.parts import EMAIL, TEXT, TIME, UUID, WHOLE, YES_NO, Part, many, obj, ref

_FAIL: Final[Part] = {"type": "string", "enum": ["fail"]}
_OK: Final[Part] = {"type": "string", "enum": ["ok"]}

SCHEMAS: Final[Part] = {
    "Problem": obj({"detail": TEXT}),
    "ShopFailure": obj({"status": _FAIL, "message": TEXT}),
    "Status": obj({"status": {"type": "string", "enum": ["ok", "fail"]}}, message=TEXT),
    "Client": obj(
        {
            "id": UUID,
            "email": EMAIL,
            "name": TEXT,
            "phone": TEXT,
            "role": {"type": "string", "enum": ["client", "assistant", "owner"], "readOnly": True},
            "credit_cents": {"type": "integer", "readOnly": True, "description": "Money the client has with us"},
            "verified": {"type": "boolean", "readOnly": True},
        }
    ),
    "ClientAnswer": obj({"client": ref("Client")}),
    "Note": obj({"id": WHOLE, "title": TEXT, "text": TEXT}),
    "Goal": obj({"slug": TEXT, "title": TEXT, "done": YES_NO}),
    "Step": obj({"id": WHOLE, "text": TEXT}),
    "Booking": obj(
        {
            "booking_id": UUID,
            "starts_at": TIME,
            "topic": TEXT,
            "state": {"type": "string", "enum": ["requested", "confirmed", "paid", "cancelled"]},
            "price_cents": WHOLE,
        }
    ),
    "Payment": obj(
        {
            "payment_id": TEXT,
            "booking_id": UUID,
            "amount_cents": WHOLE,
            "card_last4": {"type": "string", "maxLength": 4},
            "reference": TEXT,
        }
    ),
    "Receipt": {
        "allOf": [ref("Payment"), obj({"paid_by": obj({}, name=TEXT, email=EMAIL)})],
    },
    "Coach": obj({"name": TEXT, "bio": TEXT, "years": WHOLE, "languages": many(TEXT)}),
    "Article": obj({"slug": TEXT, "author": TEXT, "title": TEXT, "text": TEXT}),
    "Product": obj({"id": WHOLE, "name": TEXT, "category": TEXT, "price_cents": WHOLE, "description": TEXT}),
    "Review": obj({"display_name": TEXT, "stars": {"type": "integer", "minimum": 1, "maximum": 5}, "text": TEXT}),
    "Item": obj(
        {"product_id": WHOLE},
        quantity={"type": "integer", "minimum": 1, "maximum": 99, "default": 1},
        price_cents={"type": "integer", "description": "What the customer was shown; the price of today counts"},
    ),
    "Cart": obj({"status": _OK, "items": many(ref("Item"))}),
    "Order": obj(
        {
            "id": TEXT,
            "items": many(ref("Item")),
            "total_cents": WHOLE,
            "paid": YES_NO,
            "address": TEXT,
            "state": {"type": "string", "enum": ["placed", "paid", "collected"]},
        }
    ),
    "OrderAnswer": {"oneOf": [obj({"status": _OK, "order": ref("Order")}), ref("ShopFailure")]},
    "OrderPlaced": obj({"status": _OK, "order_id": TEXT}),
    "ShopLogin": {"oneOf": [obj({"status": _OK, "session": obj({"token": TEXT})}), ref("ShopFailure")]},
    "ShopAccount": {
        "oneOf": [
            obj({"status": _OK, "account": obj({"email": EMAIL, "name": TEXT, "credit_cents": WHOLE})}),
            ref("ShopFailure"),
        ]
    },
    "Credit": {"oneOf": [obj({"status": _OK, "credit_cents": WHOLE}), ref("ShopFailure")]},
    "CouponWorth": {"oneOf": [obj({"status": _OK, "percent": WHOLE}), ref("ShopFailure")]},
    "Coupon": obj({"code": TEXT, "percent": {"type": "integer", "minimum": 1, "maximum": 100}}),
    "Token": obj({"access_token": TEXT, "token_type": TEXT, "expires_in": WHOLE, "refresh_token": TEXT}),
}
