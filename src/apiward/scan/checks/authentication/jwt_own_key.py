"""AUT17: a token is checked with a key that its own header names (CWE-347, RFC 8725 sections 3.1 and 3.10).

Proves: a token of ours was accepted, twice, that brings its key in its header (`jwk`), or whose `kid`
leads to a key that we know (an empty file, a text from the database); the same token signed with
another key was refused. Cannot: know other files than an empty one, or other queries than one. Keys that the
server fetches from an address (`jku`, `x5u`) are AUT26's.
"""

from apiward.core.api import Operation
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.proofs.trials.own_keys import forgeries
from apiward.scan.proofs.trials.tokens import later
from apiward.scan.proofs.trials.trial import open_jwt_trial
from apiward.scan.scene import Scene

CODE = "AUT17"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether this is the operation that tells whether a token is accepted."""
    return scene.probe_at(operation) is not None


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Show tokens of our own whose headers say with which key they are to be checked."""
    say = Saying(CODE, operation.key)
    trial = await open_jwt_trial(scene, scene.owner, operation)
    if isinstance(trial, str):
        return say.not_run(trial)
    if trial.is_broken_accepted:
        return say.not_run("every signature is accepted, so that this says nothing more")
    has_doubt = False
    for forgery in forgeries(trial.token, later(trial.token, scene.clock())):
        is_accepted, attack = await trial.accepts_twice(forgery.text)
        if not is_accepted:
            has_doubt = has_doubt or is_accepted is None
            continue
        is_any, control = await trial.accepts_twice(forgery.twin)
        if is_any is False:
            saw = f"A token {forgery.words} was accepted; one with the same header, signed otherwise, was not."
            return say.broken(saw, attack, control, more=(trial.trial.good, trial.broken))
        has_doubt = True
    if has_doubt:
        return say.unsure("some of the tokens that name a key got no clear answer, the others were refused")
    return say.holds("tokens whose header names a key of our own were refused")


CHECK = Check(CODE, applies, run)
