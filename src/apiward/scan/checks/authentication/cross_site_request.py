"""AUT21: pages of other sites can act for whoever is logged in by a cookie (CWE-352, OWASP ASVS 5.0 3.5.1).

Proves: a request of the kind that any page can make a browser send (POST, a form or plain text, the
origin of another site, no token) was accepted with the session cookie and its text was then read
back, while without the cookie it was refused; and the cookie is not kept from other sites (SameSite).
Where nothing shows the text it is told as likely. Cannot: judge APIs that know callers by a header.
"""

import json
from dataclasses import replace
from typing import Final

from apiward.core.account import Credential
from apiward.core.api import Operation, Place
from apiward.core.exchange import Exchange, Headers
from apiward.core.jsonvalue import NotJson
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import Arguments, text_of
from apiward.scan.calling.values import fresh_text, is_free_text
from apiward.scan.identities.areas import Area
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.proofs.trials.cookies import sent_for_others
from apiward.scan.proofs.trials.entering import enter_by_any_name
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts, dangers

CODE = "AUT21"
MAX_READ: Final = 4
FOREIGN: Final[Headers] = (
    ("Origin", "https://apiward-elsewhere.example"),
    ("Referer", "https://apiward-elsewhere.example/page"),
    ("Sec-Fetch-Site", "cross-site"),
)
_SIMPLE: Final = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether callers who are known by a cookie change something here with a POST."""
    if (
        operation.method != "POST"
        or not operation.has_address
        or accounts.is_account_operation(operation)
        or scene.is_for_staff(operation)
    ):
        return False
    way = scene.accounts.area_of(operation).way
    has_cookie = way is not None and way.form is not None and way.sample.place is Place.COOKIE
    return has_cookie and operation.is_secured and dangers.danger(operation) is None


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Send what a page of another site would make a browser send, as a throw-away account."""
    say = Saying(CODE, operation.key)
    area = scene.accounts.area_of(operation)
    form, spare = area.way.form if area.way else None, await scene.spare()
    if form is None or spare is None:
        return say.not_run("needs a throw-away account that can log in")
    _, credential, answer = await enter_by_any_name(scene, form, spare)
    if credential is None:
        return say.not_run("the account could not log in once more")
    bare = sent_for_others(credential, answer)
    if bare is None:
        return say.holds("browsers do not send the session cookie with requests of other sites (SameSite)")
    described, text = _with_text(scene, scene.arguments(operation, spare))
    sent = _as_pages_send(described)
    control = await scene.call(operation, sent, credential=None, headers=FOREIGN)
    attack = await scene.call(operation, sent, credential=bare, headers=FOREIGN)
    if attack.is_doubtful or control.is_doubtful:
        return say.unsure("the request got no clear answer")
    if not judging.is_accepted(attack):
        return await _refused(scene, say, operation, (sent, described), credential)
    if judging.is_accepted(control):
        return say.not_run("the operation serves everybody, so that a cookie does not matter")
    shown = await _read_back(scene, area, bare, text)
    saw = "A request as other sites can make browsers send it was accepted with the session cookie alone"
    if shown is None:
        return say.broken(f"{saw}.", attack, control, confidence=Confidence.LIKELY)
    return say.broken(f"{saw}, and done.", attack, control, more=(shown, answer))


async def _refused(
    scene: Scene, say: Saying, operation: Operation, forms: tuple[Arguments, Arguments], credential: Credential
) -> Verdict:
    """Hold only where the same is accepted from the API's own pages: else the refusal was about something else."""
    sent, described = forms
    own = (("Origin", scene.caller.origin),)
    usual = await scene.call(operation, sent, credential=credential, headers=own)
    if judging.is_accepted(usual):
        return say.holds("the request was refused as one of another site, and accepted as one of the API's own")
    if sent.media_type != described.media_type:
        usual = await scene.call(operation, described, credential=credential, headers=own)
        if judging.is_accepted(usual):
            return say.holds("only a form of body is taken that pages of other sites cannot send unasked")
    return say.unsure("the request was refused from the API's own pages as well")


def _with_text(scene: Scene, arguments: Arguments) -> tuple[Arguments, str]:
    """Return the arguments with a text in them by which they can be told, and that text."""
    told = ""
    for slot, value in list(arguments.slots()):
        if slot.place == "body" and isinstance(value, str) and is_free_text(value):
            told = fresh_text(scene.rng, "Note")
            arguments = arguments.put(slot, told)
    return arguments, text_of(told)


def _as_pages_send(arguments: Arguments) -> Arguments:
    """Return the arguments in a form that pages can send to other sites: JSON as plain text."""
    if not arguments.media_type or arguments.media_type in _SIMPLE or isinstance(arguments.body, NotJson):
        return arguments
    return replace(arguments, body=json.dumps(arguments.body), media_type="text/plain")


async def _read_back(scene: Scene, area: Area, credential: Credential, text: str) -> Exchange | None:
    """Return the answer in which the account sees the text, or None where it is shown nowhere."""
    reads = [op for op in scene.operations if op.method == "GET" and "{" not in op.path and op.is_secured]
    for operation in [op for op in reads if scene.accounts.area_of(op) is area][:MAX_READ] if text else ():
        exchange = await scene.call(operation, scene.arguments(operation, None), credential=credential)
        if judging.is_accepted(exchange) and text in exchange.text:
            return exchange
    return None


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.SESSIONS)
