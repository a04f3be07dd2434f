"""AUT22: whoever asks for a new password is given what should go by mail (CWE-640, OWASP ASVS 5.0 6.4.4).

Proves: asked for a new password of a throw-away account, without any log-in, the API answered with a
token or code; with it a new password was set, which then opened the account, while a made-up one was
refused. Where no second step is described, a token in the answer is told as likely. What is shown to who
names nobody's account as well is no token. Cannot: read mail.
"""

import re
from collections.abc import Iterator
from typing import Final

from apiward.core.api import Operation, Place
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, dotted, leaves
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling import values
from apiward.scan.calling.arguments import Arguments, Slot
from apiward.scan.identities.personas import invent
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.proofs.trials.entering import enter, enter_by_any_name, naming_account
from apiward.scan.proofs.trials.own_password import fresh_password, password_slots
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts, naming

CODE = "AUT22"
MAX_SHOWN: Final = 3
MAX_STEPS: Final = 2
_TICKET: Final = frozenset("token code otp pin reset ticket link url key secret".split())
_NO_TICKET: Final = frozenset("error status message type expires expiry in length sent id request trace".split())
_IN_LINK: Final = re.compile(r"[?&/=](?:[\w-]*(?:token|code|key)=)?([\w.~-]{6,})$")


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether someone who forgot the password starts here."""
    return accounts.is_password_reset(operation) and not operation.is_secured and operation.method != "GET"


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask for a new password of a throw-away account, and try to set one with what the answer shows."""
    say = Saying(CODE, operation.key)
    form, spare = scene.accounts.log_in_form, await scene.spare()
    if form is None or spare is None:
        return say.not_run("needs a throw-away account that can log in")
    username, credential, _ = await enter_by_any_name(scene, form, spare)
    base = scene.arguments(operation, None)
    arguments = naming_account(base, spare.persona, spare)
    nobodys = naming_account(base, invent(scene.rng), None)
    if credential is None or arguments is None or nobodys is None:
        return say.not_run("nothing in the request names an account, or it cannot log in")
    asked, of_nobody = await scene.call(operation, arguments), await scene.call(operation, nobodys)
    if asked.is_doubtful:
        return say.unsure("the request got no clear answer")
    # What the answer about nobody shows as well (a code for its kind, a link to a page) is no ticket.
    usual = {text for text, _ in _shown(of_nobody, nobodys)}
    shown = dict([one for one in _shown(asked, arguments) if one[0] not in usual][:MAX_SHOWN])
    if not shown:
        return say.holds("the answer to who asks for a new password shows no token and no code")
    spare.secrets |= shown.keys()
    steps = [op for op in scene.operations if _is_second_step(op)][:MAX_STEPS]
    new = fresh_password(scene, spare)
    early, _ = await enter(scene, form, spare, username, new)
    for step in steps if early is None else ():
        for ticket, field in shown.items():
            made_up = await _set(scene, step, spare, str(values.unlike(ticket, scene.rng)), new)
            reset = await _set(scene, step, spare, ticket, new)
            opened, entered = await enter(scene, form, spare, username, new)
            if opened is not None and judging.is_refused(made_up):
                spare.password = new
                saw = f"Whoever asks for a new password of any account gets what sets it in {field}."
                return say.broken(saw, asked, made_up, more=(reset, entered))
    if steps or of_nobody.is_doubtful:
        return say.unsure("the answer shows a token or a code, but no new password could be set with it")
    saw = f"Whoever asks for a new password of any account gets a token or a code in {', '.join(shown.values())}."
    return say.broken(saw, asked, of_nobody, confidence=Confidence.LIKELY)


def _shown(asked: Exchange, arguments: Arguments) -> Iterator[tuple[str, str]]:
    """Yield what may be a token or a code in the answer, by its name and not what was sent, with its field."""
    body = asked.response.json() if asked.response and judging.is_accepted(asked) else None
    sent = {str(value) for _, value in arguments.slots()}
    for pointer, value in () if isinstance(body, NotJson) else leaves(body):
        parts = set(naming.words(str(next((s for s in reversed(pointer) if isinstance(s, str)), ""))))
        if parts & _TICKET and not parts & _NO_TICKET:
            yield from ((text, dotted(pointer)) for text in _tickets(value) if text not in sent)


def _tickets(value: Json) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return
    text = str(value)
    if "/" in text and (found := _IN_LINK.search(text)):
        yield found.group(1)
    elif 4 <= len(text) <= 2_000 and " " not in text and any(char.isdigit() for char in text):
        yield text


def _is_second_step(operation: Operation) -> bool:
    if operation.method not in ("POST", "PUT", "PATCH") or operation.is_secured:
        return False
    if accounts.is_log_in(operation) or accounts.is_sign_up(operation):
        return False
    in_path = [parameter.name for parameter in operation.parameters_in(Place.PATH)]
    if any(not _is_ticket(name) for name in in_path):
        return False
    return accounts.confirms_reset(operation) or (bool(in_path) and accounts.has_password(operation))


async def _set(scene: Scene, step: Operation, spare: Session, ticket: str, new: str) -> Exchange:
    arguments = scene.arguments(step, None)
    for slot, _ in list(arguments.slots()):
        own = spare.persona.value_for(slot.name)
        if _is_ticket(slot.name):
            arguments = arguments.put(slot, ticket)
        elif own is not None:
            arguments = arguments.put(slot, own)
    for slot in list(_new_passwords(arguments)):
        arguments = arguments.put(slot, new)
    return await scene.call(step, arguments, backs_off=False)


def _new_passwords(arguments: Arguments) -> Iterator[Slot]:
    return (slot for slot in password_slots(arguments) if not _is_ticket(slot.name))


def _is_ticket(name: str) -> bool:
    return bool({"token", "code", "otp", "ticket", "key", "pin"} & set(naming.words(name)))


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.SESSIONS)
