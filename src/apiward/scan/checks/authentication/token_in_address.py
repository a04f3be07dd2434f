"""AUT24: tokens or passwords are taken from the address of a request (CWE-598, RFC 6750 section 2.3).

Proves: the account's token, shown in the address alone, got the account's own answer, twice, and a
made-up one in the same place did not; or the log-in takes its password from the address. Cannot: say
whether anybody sends them there.
"""

from typing import Final

from apiward.core.account import Credential
from apiward.core.api import Operation, Place
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling import values
from apiward.scan.identities.log_in import LogInForm
from apiward.scan.proofs.trials.entering import enter_by_any_name, form_at, refusal_of
from apiward.scan.proofs.trials.trial import Trial, open_trial
from apiward.scan.scene import Scene

CODE = "AUT24"
NAMES: Final = ("access_token", "token", "auth_token", "jwt", "api_key", "key")


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether this tells whether a token is accepted, or is a log-in that takes its password from the address."""
    return scene.probe_at(operation) is not None or _in_address(form_at(scene, operation))


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Show the token in the address; at such a log-in, log in."""
    say = Saying(CODE, operation.key)
    form = form_at(scene, operation)
    if form is not None:
        return await _log_in(scene, say, form)
    session, area = scene.owner, scene.accounts.area_of(operation)
    credential = session.credential_for(area.schemes) if session is not None else None
    if credential is not None and credential.place is Place.COOKIE:
        return say.not_run("callers are known by a cookie here")
    trial = await open_trial(scene, session, area)
    if isinstance(trial, str):
        return say.not_run(trial)
    if trial.credential.place is Place.QUERY:
        saw = f"The token is sent in the address of each request, as {trial.credential.name}."
        return say.broken(saw, trial.good, trial.garbage)
    return await _show(say, trial)


async def _show(say: Saying, trial: Trial) -> Verdict:
    """Show the token under each of the usual names."""
    has_doubt = False
    for name in NAMES:
        shown = Credential(Place.QUERY, name, trial.credential.value)
        is_accepted, attack = await trial.accepts_twice(shown)
        has_doubt = has_doubt or is_accepted is None
        if not is_accepted:
            continue
        garbled = Credential(Place.QUERY, name, str(values.unlike(trial.credential.value, trial.scene.rng)))
        is_any, control = await trial.accepts(garbled)
        if is_any is False:
            saw = f"The token was accepted in the address of a request, as {name}."
            return say.broken(saw, attack, control, more=(trial.good,))
        has_doubt = True
    if has_doubt:
        return say.unsure("a token in the address got no clear answer")
    return say.holds("a token in the address was refused")


async def _log_in(scene: Scene, say: Saying, form: LogInForm) -> Verdict:
    session = scene.owner
    if session is None:
        return say.not_run("needs an account that can log in")
    username, credential, answer = await enter_by_any_name(scene, form, session)
    if credential is None:
        return say.unsure("the log-in with a password in the address did not work")
    control = await refusal_of(scene, form, session, username)
    if control is None:
        return say.unsure("the log-in does not clearly refuse a wrong password")
    return say.broken("The log-in takes the password from the address of the request.", answer, control)


def _in_address(form: LogInForm | None) -> bool:
    return form is not None and any(slot.place == Place.QUERY.value for slot in form.password_slots)


CHECK = Check(CODE, applies, run)
