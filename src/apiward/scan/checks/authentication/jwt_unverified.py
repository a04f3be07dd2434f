"""AUT03: a JWT is accepted although its signature is wrong, or missing (CWE-347, RFC 8725 section 3.3).

Proves: the account's token with another signature, or with changed claims under the old one, or with
none, gets the account's own answer, twice; no token and garbage get a refusal. Cannot: act as
anybody but the test accounts.
"""

from collections.abc import Iterator

from apiward.core.api import Operation
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.proofs.trials.tokens import Jwt, encoded, later, unsigned, with_broken_signature
from apiward.scan.proofs.trials.trial import open_jwt_trial
from apiward.scan.scene import Scene

CODE = "AUT03"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether this is the operation that tells whether a token is accepted."""
    return scene.probe_at(operation) is not None


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Show the account's token with its signature replaced, left over from other claims, and cut off."""
    say = Saying(CODE, operation.key)
    trial = await open_jwt_trial(scene, scene.owner, operation)
    if isinstance(trial, str):
        return say.not_run(trial)
    has_doubt = False
    for words, text in _forgeries(trial.token, scene.clock()):
        is_accepted, attack = await trial.accepts_twice(text)
        if is_accepted:
            saw = f"A token {words} was accepted; a made-up text in its place was not."
            return say.broken(saw, attack, trial.trial.garbage, more=(trial.trial.good,))
        has_doubt = has_doubt or is_accepted is None
    if has_doubt:
        return say.unsure("some of the changed tokens got no clear answer, the others were refused")
    return say.holds("tokens with a wrong or missing signature were refused")


def _forgeries(token: Jwt, now_s: float) -> Iterator[tuple[str, str]]:
    yield "with a broken signature", with_broken_signature(token)
    changed = unsigned(token.header, later(token, now_s))
    yield "with changed content under its old signature", f"{changed}.{encoded(token.signature)}"
    yield "with its signature cut off", f"{token.signed.decode()}."


CHECK = Check(CODE, applies, run)
