"""What clients have paid. A payment is known by an encoded id."""

import base64
import sqlite3
from typing import Any

from starlette.responses import Response

from apiward.demo.bookings import own_booking
from apiward.demo.callers import client
from apiward.demo.calls import Call, Refusal, answer, number_in, text
from apiward.demo.desk import Desk, Entry


def list_payments(desk: Desk, call: Call) -> Response:
    """List the caller's own payments."""
    owner, wanted = client(desk, call).id, call.query.get("client_id")
    if wanted not in (None, owner) and desk.weak("object-list-payments"):
        owner = wanted
    rows = desk.storage.rows("SELECT * FROM payments WHERE owner = ? ORDER BY id", owner)
    return answer({"payments": [_shown(row) for row in rows]})


def pay(desk: Desk, call: Call) -> Response:
    """Pay for one's own booking with a stored card (the demo takes no money)."""
    me, wanted = client(desk, call), call.data()
    booking = own_booking(desk, me, text(wanted, "booking_id", most=64))
    reference = text(wanted, "reference", most=60)
    payment_id = desk.storage.insert(
        "payments", owner=me.id, booking_id=booking["id"], amount_cents=booking["price_cents"],
        card_last4="4242", reference=reference,
    )  # fmt: skip
    return answer(_shown(_payment(desk, payment_id)), 201)


def read_receipt(desk: Desk, call: Call) -> Response:
    """Show the receipt of one payment to who paid it."""
    payment_id = plain_id("payment", call.path["payment_id"])
    if "authorization" not in call.headers and desk.weak("object-anonymous-receipt", noticed=payment_id > 0):
        row = _payment(desk, payment_id)
    else:
        me, row = client(desk, call), _payment(desk, payment_id)
        if row["owner"] != me.id:
            is_told = desk.weak("object-existence-receipt")
            raise Refusal(403, "This payment is not yours") if is_told else Refusal(404, "No such payment")
    payer = desk.person(person_id=row["owner"])
    who = {"name": payer.name, "email": payer.email} if payer else {}
    return answer({"receipt": _shown(row) | {"paid_by": who}})


def encoded_id(kind: str, number: int) -> str:
    """Return the id that the outside sees: URL-safe base64 of `kind:number`."""
    return base64.urlsafe_b64encode(f"{kind}:{number}".encode()).decode()


def plain_id(kind: str, encoded: str) -> int:
    """Return the number in an encoded id, or -1 where it names nothing."""
    try:
        found, _, number = base64.urlsafe_b64decode(encoded).decode().partition(":")
    except ValueError:
        return -1
    return number_in(number) if found == kind else -1


def _shown(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "payment_id": encoded_id("payment", row["id"]), "booking_id": row["booking_id"],
        "amount_cents": row["amount_cents"], "card_last4": row["card_last4"], "reference": row["reference"],
    }  # fmt: skip


def _payment(desk: Desk, payment_id: int) -> sqlite3.Row:
    row = desk.storage.row("SELECT * FROM payments WHERE id = ?", payment_id)
    if row is None:
        raise Refusal(404, "No such payment")
    return row


ENTRIES = (
    Entry("GET", "/api/v2/payments", list_payments),
    Entry("POST", "/api/v2/payments", pay),
    Entry("GET", "/api/v2/payments/{payment_id}/receipt", read_receipt),
)
