"""AUT02: a JWT that names no algorithm, and carries no signature, is accepted (CWE-347, RFC 8725 section 3.2).

Proves: such a token gets the account's own answer, twice; no token, garbage and a broken signature
get a refusal. Cannot: act as anybody but the test accounts.
"""

from collections.abc import Iterator

from apiward.core.api import Operation
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.proofs.trials.tokens import Jwt, encoded, unsigned
from apiward.scan.proofs.trials.trial import open_jwt_trial
from apiward.scan.scene import Scene

CODE = "AUT02"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether this is the operation that tells whether a token is accepted."""
    return scene.probe_at(operation) is not None


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Show the account's token rewritten without a signature, in several spellings of "none"."""
    say = Saying(CODE, operation.key)
    trial = await open_jwt_trial(scene, scene.owner, operation)
    if isinstance(trial, str):
        return say.not_run(trial)
    if trial.is_broken_accepted:
        return say.not_run("every signature is accepted, so that this says nothing more")
    has_doubt = trial.is_broken_accepted is None
    for text in _forgeries(trial.token):
        is_accepted, attack = await trial.accepts_twice(text)
        if is_accepted:
            saw = (
                "A token with the algorithm 'none' and no valid signature was accepted; one with a broken one was not."
            )
            return say.broken(saw, attack, trial.broken, more=(trial.trial.good, trial.trial.garbage))
        has_doubt = has_doubt or is_accepted is None
    if has_doubt:
        return say.unsure("some of the unsigned tokens got no clear answer, the others were refused")
    return say.holds("tokens without a signature were refused")


def _forgeries(token: Jwt) -> Iterator[str]:
    for spelling in ("none", "None", "NONE", "nOnE"):
        yield unsigned({**token.header, "alg": spelling}, token.claims) + "."
    bare = unsigned({**token.header, "alg": "none"}, token.claims)
    yield f"{bare}.{encoded(token.signature)}"
    yield bare


CHECK = Check(CODE, applies, run)
