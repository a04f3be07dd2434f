"""AUT06: log-in tokens do not end, or their end is not heeded (CWE-613, RFC 7519 section 4.1.4).

Proves: a token is accepted after its own end (an old one of this scan, or one that we could sign),
while one with a broken signature is refused. A token without an end, or with one more than 30 days
off, is told as likely. Cannot: see the end of tokens that live longer than the scan and its patience,
or judge one that stands in a claim of the API's own (`expires`): that is unsure.
"""

from typing import Final

from apiward.core.api import Operation
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.identities.log_in import LogInForm
from apiward.scan.level import Phase
from apiward.scan.proofs.trials.entering import enter, enter_by_any_name, form_at, wrong_password
from apiward.scan.proofs.trials.keys import guess_key
from apiward.scan.proofs.trials.tokens import HASHES, all_jwts, expired, jwt_in, later, signed
from apiward.scan.proofs.trials.trial import JwtTrial, open_jwt_trial
from apiward.scan.scene import Scene

CODE = "AUT06"
LONG_LIFE_S: Final = 30 * 86_400.0
GRACE_S: Final = 90.0
MAX_OLD: Final = 3


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether this gives tokens (what end do they name?), or tells whether one is accepted (is it heeded?)."""
    return scene.probe_at(operation) is not None or form_at(scene, operation) is not None


async def run(scene: Scene, operation: Operation) -> Verdict:
    """At the log-in read the token's end; at the probe show a token that is over, where one can be had."""
    say = Saying(CODE, operation.key)
    form = form_at(scene, operation)
    if form is not None:
        return await _named_end(scene, say, form)
    trial = await open_jwt_trial(scene, scene.owner, operation)
    if isinstance(trial, str):
        return say.not_run(trial)
    if trial.is_broken_accepted is not False:
        return say.not_run("wrong signatures are not clearly refused, so that an end means nothing")
    if trial.token.time("exp") is None:
        return say.not_run("the tokens carry no end that could be heeded")
    return (
        await _forged(scene, say, trial)
        or await _outlived(scene, say, trial)
        or say.unsure("tokens carry an end, but none was over yet, so that nobody knows whether it is heeded")
    )


async def _named_end(scene: Scene, say: Saying, form: LogInForm) -> Verdict:
    """Log in, and read when the token says that it ends."""
    session = scene.owner
    if session is None:
        return say.not_run("needs an account that can log in")
    username, credential, answer = await enter_by_any_name(scene, form, session)
    token = jwt_in(credential)
    if token is None:
        return say.not_run("the log-in gives no JWT")
    ends_s, begins_s = token.time("exp"), token.time("iat") or scene.clock()
    if ends_s is not None and ends_s - begins_s <= LONG_LIFE_S:
        return say.holds(f"the log-in's token names an end, {ends_s - begins_s:.0f} seconds after it was made")
    if ends_s is None and token.own_end(scene.clock()):
        return say.unsure("the token seems to name its end in a claim of its own, which only this API knows to read")
    _, control = await enter(scene, form, session, username, wrong_password(scene))
    days = 0.0 if ends_s is None else (ends_s - begins_s) / 86_400
    saw = (
        f"The log-in gave a token that lives for {days:.0f} days."
        if days
        else "The log-in gave a token without an end."
    )
    return say.broken(saw, answer, control, confidence=Confidence.LIKELY)


async def _forged(scene: Scene, say: Saying, trial: JwtTrial) -> Verdict | None:
    """Judge by a token that we sign ourselves; None where the key is not known or its tokens are refused."""
    token, now_s = trial.token, scene.clock()
    key = await guess_key(token, (scene.api.title,), scene.clock) if token.algorithm in HASHES else None
    if key is None:
        return None
    is_valid, control = await trial.accepts_twice(signed(token.header, later(token, now_s), key, token.algorithm))
    if not is_valid:
        return None
    is_accepted, attack = await trial.accepts_twice(signed(token.header, expired(token, now_s), key, token.algorithm))
    if is_accepted:
        saw = "A token that had ended a day before was accepted."
        return say.broken(saw, attack, trial.broken, more=(control,))
    if is_accepted is None:
        return say.unsure("a token that had ended a day before got no clear answer")
    return say.holds("a token that had ended a day before was refused")


async def _outlived(scene: Scene, say: Saying, trial: JwtTrial) -> Verdict | None:
    """Judge by tokens of this scan that are over, or soon will be; None where there are none."""
    ends_s = trial.token.time("exp") or 0.0
    await scene.wait_out(max(ends_s + GRACE_S + 1 - scene.clock(), 0.0))
    now_s = scene.clock()
    over = [token for token in all_jwts(trial.trial.session.secrets) if (token.time("exp") or now_s) < now_s]
    over = sorted((t for t in over if t.header == trial.token.header), key=lambda t: -(t.time("exp") or now_s))
    refused = 0
    for token in over[:MAX_OLD]:
        over_s = now_s - (token.time("exp") or now_s)
        is_accepted, attack = await trial.accepts_twice(token.text)
        if is_accepted and over_s > GRACE_S:
            saw = f"A token was accepted {over_s:.0f} seconds after its end."
            return say.broken(saw, attack, trial.broken, more=(trial.trial.good,))
        refused += is_accepted is False
    # A token may have been refused because its session was ended, so that one alone says little.
    return say.holds("tokens of this scan were refused after their end") if refused else None


CHECK = Check(CODE, applies, run, phase=Phase.LAST)
