"""AUT05: a token signed by HMAC with the public key as its secret is accepted (CWE-347, RFC 8725 section 3.1).

Proves: such a token gets the account's own answer, twice; the same token signed with another secret
is refused. Cannot: look without the public key, which it takes from the usual addresses.
"""

from apiward.core.api import Operation
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.proofs.trials.public_keys import PublicKey, published_keys, renderings
from apiward.scan.proofs.trials.tokens import signed
from apiward.scan.proofs.trials.trial import JwtTrial, open_jwt_trial
from apiward.scan.scene import Scene

CODE = "AUT05"
_ASYMMETRIC = ("RS", "ES", "PS", "Ed")


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether this is the operation that tells whether a token is accepted."""
    return scene.probe_at(operation) is not None


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Find the public key; show tokens signed with it as if it were a shared one."""
    say = Saying(CODE, operation.key)
    trial = await open_jwt_trial(scene, scene.owner, operation)
    if isinstance(trial, str):
        return say.not_run(trial)
    if not trial.token.algorithm.startswith(_ASYMMETRIC):
        return say.not_run("the tokens are not signed with a key pair")
    if trial.is_broken_accepted:
        return say.not_run("every signature is accepted, so that this says nothing more")
    keys, shown = await published_keys(scene, trial.token.header.get("kid"))
    if not keys:
        return say.not_run("no public key was found at the usual addresses")
    verdict = await _forge(say, trial, keys)
    if verdict.evidence is not None:
        return say.broken(verdict.saw, verdict.evidence.attack, verdict.evidence.control, more=tuple(shown))
    return verdict


async def _forge(say: Saying, trial: JwtTrial, keys: list[tuple[PublicKey, str]]) -> Verdict:
    token, has_doubt = trial.token, False
    for secret in dict.fromkeys(way for key, text in keys for way in renderings(key, text)):
        is_accepted, attack = await trial.accepts_twice(signed(token.header, token.claims, secret, "HS256"))
        has_doubt = has_doubt or is_accepted is None
        if not is_accepted:
            continue
        is_any, control = await trial.accepts_twice(signed(token.header, token.claims, b"another secret", "HS256"))
        if is_any is False:
            return say.broken("A token signed with the public key as a shared secret was accepted.", attack, control)
        return say.unsure("tokens signed with any shared secret are accepted, or get no clear answer")
    if has_doubt:
        return say.unsure("some of the tokens signed with the public key got no clear answer")
    return say.holds("tokens signed with the public key as a shared secret were refused")


CHECK = Check(CODE, applies, run)
