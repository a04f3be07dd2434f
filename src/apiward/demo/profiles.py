"""A client's own record, and the records of others where the team may see them."""

from typing import Any

from starlette.responses import Response

from apiward.demo.callers import client
from apiward.demo.calls import Call, Refusal, answer, nothing, text
from apiward.demo.desk import Desk, Entry
from apiward.demo.identity import set_password
from apiward.demo.people import Person, is_password


def shown_person(person: Person) -> dict[str, Any]:
    """Return what a person may see of their own record."""
    return {
        "id": person.id, "email": person.email, "name": person.name, "phone": person.phone, "role": person.role,
        "credit_cents": person.credit_cents, "verified": bool(person.verified),
    }  # fmt: skip


def read_me(desk: Desk, call: Call) -> Response:
    """Show the caller's own record."""
    me = client(desk, call)
    shown = shown_person(me)
    if desk.weak("secrets-in-profile"):
        shown["password_hash"] = me.password_hash
    return answer({"client": shown})


def change_me(desk: Desk, call: Call) -> Response:
    """Change the caller's own name and telephone number."""
    me, wanted = client(desk, call), call.part("client")
    columns: dict[str, object] = {key: text(wanted, key, most=80) for key in ("name", "phone") if key in wanted}
    sent: dict[str, object] = {key: wanted[key] for key in ("role", "credit_cents", "verified") if key in wanted}
    if sent and desk.weak("profile-extra-fields"):
        columns |= sent
    if columns:
        desk.storage.change("people", "id", me.id, **columns)
    return answer({"status": "ok"})


def change_email(desk: Desk, call: Call) -> Response:
    """Send a link to the new address; the account goes by the old one until it is followed (the demo sends nothing)."""
    me, email = client(desk, call), text(call.data(), "email", most=254).strip().lower()
    if "@" not in email:
        raise Refusal(422, "'email' must be an e-mail address")
    if desk.person(email=email) is None and desk.weak("email-change-unconfirmed"):
        desk.storage.change("people", "id", me.id, email=email)
    return answer({"status": "ok", "message": "Please follow the link that we have sent to the new address."}, 202)


def read_client(desk: Desk, call: Call) -> Response:
    """Show one client: to themselves and to the team. Sound in both twins."""
    me, wanted = client(desk, call), call.path["client_id"]
    person = desk.person(person_id=wanted) if me.is_staff or me.id == wanted else None
    if person is None:
        raise Refusal(404, "No such client")
    return answer({"client": shown_person(person)})


def change_contact(desk: Desk, call: Call) -> Response:
    """Change a telephone number: the caller's own, whatever the path says."""
    me, wanted = client(desk, call), call.data()
    target, phone = me.id, text(wanted, "phone", most=40)
    if call.path["client_id"] != me.id and desk.weak("object-change-contact"):
        target = call.path["client_id"]
    desk.storage.change("people", "id", target, phone=phone)
    return nothing()


def change_client_password(desk: Desk, call: Call) -> Response:
    """Change a password: the caller's own, whatever the path says."""
    target, wanted = client(desk, call), call.data()
    if not is_password(text(wanted, "current_password", most=200), target.password_hash):
        raise Refusal(403, "The current password is wrong")
    if call.path["client_id"] != target.id:
        other = desk.person(person_id=call.path["client_id"])
        if other is not None and desk.weak("object-change-password"):
            target = other
    set_password(desk, target, text(wanted, "password", most=200))
    return nothing()


ENTRIES = (
    Entry("GET", "/api/v2/me", read_me),
    Entry("PATCH", "/api/v2/me", change_me),
    Entry("PUT", "/api/v2/me/email", change_email),
    Entry("GET", "/api/v2/clients/{client_id}", read_client),
    Entry("PUT", "/api/v2/clients/{client_id}/contact", change_contact),
    Entry("PUT", "/api/v2/clients/{client_id}/password", change_client_password),
)
