"""AUT06: log-in tokens do not end, or their end is not heeded (CWE-613, RFC 7519 section 4.1.4).

Proves: a token is accepted after its own end (an old one of this scan, or one that we could sign),
while one with a broken signature is refused. A token without an end, or with one more than 30 days
off, is told as likely. Cannot: wait for tokens that live longer than the scan.
"""

from typing import Final

from apiward.core.api import Operation
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.checks.authentication.bench.keys import guess_key
from apiward.scan.checks.authentication.bench.tokens import HASHES, all_jwts, expired, later, signed
from apiward.scan.checks.authentication.bench.trial import JwtTrial, open_jwt_trial
from apiward.scan.level import Phase
from apiward.scan.scene import Scene

CODE = "AUT06"
LONG_LIFE_S: Final = 30 * 86_400.0
GRACE_S: Final = 90.0


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether this is the operation that tells whether a token is accepted."""
    return scene.probe is not None and operation == scene.probe.operation


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Read the token's end; show one that is over, where there is one or one can be made."""
    say = Saying(CODE, operation.key)
    trial = await open_jwt_trial(scene, scene.owner)
    if isinstance(trial, str):
        return say.not_run(trial)
    if trial.is_broken_accepted is not False:
        return say.not_run("wrong signatures are not clearly refused, so that an end means nothing")
    return (
        await _forged(scene, say, trial)
        or await _outlived(scene, say, trial)
        or _endless(say, trial, scene.clock())
        or say.unsure("tokens carry an end, but none was over yet, so that nobody knows whether it is heeded")
    )


async def _forged(scene: Scene, say: Saying, trial: JwtTrial) -> Verdict | None:
    """Judge by a token that we sign ourselves; None where the key is not known or its tokens are refused."""
    token, now_s = trial.token, scene.clock()
    key = await guess_key(token, (scene.api.title,), scene.clock) if token.algorithm in HASHES else None
    if key is None or token.time("exp") is None:
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
    return _endless(say, trial, now_s) or say.holds("a token that had ended a day before was refused")


async def _outlived(scene: Scene, say: Saying, trial: JwtTrial) -> Verdict | None:
    """Judge by the oldest token of this scan that is over; None where there is none."""
    now_s = scene.clock()
    old = [token for token in all_jwts(trial.trial.session.secrets) if (token.time("exp") or now_s) < now_s]
    old = [token for token in old if token.header == trial.token.header]
    if not old:
        return None
    oldest = min(old, key=lambda token: token.time("exp") or now_s)
    over_s = now_s - (oldest.time("exp") or now_s)
    is_accepted, attack = await trial.accepts_twice(oldest.text)
    if is_accepted and over_s > GRACE_S:
        saw = f"A token was accepted {over_s:.0f} seconds after its end."
        return say.broken(saw, attack, trial.broken, more=(trial.trial.good,))
    if is_accepted is False:
        return _endless(say, trial, now_s) or say.holds("a token of this scan was refused after its end")
    return None


def _endless(say: Saying, trial: JwtTrial, now_s: float) -> Verdict | None:
    """Judge by what the token says of its own end; None where that is fine."""
    ends_s = trial.token.time("exp")
    if ends_s is not None and ends_s - (trial.token.time("iat") or now_s) <= LONG_LIFE_S:
        return None
    days = "" if ends_s is None else f"{(ends_s - (trial.token.time('iat') or now_s)) / 86_400:.0f}"
    saw = f"A log-in token lives for {days} days." if days else "A log-in token carries no end at all."
    return say.broken(saw, trial.trial.good, trial.broken, confidence=Confidence.LIKELY)


CHECK = Check(CODE, applies, run, phase=Phase.LAST)
