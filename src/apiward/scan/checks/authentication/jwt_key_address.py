"""AUT26: the key that checks a token is fetched from an address that the token names (CWE-347, RFC 8725 section 3.10).

Proves: a token signed with a key of ours, whose header names our own listener (`jku`, `x5u`), led to a call there and
was accepted, twice, while the same token signed with another key was refused. Or: the call came, and an address
in a header field without meaning was not called; told as likely where the listener stands outside. Cannot: see
a server that fetches keys only where a firewall lets it, or get around a list of hosts that is compared whole.
"""

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.ports import CallListener
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.proofs.outside_calls import first_called
from apiward.scan.proofs.trials.key_addresses import NO_MEANING, Named, naming, naming_keys
from apiward.scan.proofs.trials.trial import JwtTrial, open_jwt_trial
from apiward.scan.scene import Scene

CODE = "AUT26"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether this is the operation that tells whether a token is accepted."""
    return scene.probe_at(operation) is not None


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Show tokens that say where their key can be fetched, and listen whether anybody comes for it."""
    say = Saying(CODE, operation.key)
    if scene.listener is None:
        return say.not_run("needs an address at which the API can call this computer: name one with --listen")
    trial = await open_jwt_trial(scene, scene.owner, operation)
    if isinstance(trial, str):
        return say.not_run(trial)
    if trial.is_broken_accepted:
        return say.not_run("every signature is accepted, so that this says nothing more")
    shown: list[tuple[Named, Exchange]] = []
    has_doubt = False
    for named in naming_keys(scene, scene.listener, trial.token):
        is_accepted, attack = await trial.accepts_twice(named.text)
        shown.append((named, attack))
        has_doubt = has_doubt or is_accepted is None
        if is_accepted:
            return await _accepted(say, trial, named, attack)
        if named.lure.call is not None:
            break  # other spellings say nothing more
    called = await first_called(scene, [named.lure for named, _ in shown])
    if called is None:
        if has_doubt:
            return say.unsure("some of the tokens that name an address for their key got no clear answer")
        return say.holds("tokens that name an address for their key were refused, and nobody called it")
    named, attack = next(one for one in shown if one[0].lure is called)
    return await _called(scene, scene.listener, say, trial, named, attack)


async def _accepted(say: Saying, trial: JwtTrial, named: Named, attack: Exchange) -> Verdict:
    """Judge a token that was taken: it must be for the key that we served."""
    is_any, control = await trial.accepts_twice(named.twin)
    if named.lure.call is None or is_any is not False:
        return say.unsure("a token that names an address for its key was accepted, but not clearly for that key")
    saw = f"A token signed with our own key, which it names {named.words} of its header, was accepted"
    return say.broken(
        f"{saw}: the server fetched the key from us. Signed with another key, the token was not accepted.",
        attack,
        control,
        more=(named.lure.call, trial.trial.good),
    )


async def _called(
    scene: Scene, listener: CallListener, say: Saying, trial: JwtTrial, named: Named, attack: Exchange
) -> Verdict:
    """Judge a call without a log-in: it must be that field which leads there."""
    other = naming(scene, listener, trial.token, NO_MEANING)
    _, control = await trial.accepts_twice(other.text)
    if named.lure.call is None or await first_called(scene, [other.lure]) is not None:
        return say.unsure("something calls every address that passes by, wherever it stands")
    saw = f"The server called an address of ours that a token named {named.words} of its header, to fetch the key"
    return say.broken(
        f"{saw}. It did not take the token itself. An address in a field without meaning was not called.",
        attack,
        control,
        more=(named.lure.call,),
        confidence=Confidence.PROVED if listener.is_inside else Confidence.LIKELY,
    )


CHECK = Check(CODE, applies, run)
