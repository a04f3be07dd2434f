"""Forgotten passwords: a link by mail (the demo sends nothing), and the new password that comes with it."""

from starlette.responses import Response

from apiward.demo.calls import Call, answer, text
from apiward.demo.desk import Desk, Entry
from apiward.demo.identity import set_password

SENT = "If we know this address, a link is on its way."


def forgot(desk: Desk, call: Call) -> Response:
    """Send a link to choose a new password."""
    person = desk.person(email=text(call.data(), "email", most=254))
    if person is None and desk.weak("reset-names-account"):
        return answer({"status": "fail", "message": "We do not know this e-mail address."})
    ticket, shown = desk.rng.randbytes(24).hex(), {"status": "ok", "message": SENT}
    if person is not None:
        desk.tickets[ticket] = person.id
    if desk.weak("reset-token-shown"):
        shown["reset_token"] = ticket
    return answer(shown)


def reset(desk: Desk, call: Call) -> Response:
    """Set a new password with the ticket of the link, which is good for one time."""
    wanted = call.data()
    ticket, password = text(wanted, "reset_token", most=100), text(wanted, "new_password", most=200)
    person = desk.person(person_id=desk.tickets.get(ticket, ""))
    if person is None:
        return answer({"status": "fail", "message": "This link is not valid any more."})
    set_password(desk, person, password)
    del desk.tickets[ticket]
    return answer({"status": "ok", "message": "You can log in with the new password now."})


ENTRIES = (
    Entry("POST", "/api/v2/password/forgot", forgot),
    Entry("POST", "/api/v2/password/reset", reset),
)
