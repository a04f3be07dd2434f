"""The second factor of an account: a code from an authenticator app (TOTP, RFC 6238)."""

import base64
import hashlib
import hmac

from starlette.responses import Response

from apiward.core.one_time_codes import STEP_S, code_at
from apiward.demo.callers import client
from apiward.demo.calls import Call, Refusal, answer, text
from apiward.demo.desk import Desk, Entry
from apiward.demo.people import Person


def begin(desk: Desk, call: Call) -> Response:
    """Give the secret for the app. The factor is on once a right code was shown."""
    me = client(desk, call)
    if me.factor_on:
        raise Refusal(409, "A second factor is on already")
    secret = base64.b32encode(hashlib.sha256(desk.fresh_id().encode()).digest()[:20]).decode()
    desk.storage.change("people", "id", me.id, factor_secret=secret)
    return answer({"secret": secret, "uri": f"otpauth://totp/Marlow:{me.email}?secret={secret}&issuer=Marlow"})


def confirm(desk: Desk, call: Call) -> Response:
    """Switch the second factor on, with a code that only the app can make."""
    me, code = client(desk, call), text(call.data(), "code", most=10)
    if not is_code(desk, me, code):
        raise Refusal(403, "This code is not right")
    desk.storage.change("people", "id", me.id, factor_on=1)
    return answer({"status": "ok"})


def is_code(desk: Desk, person: Person, code: str) -> bool:
    """Say whether `code` is what the person's app shows now, or showed half a minute ago."""
    if not person.factor_secret:
        return False
    now = int(desk.clock() / STEP_S)
    return any(hmac.compare_digest(totp(person.factor_secret, step), code) for step in (now, now - 1))


def totp(secret: str, step: int) -> str:
    """Return the six digits for a step of thirty seconds."""
    return code_at(base64.b32decode(secret), step)


ENTRIES = (
    Entry("POST", "/api/v2/me/second-factor", begin),
    Entry("POST", "/api/v2/me/second-factor/confirm", confirm),
)
