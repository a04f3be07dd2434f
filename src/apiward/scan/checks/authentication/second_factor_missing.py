"""AUT14: a password alone opens accounts that should need a second factor (CWE-308, OWASP ASVS 5.0 6.3.3).

Proves: an authenticator app was switched on for a throw-away account (a wrong code was refused, the
right one accepted), the log-in then asked for a code, and the token that it gave before any code got
the account's private answers. Where the log-in does not ask, or nothing of a second factor is
described at all beside staff operations or money, that is told as likely. Cannot: see a second factor
that another service asks for, or that is asked for at single operations.
"""

import re
from typing import Final

from apiward.core.api import Operation, SchemeKind
from apiward.core.exchange import Exchange
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.identities.log_in import LogInForm
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.proofs.trials.entering import areas_behind, enter, enter_by_any_name, form_at, refusal_of
from apiward.scan.proofs.trials.second_factor import Enrolled, enrol, is_offered
from apiward.scan.proofs.trials.trial import Trial, open_trial
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming
from apiward.spec.meaning.factors import speaks_of_factor

CODE = "AUT14"
MOST: Final = 2
_MONEY: Final = frozenset("payment payout transfer withdrawal wallet refund invoice billing order card".split())
_ASKS: Final = re.compile(r"(second|two|multi|next|another).?(step|factor)|verification.?code|\bcode\b", re.IGNORECASE)


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether this is a log-in that the scan uses."""
    return form_at(scene, operation) is not None


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Switch a second factor on for a throw-away account, and log in with its password alone."""
    say = Saying(CODE, operation.key)
    form = form_at(scene, operation)
    if form is None:
        return say.not_run("needs an account that can log in")
    if not is_offered(scene.api):
        return await _nowhere(scene, say, form)
    if scene.level < Level.WRITE:
        return say.not_run(f"needs --level {Level.WRITE.word}")
    spare = await scene.spare()
    if spare is None:
        return say.not_run("needs a throw-away account, for which a second factor may be switched on")
    username, credential, _ = await enter_by_any_name(scene, form, spare)
    area = areas_behind(scene, form)[0]
    main = await spare.current(scene.accounts.main.schemes)
    if credential is None or main is None:
        return say.not_run("the account could not log in once more")
    trial = await open_trial(scene, spare, area, credential)
    if isinstance(trial, str):
        return say.not_run(trial)
    factor = await enrol(scene, spare, main)
    if factor is None:
        return say.unsure("a second factor is spoken of, but could not be switched on with what the scan knows")
    given, answer = await enter(scene, form, spare, username, spare.password)
    if given is None:
        return say.holds("once a second factor was on, the password alone gave no log-in")
    is_open, shown = await trial.accepts_twice(given)
    opened = [await scene.call(op, scene.arguments(op, spare), credential=given) for op in _private(scene, trial)]
    if not is_open or not all(judging.is_accepted(one) for one in opened):
        return say.holds("once a second factor was on, what the password alone gave did not open the whole account")
    return _judge(say, trial, factor, (answer, shown, *opened))


def _private(scene: Scene, trial: Trial) -> list[Operation]:
    """Return other operations of the area that serve who is logged in, and nobody else."""
    area = scene.accounts.area_of(trial.probe.operation)
    possible = (
        op
        for op in scene.operations
        if op.method == "GET" and op.is_secured and "{" not in op.path and op != trial.probe.operation
        if scene.accounts.area_of(op) is area
    )
    return [op for op in possible if _serves(scene.seen(op, scene.owner)) and not _serves(scene.seen(op, None))][:MOST]


def _serves(seen: Exchange | None) -> bool:
    return seen is not None and judging.is_accepted(seen)


def _judge(say: Saying, trial: Trial, factor: Enrolled, shown: tuple[Exchange, ...]) -> Verdict:
    """Prove where the log-in itself says that a code is missing; else it may be asked for elsewhere.

    Some APIs show a bare record to who is half in, so that one operation alone is no proof either.
    """
    answer, attack, *opened = shown
    more = (factor.wrong, factor.right, answer, *opened)
    if opened and (speaks_of_factor(answer.text) or _ASKS.search(answer.text[:2_000])):
        saw = "With a second factor on, the log-in asked for a code, and its token worked before any code was sent."
        return say.broken(saw, attack, trial.garbage, more=more)
    saw = "With a second factor on, the password alone still opened the account, and no code was asked for."
    return say.broken(saw, attack, trial.garbage, more=more, confidence=Confidence.LIKELY)


async def _nowhere(scene: Scene, say: Saying, form: LogInForm) -> Verdict:
    """Say that nothing of a second factor is described, where staff or money are behind a password alone."""
    session = scene.owner
    if form != scene.accounts.log_in_form or session is None:
        return say.not_run("told at the main log-in")
    if any(one.kind is SchemeKind.OPENID or set(one.flows) - {"password"} for one in scene.api.schemes.values()):
        return say.not_run("another service may log people in, and ask for a second factor there")
    what = _behind(scene)
    if not what:
        return say.not_run("neither staff operations nor money are described, so that a password may be enough")
    username, credential, answer = await enter_by_any_name(scene, form, session)
    if credential is None or speaks_of_factor(answer.text):
        return say.unsure("the password alone gave no log-in")
    control = await refusal_of(scene, form, session, username)
    if control is None:
        return say.unsure("the log-in does not clearly refuse a wrong password")
    saw = f"A password alone opens accounts, {what} are behind it, and no second factor is offered anywhere."
    return say.broken(saw, answer, control, confidence=Confidence.LIKELY)


def _behind(scene: Scene) -> str:
    """Return in words what is behind the log-in that asks for more than a password; empty where nothing is."""
    if any(scene.is_for_staff(op) for op in scene.api.operations):
        return "staff operations"
    secured = (op for op in scene.api.operations if op.is_secured)
    return "payments or orders" if any(_MONEY & set(naming.nouns(op.path)) for op in secured) else ""


CHECK = Check(CODE, applies, run, phase=Phase.SESSIONS)
