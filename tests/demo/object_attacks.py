"""Attacks on other people's objects and on functions of the team."""

from collections.abc import Callable, Mapping
from typing import Final

from apiward.demo.people import ASSISTANT, CLIENT, OTHER_CLIENT, OWNER
from tests.demo.visitor import Shown, Visitor

NOTE: Final = {"note": {"title": "T", "text": "private-canary"}}


def _note(visitor: Visitor, token: str) -> str:
    made = visitor.call("POST", "/api/v2/notes", NOTE, token=token)
    return f"/api/v2/notes/{made.json['note']['id']}"


def read_note(visitor: Visitor) -> Shown:
    mine, other = visitor.both()
    got = visitor.call("GET", _note(visitor, mine), token=other)
    return Shown("private-canary" in got.text, got.status)


def change_note(visitor: Visitor) -> Shown:
    mine, other = visitor.both()
    path = _note(visitor, mine)
    got = visitor.call("PUT", path, {"note": {"text": "changed"}}, token=other)
    assert visitor.call("GET", path, token=mine).status == 200
    return Shown("changed" in visitor.call("GET", path, token=mine).text, got.status)


def delete_note(visitor: Visitor) -> Shown:
    mine, other = visitor.both()
    path = _note(visitor, mine)
    got = visitor.call("DELETE", path, token=other)
    return Shown(visitor.call("GET", path, token=mine).status == 404, got.status)


def read_goal(visitor: Visitor) -> Shown:
    mine, other = visitor.both()
    slug = visitor.call("POST", "/api/v2/goals", {"title": "Goal canary"}, token=mine).json["slug"]
    got = visitor.call("GET", f"/api/v2/goals/{slug}", token=other)
    return Shown("Goal canary" in got.text, got.status)


def read_order(visitor: Visitor) -> Shown:
    mine, other = visitor.shop_log_in(), visitor.shop_log_in(OTHER_CLIENT)
    order = {"items": [{"product_id": 1}], "address": "Canary Wharf"}
    order_id = visitor.call("POST", "/shop/orders", order, token=mine).json["order_id"]
    assert "Canary" in visitor.call("GET", f"/shop/orders/{order_id}", token=mine).text
    got = visitor.call("GET", f"/shop/orders/{order_id}", token=other)
    return Shown("Canary" in got.text, got.status)


def change_contact(visitor: Visitor) -> Shown:
    mine, other = visitor.both()
    path = f"/api/v2/clients/{visitor.me(mine)['id']}/contact"
    got = visitor.call("PUT", path, {"phone": "000"}, token=other)
    is_weak = visitor.me(mine)["phone"] == "000"
    assert is_weak != (visitor.me(other)["phone"] == "000")
    return Shown(is_weak, got.status)


def change_password(visitor: Visitor) -> Shown:
    mine, other = visitor.both()
    path = f"/api/v2/clients/{visitor.me(mine)['id']}/password"
    wanted = {"current_password": OTHER_CLIENT.password, "password": "taken-Over-77"}
    got = visitor.call("PUT", path, wanted, token=other)
    is_weak = bool(visitor.log_in(CLIENT, "taken-Over-77"))
    assert is_weak != bool(visitor.log_in(OTHER_CLIENT, "taken-Over-77"))
    return Shown(is_weak, got.status)


def _booking(visitor: Visitor, token: str) -> str:
    wanted = {"starts_at": "2027-05-01T09:00:00Z", "topic": "Focus"}
    made: str = visitor.call("POST", "/api/v2/bookings", wanted, token=token).json["booking_id"]
    return made


def move_booking(visitor: Visitor) -> Shown:
    mine, other = visitor.both()
    booking_id = _booking(visitor, mine)
    moved = {"booking_id": booking_id, "starts_at": "2028-01-01T09:00:00Z"}
    got = visitor.call("POST", "/api/v2/bookings/move", moved, token=other)
    seen = visitor.call("GET", f"/api/v2/bookings/{booking_id}", token=mine).json
    return Shown(seen["starts_at"] == moved["starts_at"], got.status)


def cancel_booking(visitor: Visitor) -> Shown:
    mine, other = visitor.both()
    booking_id = _booking(visitor, mine)
    got = visitor.call("POST", "/api/v2/bookings/cancel", {"booking": {"id": booking_id}}, token=other)
    seen = visitor.call("GET", f"/api/v2/bookings/{booking_id}", token=mine).json
    return Shown(seen["state"] == "cancelled", got.status)


