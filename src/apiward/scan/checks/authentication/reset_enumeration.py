"""AUT10: asking for a new password tells whether an account exists (CWE-204, OWASP API2:2023).

Proves: asking for an account that exists and for an invented one always got answers that differ in
the same respect, in every one of five pairs. A difference in time alone is likely, not proved.
Cannot: read the messages that are sent; it asks for its own addresses alone.
"""

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import Arguments
from apiward.scan.identities.personas import Persona, invent
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.proofs.trials.entering import existing, naming_account
from apiward.scan.proofs.trials.telling import Series, compare
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts

CODE = "AUT10"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether someone who forgot the password starts here."""
    return accounts.is_password_reset(operation) and not operation.is_secured


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask for a new password, in turn for an account that exists and for one that does not."""
    say = Saying(CODE, operation.key)
    session, is_spare = await existing(scene)
    if session is None:
        return say.not_run("needs an account that exists")
    base, other = scene.arguments(operation, session), invent(scene.rng)
    real, invented = naming_account(base, session.persona, session), naming_account(base, other, None)
    if real is None or invented is None:
        return say.not_run("nothing in the request names an account")

    async def ask(arguments: Arguments) -> Exchange:
        return await scene.call(operation, arguments, backs_off=False)

    names = (*_names(session.persona), session.account.username, *_names(other))
    asks = (lambda: ask(real), lambda: ask(invented))
    return judge(say, await compare(asks, names, may_time=is_spare))


def _names(persona: Persona) -> tuple[str, str, str]:
    return persona.email, persona.handle, persona.phone


def judge(say: Saying, series: Series) -> Verdict:
    """Say what the answers tell: by what always differs first, then by time."""
    if series.is_doubtful:
        return say.unsure("some of the requests got no clear answer, or were asked to wait")
    if any(judging.is_logged_out(exchange) for exchange in (series.real[0], series.invented[0])):
        return say.not_run("asking for a new password needs a log-in here")
    attack, control, count = series.real[-1], series.invented[-1], len(series.real)
    what = series.difference()
    if what:
        saw = f"Asking for a new password, {what} differed between an account that exists and one that does not."
        return say.broken(saw, attack, control, more=(series.real[0], series.invented[0]))
    lag = series.lag()
    if lag is not None and count >= 8:
        times = f"{lag:.0f} times slower" if lag > 1 else f"{1 / lag:.0f} times faster"
        saw = f"Asking for a new password, answers for an account that exists were {times}, in {count} pairs."
        return say.broken(saw, attack, control, confidence=Confidence.LIKELY)
    if not series.is_alike:
        return say.unsure("the answers vary, but not with whether the account exists")
    if judging.says_failure(attack):
        return say.unsure("the request failed for our own account as well")
    return say.holds("asking for a new password got the same answer whether the account exists or not")


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.LAST)
