"""AUT12: a token still works after its account has logged out with it (CWE-613, OWASP ASVS 5.0 7.4.1).

Proves: the token worked, the log-out that carried it was confirmed, and the token still got the
account's own answer, twice, while garbage is refused. Cannot: see what other devices keep.
"""

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.proofs.trials.entering import enter_by_any_name, existing
from apiward.scan.proofs.trials.leaving import leave
from apiward.scan.proofs.trials.trial import Trial, open_trial
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts

CODE = "AUT12"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation ends the caller's session, without naming another."""
    return accounts.is_log_out(operation) and "{" not in operation.path


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Log a throw-away account in, use its token, log out with it, and use it again."""
    say = Saying(CODE, operation.key)
    area = scene.accounts.area_of(operation)
    form = area.way.form if area.way else None
    session, _ = await existing(scene)
    if session is None or form is None:
        return say.not_run("needs an account that can log in")
    _, credential, answer = await enter_by_any_name(scene, form, session)
    if credential is None:
        return say.not_run("the account could not log in once more")
    trial = await open_trial(scene, session, area, credential)
    if isinstance(trial, str):
        return say.not_run(trial)
    ended = await leave(scene, operation, session, credential, answer)
    return await _judge(say, trial, ended)


async def _judge(say: Saying, trial: Trial, ended: Exchange) -> Verdict:
    is_redirect = 300 <= ended.status < 400
    if ended.is_doubtful or not (judging.is_accepted(ended) or is_redirect):
        return say.not_run("the log-out itself was not accepted")
    is_accepted, after = await trial.accepts_twice(trial.credential)
    if is_accepted is None:
        return say.unsure("after the log-out, the old token got no clear answer")
    if not is_accepted:
        return say.holds("after the log-out, the old token was refused")
    saw = "The API confirmed the log-out, and the same token still worked after it."
    return say.broken(saw, after, trial.garbage, more=(trial.good, ended))


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.SESSIONS)