def anonymous_receipt(visitor: Visitor) -> Shown:
    mine = visitor.log_in()
    paid = {"booking_id": _booking(visitor, mine), "reference": "canary-7"}
    payment_id = visitor.call("POST", "/api/v2/payments", paid, token=mine).json["payment_id"]
    path = f"/api/v2/payments/{payment_id}/receipt"
    assert "canary-7" in visitor.call("GET", path, token=mine).text
    assert "canary-7" not in visitor.call("GET", path, token=visitor.log_in(OTHER_CLIENT)).text
    got = visitor.call("GET", path)
    return Shown("canary-7" in got.text, got.status)


def anonymous_clients(visitor: Visitor) -> Shown:
    path = "/api/v2/admin/clients"
    assert CLIENT.email in visitor.call("GET", path, token=visitor.log_in(ASSISTANT)).text
    assert visitor.call("GET", path, token=visitor.log_in()).status == 403
    got = visitor.call("GET", path)
    return Shown(CLIENT.email in got.text, got.status)


def role_reports(visitor: Visitor) -> Shown:
    assert visitor.call("GET", "/api/v2/admin/reports", token=visitor.log_in(OWNER)).status == 200
    got = visitor.call("GET", "/api/v2/admin/reports", token=visitor.log_in())
    return Shown("income_cents" in got.text, got.status)


def role_delete_client(visitor: Visitor) -> Shown:
    mine, other = visitor.both()
    got = visitor.call("DELETE", f"/api/v2/clients/{visitor.me(mine)['id']}", token=other)
    return Shown(visitor.log_in() == "", got.status)


def role_coupon(visitor: Visitor) -> Shown:
    made = {"code": "MINE90", "percent": 90}
    got = visitor.call("POST", "/shop/coupons", made, token=visitor.shop_log_in())
    worth = visitor.call("POST", "/shop/coupons/check", {"code": "MINE90"})
    return Shown(worth.json.get("percent") == 90, got.status)


def nested_step(visitor: Visitor) -> Shown:
    mine, other = visitor.both()
    slugs = [visitor.call("POST", "/api/v2/goals", {"title": "G"}, token=t).json["slug"] for t in (mine, other)]
    made = visitor.call("POST", f"/api/v2/goals/{slugs[0]}/steps", {"text": "step-canary"}, token=mine)
    got = visitor.call("GET", f"/api/v2/goals/{slugs[1]}/steps/{made.json['id']}", token=other)
    return Shown("step-canary" in got.text, got.status)


def batch_notes(visitor: Visitor) -> Shown:
    mine, other = visitor.both()
    ids = [int(_note(visitor, token).rpartition("/")[2]) for token in (other, mine)]
    got = visitor.call("POST", "/api/v2/notes/lookup", {"note_ids": ids}, token=other)
    return Shown(len(got.json.get("notes", ())) == 2, got.status)


def list_payments(visitor: Visitor) -> Shown:
    mine, other = visitor.both()
    path = f"/api/v2/payments?client_id={visitor.me(mine)['id']}"
    got = visitor.call("GET", path, token=other)
    return Shown("INV-1" in got.text, got.status)


def existence_of_receipts(visitor: Visitor) -> Shown:
    mine, other = visitor.both()
    payment = visitor.call("GET", "/api/v2/payments", token=mine).json["payments"][0]["payment_id"]
    got = visitor.call("GET", f"/api/v2/payments/{payment}/receipt", token=other)
    none = visitor.call("GET", "/api/v2/payments/cGF5bWVudDo5OTk5/receipt", token=other)
    return Shown((got.status, none.status) == (403, 404), got.status)


def role_promote(visitor: Visitor) -> Shown:
    mine = visitor.log_in()
    path = f"/api/v2/admin/clients/{visitor.me(mine)['id']}/role"
    assert visitor.call("PUT", path, {"role": "owner"}, token=mine).status == 403
    got = visitor.call("PUT", path, {"role": "owner"}, token=visitor.log_in(ASSISTANT))
    return Shown(visitor.me(mine)["role"] == "owner", got.status)


ATTACKS: Final[Mapping[str, Callable[[Visitor], Shown]]] = {
    "object-read-note": read_note,
    "object-read-goal": read_goal,
    "object-read-order": read_order,
    "object-change-note": change_note,
    "object-change-contact": change_contact,
    "object-change-password": change_password,
    "object-move-booking": move_booking,
    "object-cancel-booking": cancel_booking,
    "object-delete-note": delete_note,
    "object-anonymous-receipt": anonymous_receipt,
    "object-nested-step": nested_step,
    "object-batch-notes": batch_notes,
    "object-list-payments": list_payments,
    "object-existence-receipt": existence_of_receipts,
    "function-anonymous-clients": anonymous_clients,
    "function-role-reports": role_reports,
    "function-role-delete-client": role_delete_client,
    "function-role-coupon": role_coupon,
    "function-role-promote": role_promote,
}
