"""What only the team may do: the assistant sees lists, the owner sees figures and changes people."""

from starlette.responses import Response

from apiward.demo.bookings import shown_booking
from apiward.demo.callers import client, is_past_door, staff
from apiward.demo.calls import Call, Refusal, answer, text
from apiward.demo.desk import Desk, Entry
from apiward.demo.people import person_from
from apiward.demo.profiles import shown_person

ROLES = ("client", "assistant", "owner")


def list_clients(desk: Desk, call: Call) -> Response:
    """List all clients for the team."""
    if "authorization" in call.headers or not desk.weak("function-anonymous-clients"):
        staff(desk, call)
    rows = desk.storage.rows("SELECT * FROM people WHERE role = 'client' ORDER BY email")
    return answer({"clients": [shown_person(person_from(row)) for row in rows]})


def list_all_bookings(desk: Desk, call: Call) -> Response:
    """List everybody's bookings for the team. Sound in both twins."""
    staff(desk, call)
    rows = desk.storage.rows("SELECT * FROM bookings ORDER BY starts_at, id")
    return answer({"bookings": [shown_booking(row) for row in rows]})


def read_reports(desk: Desk, call: Call) -> Response:
    """Show the figures of the business to its owner."""
    me = client(desk, call)
    if me.role != "owner" and not desk.weak("function-role-reports"):
        raise Refusal(403, "Only for the owner")
    totals = desk.storage.row("SELECT count(*) AS n, coalesce(sum(amount_cents), 0) AS cents FROM payments")
    people = desk.storage.row("SELECT count(*) AS n FROM people WHERE role = 'client'")
    shown = {"payments": totals["n"], "income_cents": totals["cents"]} if totals else {}
    return answer({"report": shown | {"clients": people["n"] if people else 0}})


def remove_client(desk: Desk, call: Call) -> Response:
    """Delete a client with everything that is theirs: only the owner may."""
    me, gone = client(desk, call), call.path["client_id"]
    if me.role != "owner" and not is_past_door(desk, call) and not desk.weak("function-role-delete-client"):
        raise Refusal(403, "Only for the owner")
    if desk.person(person_id=gone) is None or gone == me.id:
        raise Refusal(404, "No such client")
    for table in ("notes", "goals", "bookings", "payments", "orders", "carts"):
        desk.storage.rows(f"DELETE FROM {table} WHERE owner = ?", gone)
    desk.storage.rows("DELETE FROM people WHERE id = ?", gone)
    return answer({"status": "ok"})


def change_role(desk: Desk, call: Call) -> Response:
    """Give a person another role: only the owner may (the weak twin lets the assistant as well)."""
    me, role = staff(desk, call), text(call.data(), "role", most=20)
    if me.role != "owner" and not desk.weak("function-role-promote"):
        raise Refusal(403, "Only for the owner")
    if role not in ROLES or desk.person(person_id=call.path["client_id"]) is None:
        raise Refusal(422, "No such role or person")
    desk.storage.change("people", "id", call.path["client_id"], role=role)
    return answer({"status": "ok"})


def patch_role(desk: Desk, call: Call) -> Response:
    """Give a person another role: a handler from before, which nobody described and which asks for no role."""
    client(desk, call)
    role = text(call.data(), "role", most=20)
    if role not in ROLES or desk.person(person_id=call.path["client_id"]) is None:
        raise Refusal(422, "No such role or person")
    desk.weak("function-unlisted-method")
    desk.storage.change("people", "id", call.path["client_id"], role=role)
    return answer({"status": "ok"})


def list_all_bookings_before(desk: Desk, call: Call) -> Response:
    """List everybody's bookings: version 1 asked for a log-in, and for no role."""
    client(desk, call)
    desk.weak("function-old-version")
    rows = desk.storage.rows("SELECT * FROM bookings ORDER BY starts_at, id")
    return answer({"bookings": [shown_booking(row) for row in rows]})


ENTRIES = (
    Entry("GET", "/api/v2/admin/clients", list_clients),
    Entry("GET", "/api/v2/admin/bookings", list_all_bookings),
    Entry("GET", "/api/v2/admin/reports", read_reports),
    Entry("PUT", "/api/v2/admin/clients/{client_id}/role", change_role),
    Entry("DELETE", "/api/v2/clients/{client_id}", remove_client),
)
