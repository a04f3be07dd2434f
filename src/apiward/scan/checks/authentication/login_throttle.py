"""AUT07: passwords can be tried at the log-in without limit (CWE-307, OWASP API2:2023).

Proves: many wrong passwords for a throw-away account in a row all got the same quick answer, and the
right one still worked after them. Cannot: see a limit that begins later, or counts other things.
"""

from typing import Final

from apiward.core.account import Origin
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.identities.log_in import LogInForm
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.proofs.trials.braking import brake
from apiward.scan.proofs.trials.entering import enter, enter_by_any_name, form_at, wrong_password
from apiward.scan.scene import Scene

CODE = "AUT07"
TRIES: Final = 25


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether this is a log-in that the scan uses."""
    return form_at(scene, operation) is not None


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Log in with the right password, with many wrong ones, and with the right one again."""
    say = Saying(CODE, operation.key)
    form = form_at(scene, operation)
    # An account that the user gave might be locked by this, so that only accounts of our own are tried.
    own = [user for user in scene.users if user.account.origin is Origin.SIGNED_UP]
    session = await scene.spare() or next(reversed(own), None)
    if form is None or session is None:
        return say.not_run("needs an account of our own, since wrong passwords may lock it")
    username, credential, _ = await enter_by_any_name(scene, form, session)
    if credential is None:
        return say.not_run("the right password does not open this log-in")
    tries = await _try(scene, form, username)
    stopped = brake(tries)
    if stopped:
        return say.holds(stopped)
    if any(exchange.is_doubtful for exchange in tries):
        return say.unsure("some of the wrong log-ins got no clear answer")
    if not all(judging.is_refused(exchange) for exchange in tries):
        return say.unsure("a wrong password is not refused clearly, so that it cannot be told from a right one")
    opened, control = await enter(scene, form, session, username, session.password)
    if opened is None:
        return say.holds(f"after {len(tries)} wrong passwords, the right one was refused as well")
    saw = f"{len(tries)} wrong passwords in a row got the same answer, and then the right one worked."
    return say.broken(saw, tries[-1], control, more=(tries[0],))


async def _try(scene: Scene, form: LogInForm, username: str) -> list[Exchange]:
    tries: list[Exchange] = []
    while len(tries) < TRIES and not brake(tries):
        arguments = form.fill(username, wrong_password(scene))
        tries.append(await scene.call(form.operation, arguments, backs_off=False))
    return tries


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.LAST)
