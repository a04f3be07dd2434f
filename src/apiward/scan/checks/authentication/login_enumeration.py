"""AUT08: the log-in tells whether an account exists (CWE-204, CWE-208, OWASP API2:2023).

Proves: with the same wrong password, an account that exists and an invented one always got answers
that differ in the same respect, in every one of five pairs. A difference in time alone is likely,
not proved. Cannot: see small differences in time through a network.
"""

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.identities.personas import invent
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.proofs.trials.entering import (
    enter,
    enter_by_any_name,
    existing,
    form_at,
    username_like,
    wrong_password,
)
from apiward.scan.proofs.trials.telling import Series, compare
from apiward.scan.scene import Scene

CODE = "AUT08"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether this is a log-in that the scan uses."""
    return form_at(scene, operation) is not None


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Log in with a wrong password, in turn as an account that exists and as one that does not."""
    say = Saying(CODE, operation.key)
    form = form_at(scene, operation)
    session, is_spare = await existing(scene)
    if form is None or session is None:
        return say.not_run("needs an account that exists")
    real, credential, _ = await enter_by_any_name(scene, form, session)
    if credential is None:
        return say.not_run("the right password does not open this log-in")
    invented, password = username_like(real, session, invent(scene.rng)), wrong_password(scene)

    async def ask(username: str) -> Exchange:
        return await scene.call(operation, form.fill(username, password), backs_off=False)

    secrets = (real, invented, password, *map(str, (session.persona.handle, session.persona.email)))
    asks = (lambda: ask(real), lambda: ask(invented))
    series = await compare(asks, secrets, may_time=is_spare)
    # A right log-in sets counters of wrong ones back, so that the account is not locked in the end.
    await enter(scene, form, session, real, session.password)
    return judge(say, series)


def judge(say: Saying, series: Series) -> Verdict:
    """Say what the answers tell: by what always differs first, then by time."""
    if series.is_doubtful:
        return say.unsure("some of the wrong log-ins got no clear answer, or were asked to wait")
    if not all(judging.is_refused(exchange) for exchange in (*series.real, *series.invented)):
        return say.unsure("a wrong password is not refused clearly")
    attack, control, count = series.real[-1], series.invented[-1], len(series.real)
    what = series.difference()
    if what:
        saw = f"With a wrong password, {what} differed between a name that exists and one that does not, {count} times."
        return say.broken(saw, attack, control, more=(series.real[0], series.invented[0]))
    lag = series.lag()
    if lag is not None and count >= 8:
        times = f"{lag:.0f} times slower" if lag > 1 else f"{1 / lag:.0f} times faster"
        saw = f"With a wrong password, answers for a name that exists were {times}, in {count} pairs."
        return say.broken(saw, attack, control, confidence=Confidence.LIKELY)
    if not series.is_alike:
        return say.unsure("the answers to wrong log-ins vary, but not with whether the account exists")
    return say.holds("wrong log-ins got the same answer whether the account exists or not")


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.LAST)
