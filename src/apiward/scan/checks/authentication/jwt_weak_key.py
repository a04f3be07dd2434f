"""AUT04: the key that signs the tokens can be guessed (CWE-1391, RFC 7518 section 3.2).

Proves: a key found offline signs a token of our own that is accepted, twice, while the same token
signed with another key is refused. Cannot: find keys that are neither common words, nor varied
ones, nor very short.
"""

from apiward.core.api import Operation
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.proofs.trials.keys import guess_key
from apiward.scan.proofs.trials.tokens import HASHES, later, signed
from apiward.scan.proofs.trials.trial import JwtTrial, open_jwt_trial
from apiward.scan.scene import Scene

CODE = "AUT04"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether this is the operation that tells whether a token is accepted."""
    return scene.probe_at(operation) is not None


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Guess the key offline; then show a token signed with it, and one signed with another key."""
    say = Saying(CODE, operation.key)
    trial = await open_jwt_trial(scene, scene.owner, operation)
    if isinstance(trial, str):
        return say.not_run(trial)
    if trial.token.algorithm not in HASHES:
        return say.not_run("the tokens are not signed with a shared key")
    if trial.is_broken_accepted:
        return say.not_run("every signature is accepted, so that the key does not matter")
    key = await guess_key(trial.token, (scene.api.title,), scene.clock)
    if key is None:
        return say.holds("the key is none of some hundred thousand guesses")
    return await _show(scene, say, trial, key)


async def _show(scene: Scene, say: Saying, trial: JwtTrial, key: bytes) -> Verdict:
    token, said = trial.token, []
    for claims in (later(token, scene.clock()), {**token.claims, "note": "apiward"}):
        is_accepted, attack = await trial.accepts_twice(signed(token.header, claims, key, token.algorithm))
        wrong = signed(token.header, claims, key + b"?wrong", token.algorithm)
        is_wrong_accepted, control = await trial.accepts_twice(wrong)
        said.append(is_accepted)
        if is_accepted and is_wrong_accepted is False:
            saw = f"A guessed key of {len(key)} characters signed a token that was accepted; another key's was refused."
            return say.broken(saw, attack, control, more=(trial.trial.good,))
    is_good, _ = await trial.trial.accepts(trial.trial.credential)
    if is_good and set(said) == {False}:
        return say.holds("the key could be guessed, but tokens signed with it were refused")
    return say.unsure("the key could be guessed, but a token signed with it got no clear answer")


CHECK = Check(CODE, applies, run)
