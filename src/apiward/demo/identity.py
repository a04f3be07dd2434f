"""Signing up, logging in and out, passwords."""

import hashlib
from typing import Any

from starlette.responses import Response

from apiward.demo.callers import client, log_out
from apiward.demo.calls import Call, Refusal, answer, nothing, text
from apiward.demo.desk import Desk, Entry
from apiward.demo.factors import is_code
from apiward.demo.people import NOBODY_HASH, OWNER, Person, hash_password, is_good_password, is_password
from apiward.demo.renewals import log_in_answer

LEFT_OVER = ("admin@example.com", "changethis")
"""The log-in that the template of the program came with."""
KEPT = 40
"""So many letters of a password count in the weak twin, as with some ways of hashing (bcrypt: 72 bytes)."""
WELCOME = "Thank you. If this address is new here, your account is ready and you can log in."


def register(desk: Desk, call: Call) -> Response:
    """Sign up a new client."""
    wanted = call.part("client")
    email, name = text(wanted, "email", most=254).strip().lower(), text(wanted, "name", most=80)
    password = text(wanted, "password", most=200)
    if "@" not in email:
        raise Refusal(422, "'email' must be an e-mail address")
    if not is_good_password(password) and not desk.weak("weak-password-accepted"):
        raise Refusal(422, "Please choose a password of at least 10 characters that is not a common one")
    is_cut = len(password) > KEPT and desk.weak("password-cut", noticed=False)
    kept = hash_password(password[:KEPT] if is_cut else password, desk.rng.randbytes(16))
    if desk.person(email=email) is None:
        columns = {"phone": str(wanted.get("phone") or "")[:40]} | _extra(desk, wanted)
        desk.storage.insert("people", id=desk.fresh_id(), email=email, name=name, password_hash=kept, **columns)
    elif desk.weak("signup-names-account"):
        raise Refusal(409, "There is already an account with this e-mail address")
    return answer({"status": "ok", "message": WELCOME}, 202)


def _extra(desk: Desk, wanted: dict[str, Any]) -> dict[str, object]:
    columns: dict[str, object] = {"role": "client"}
    sent: dict[str, object] = {key: wanted[key] for key in ("role", "credit_cents", "verified") if key in wanted}
    if sent and desk.weak("signup-extra-fields"):
        columns |= sent
    return columns


def token(desk: Desk, call: Call) -> Response:
    """Log in with an urlencoded form (OAuth2 password grant, RFC 6749 section 4.3)."""
    form = call.form()
    email, password = form.get("username", "").strip().lower(), form.get("password", "")
    if desk.throttle.is_locked(email, call.address) and not desk.weak("login-unlimited"):
        raise Refusal(429, "Too many attempts. Please wait a moment.", headers={"Retry-After": "15"})
    left_over = _left_over(desk, email, password)
    person = left_over or desk.person(email=email)
    # A password is compared in any case, so that both answers take the same time.
    is_right = is_password(password, person.password_hash if person else NOBODY_HASH)
    is_right = is_right or left_over is not None
    if person is None or not (is_right or _is_beginning(desk, password, person)):
        desk.throttle.failed(email, call.address)
        raise _wrong_login(desk, person)
    more = _second_step(desk, person, form.get("code", ""), call.address)
    desk.throttle.succeeded(email, call.address)
    return answer(log_in_answer(desk, person) | more)


def _left_over(desk: Desk, email: str, password: str) -> Person | None:
    """Return the owner for the log-in that the program came with, which the weak twin still knows."""
    is_known = (email, password) == LEFT_OVER and desk.weak("default-log-in")
    return desk.person(email=OWNER.email) if is_known else None


def _is_beginning(desk: Desk, password: str, person: Person) -> bool:
    """Whether only the end of a long password is wrong, and the weak twin does not look so far."""
    kept = person.password_hash
    return len(password) > KEPT and is_password(password[:KEPT], kept) and desk.weak("password-cut")


def _second_step(desk: Desk, person: Person, code: str, address: str) -> dict[str, Any]:
    """Return what to add to the answer; refuse where the code of the second factor is missing or wrong."""
    if not person.factor_on or (code and is_code(desk, person, code)):
        return {}
    if not code and desk.weak("second-factor-skipped"):
        return {"second_factor_required": True}
    if code and not desk.weak("code-unlimited"):
        desk.throttle.failed(person.email, address)
    refusal = Refusal(400, "second_factor_required")
    words = "This code is not right" if code else "Please send the code of your second factor"
    refusal.body = {"error": "second_factor_required", "error_description": words}
    refusal.media_type = "application/json"
    raise refusal


def _wrong_login(desk: Desk, person: Person | None) -> Refusal:
    refusal = Refusal(400, "invalid_grant")
    words = "The e-mail address or the password is wrong"
    if desk.weak("login-names-account"):
        words = "The password is wrong" if person else "There is no account with this e-mail address"
    refusal.body = {"error": "invalid_grant", "error_description": words}
    refusal.media_type = "application/json"
    return refusal


def logout(desk: Desk, call: Call) -> Response:
    """End the token of this call."""
    client(desk, call)
    log_out(desk, call)
    return answer({"status": "ok"})


def change_password(desk: Desk, call: Call) -> Response:
    """Change the caller's own password; all tokens from before end."""
    me, wanted = client(desk, call), call.data()
    is_right = is_password(text(wanted, "current_password", most=200), me.password_hash)
    if not is_right and not desk.weak("password-change-open"):
        raise Refusal(403, "The current password is wrong")
    set_password(desk, me, text(wanted, "new_password", most=200))
    return nothing()


def set_password(desk: Desk, person: Person, password: str) -> None:
    """Give `person` a new password, or refuse where it is too easy to guess."""
    if not is_good_password(password):
        raise Refusal(422, "Please choose a password of at least 10 characters that is not a common one")
    salt = hashlib.sha256(desk.fresh_id().encode()).digest()[:16]
    desk.storage.change(
        "people", "id", person.id,
        password_hash=hash_password(password, salt), token_version=person.token_version + 1,
    )  # fmt: skip


ENTRIES = (
    Entry("POST", "/api/v2/register", register),
    Entry("POST", "/api/v2/token", token),
    Entry("POST", "/api/v2/logout", logout),
    Entry("PUT", "/api/v2/me/password", change_password),
)
