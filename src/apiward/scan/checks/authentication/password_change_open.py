"""AUT15: the password of an account is changed without the old one (CWE-620, OWASP ASVS 5.0 6.2.3).

Proves: a throw-away account set a new password with a wrong old one, or with none, and then opened
with the new one, which it did not before. Cannot: see whether a log-in that is some minutes old is
asked for the old password after all.
"""

from apiward.core.account import Credential
from apiward.core.api import Operation
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.identities.log_in import LogInForm
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level, Phase
from apiward.scan.proofs.trials.entering import enter, enter_by_any_name, refusal_of, wrong_password
from apiward.scan.proofs.trials.own_password import asks_for_old, change, fresh_password
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts

CODE = "AUT15"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether a caller changes its own password here, logged in and not by a code that was sent to it."""
    if not accounts.is_password_change(operation) or scene.is_for_staff(operation):
        return False
    return not accounts.confirms_reset(operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Change a throw-away account's password without the right old one, and log in with the new one."""
    say = Saying(CODE, operation.key)
    area = scene.accounts.area_of(operation)
    form, spare = area.way.form if area.way else None, await scene.spare()
    if spare is None or form is None:
        return say.not_run("needs a throw-away account, whose password may be changed")
    username, credential, _ = await enter_by_any_name(scene, form, spare)
    if credential is None:
        return say.not_run("the account could not log in once more")
    new = fresh_password(scene, spare)
    control = await refusal_of(scene, form, spare, username, new)
    if control is None:
        return say.not_run("the log-in does not clearly refuse a wrong password")
    for old, words in _ways(scene, operation, spare):
        changed = await change(scene, operation, spare, credential, new, old=old)
        if changed is None:
            return say.not_run("the description does not tell how to point this at our own account")
        opened, entered = await enter(scene, form, spare, username, new)
        if opened is not None:
            spare.password = new
            saw = f"A logged-in account changed its password {words}, and the new one then opened it."
            return say.broken(saw, changed, control, more=(entered,))
        if changed.is_doubtful or entered.is_doubtful:
            return say.unsure("the change of the password got no clear answer")
    return await _with_the_right_one(scene, operation, say, (form, spare, username, credential))


def _ways(scene: Scene, operation: Operation, spare: Session) -> list[tuple[str, str]]:
    """Return what to send as the old password, each with the words for it; an empty text leaves it out."""
    if asks_for_old(scene, operation, spare):
        return [(wrong_password(scene), "with a wrong old one"), ("", "without the old one")]
    return [("", "without the old one")]


async def _with_the_right_one(
    scene: Scene, operation: Operation, say: Saying, entry: tuple[LogInForm, Session, str, Credential]
) -> Verdict:
    """Hold only where the right old password does change it: else the refusals were about something else."""
    form, spare, username, credential = entry
    new = fresh_password(scene, spare)
    changed = await change(scene, operation, spare, credential, new)
    opened, _ = await enter(scene, form, spare, username, new)
    if changed is None or opened is None:
        return say.unsure("the password could not be changed with the right old one either")
    spare.password = new
    if not asks_for_old(scene, operation, spare):
        return say.unsure("the password changed at the second try only")
    return say.holds("a password was changed with the right old one, and not with a wrong one or with none")


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.SESSIONS)
