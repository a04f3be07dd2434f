"""AUT13: a token from before a password change still works after it (CWE-613, OWASP ASVS 5.0 7.4.3).

Proves: a throw-away account changed its password (the new one opens it, the old one does not), and a
token of another log-in from before still got the account's own answer, twice. Cannot: judge APIs
where the change cannot be made with what the scan knows.
"""

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.identities.log_in import LogInForm
from apiward.scan.level import Level, Phase
from apiward.scan.proofs.trials.entering import enter, enter_by_any_name
from apiward.scan.proofs.trials.own_password import change, fresh_password
from apiward.scan.proofs.trials.trial import Trial, open_trial
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts

CODE = "AUT13"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether a caller changes its own password here."""
    return accounts.is_password_change(operation) and not scene.is_for_staff(operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Log a throw-away account in twice, change its password in one session, and use the other."""
    say = Saying(CODE, operation.key)
    area = scene.accounts.area_of(operation)
    form, spare = area.way.form if area.way else None, await scene.spare()
    if spare is None or form is None:
        return say.not_run("needs a throw-away account, whose password may be changed")
    username, first, _ = await enter_by_any_name(scene, form, spare)
    second, _ = await enter(scene, form, spare, username, spare.password)
    if first is None or second is None:
        return say.not_run("the account could not log in twice more")
    trial = await open_trial(scene, spare, area, first)
    if isinstance(trial, str):
        return say.not_run(trial)
    new = fresh_password(scene, spare)
    changed = await change(scene, operation, spare, second, new)
    if changed is None:
        return say.not_run("the description does not tell how to point this at our own account")
    return await _judge(scene, say, form, username, trial, changed, new)


async def _judge(
    scene: Scene, say: Saying, form: LogInForm, username: str, trial: Trial, changed: Exchange, new: str
) -> Verdict:
    spare = trial.session
    old = spare.password
    opened, entered = await enter(scene, form, spare, username, new)
    if opened is None:
        return say.not_run("the password was not changed, so that nothing could be seen")
    spare.password = new
    still, control = await enter(scene, form, spare, username, old)
    if still is not None:
        return say.unsure("the account opens with the old and with the new password")
    is_accepted, after = await trial.accepts_twice(trial.credential)
    if is_accepted is None:
        return say.unsure("after the change, the old token got no clear answer")
    if not is_accepted:
        return say.holds("after the password was changed, a token from before was refused")
    saw = "The password was changed and the old one refused, but a token from before still worked."
    return say.broken(saw, after, control, more=(trial.good, changed, entered))


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.SESSIONS)
