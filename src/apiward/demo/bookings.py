"""Bookings: hours with the coach. Their ids are UUIDs, often sent in the body."""

import sqlite3
from typing import Any

from starlette.responses import Response

from apiward.demo.callers import client
from apiward.demo.calls import Call, Refusal, answer, nothing, text
from apiward.demo.desk import Desk, Entry
from apiward.demo.people import Person

PRICE_CENTS = 9000


def list_bookings(desk: Desk, call: Call) -> Response:
    """List the caller's own bookings."""
    me = client(desk, call)
    rows = desk.storage.rows("SELECT * FROM bookings WHERE owner = ? ORDER BY starts_at, id", me.id)
    return answer({"bookings": [shown_booking(row) for row in rows]})


def add_booking(desk: Desk, call: Call) -> Response:
    """Book an hour."""
    me, wanted = client(desk, call), call.data()
    row = {"starts_at": text(wanted, "starts_at", most=40), "topic": text(wanted, "topic", most=200)}
    booking_id = desk.fresh_id()
    desk.storage.insert("bookings", id=booking_id, owner=me.id, state="requested", price_cents=PRICE_CENTS, **row)
    return answer(shown_booking(own_booking(desk, me, booking_id)), 201)


def read_booking(desk: Desk, call: Call) -> Response:
    """Show one booking to its owner and to the team. Sound in both twins."""
    me = client(desk, call)
    return answer(shown_booking(own_booking(desk, me, call.path["booking_id"])))


def change_booking(desk: Desk, call: Call) -> Response:
    """Change the topic of one's own booking."""
    me, wanted = client(desk, call), call.data()
    row = own_booking(desk, me, call.path["booking_id"])
    columns: dict[str, object] = {"topic": text(wanted, "topic", most=200)} if "topic" in wanted else {}
    sent: dict[str, object] = {key: wanted[key] for key in ("price_cents", "state") if key in wanted}
    if sent and desk.weak("booking-extra-fields"):
        columns |= sent
    if columns:
        desk.storage.change("bookings", "id", row["id"], **columns)
    return answer({"status": "ok"})


def remove_booking(desk: Desk, call: Call) -> Response:
    """Delete one's own booking. Sound in both twins."""
    row = own_booking(desk, client(desk, call), call.path["booking_id"])
    desk.storage.rows("DELETE FROM bookings WHERE id = ?", row["id"])
    return nothing()


def move_booking(desk: Desk, call: Call) -> Response:
    """Move a booking to another time; a failure is told with status 200."""
    me, wanted = client(desk, call), call.data()
    starts_at = text(wanted, "starts_at", most=40)
    row = _booking(desk, text(wanted, "booking_id", most=64))
    if row is None or (row["owner"] != me.id and not desk.weak("object-move-booking")):
        return answer({"status": "fail", "message": "There is no such booking."})
    desk.storage.change("bookings", "id", row["id"], starts_at=starts_at)
    return answer({"status": "ok", "message": "Your booking was moved."})


def cancel_booking(desk: Desk, call: Call) -> Response:
    """Cancel a booking; the answer is the same whether or not it is the caller's."""
    me, wanted = client(desk, call), call.part("booking")
    row = _booking(desk, text(wanted, "id", most=64))
    if row and (row["owner"] == me.id or desk.weak("object-cancel-booking")):
        desk.storage.change("bookings", "id", row["id"], state="cancelled")
    return answer({"status": "ok", "message": "If it is yours, the booking is cancelled."})


def search_bookings(desk: Desk, call: Call) -> Response:
    """Search the caller's own bookings by topic."""
    me, wanted = client(desk, call), text(call.data(), "text", most=400)
    if desk.weak("sql-injection-booking-search", noticed="'" in wanted):
        found = _rows_by_text(desk, me, wanted)
    else:
        found = desk.storage.rows(
            "SELECT * FROM bookings WHERE owner = ? AND instr(lower(topic), lower(?)) > 0", me.id, wanted
        )
    return answer({"bookings": [shown_booking(row) for row in found]})


def _rows_by_text(desk: Desk, me: Person, wanted: str) -> list[sqlite3.Row]:
    sql = f"SELECT * FROM bookings WHERE owner = '{me.id}' AND instr(lower(topic), lower('{wanted}')) > 0"
    try:
        return desk.storage.rows(sql)
    except sqlite3.Error as error:
        raise Refusal(400, f"Database error: {error}") from None


def shown_booking(row: sqlite3.Row) -> dict[str, Any]:
    """Return a booking as it is sent."""
    return {
        "booking_id": row["id"], "starts_at": row["starts_at"], "topic": row["topic"], "state": row["state"],
        "price_cents": row["price_cents"],
    }  # fmt: skip


def own_booking(desk: Desk, me: Person, booking_id: str) -> sqlite3.Row:
    """Return a booking that `me` may see, or refuse with 404."""
    row = _booking(desk, booking_id)
    if row is None or (row["owner"] != me.id and not me.is_staff):
        raise Refusal(404, "No such booking")
    return row


def _booking(desk: Desk, booking_id: str) -> sqlite3.Row | None:
    return desk.storage.row("SELECT * FROM bookings WHERE id = ?", booking_id)


ENTRIES = (
    Entry("GET", "/api/v2/bookings", list_bookings),
    Entry("POST", "/api/v2/bookings", add_booking),
    Entry("POST", "/api/v2/bookings/move", move_booking),
    Entry("POST", "/api/v2/bookings/cancel", cancel_booking),
    Entry("POST", "/api/v2/bookings/search", search_bookings),
    Entry("GET", "/api/v2/bookings/{booking_id}", read_booking),
    Entry("PATCH", "/api/v2/bookings/{booking_id}", change_booking),
    Entry("DELETE", "/api/v2/bookings/{booking_id}", remove_booking),
)
