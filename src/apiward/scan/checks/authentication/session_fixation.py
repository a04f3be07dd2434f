"""AUT19: a session id that was there before the log-in opens the account after it (CWE-384, OWASP ASVS 5.0 7.2.4).

Proves: a session cookie, given out by the server or made up, was refused; a throw-away account logged
in while it was sent along; then the same cookie opened the account, twice. Cannot: judge log-ins
that give a token instead of a cookie.
"""

from apiward.core.account import Credential
from apiward.core.api import Operation, Place
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling import values
from apiward.scan.identities import credentials
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.proofs.trials.cookies import session_cookie
from apiward.scan.proofs.trials.entering import areas_behind, enter_by_any_name, existing, form_at
from apiward.scan.proofs.trials.trial import Trial, open_trial
from apiward.scan.scene import Scene

CODE = "AUT19"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether this is a log-in that the scan uses, and that gives a cookie."""
    form = form_at(scene, operation)
    return any(area.way and area.way.sample.place is Place.COOKIE for area in areas_behind(scene, form))


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Log in while an older cookie is sent along, and show that one afterwards."""
    say = Saying(CODE, operation.key)
    form, (session, _) = form_at(scene, operation), await existing(scene)
    if form is None or session is None:
        return say.not_run("needs an account that can log in")
    username, credential, _ = await enter_by_any_name(scene, form, session)
    if credential is None or credential.place is not Place.COOKIE:
        return say.not_run("the log-in gave no cookie")
    trial = await open_trial(scene, session, areas_behind(scene, form)[0], credential)
    if isinstance(trial, str):
        return say.not_run(trial)
    own = await session_cookie(trial)
    if own is None:
        return say.not_run("no cookie opens the account by itself")
    preset = await _preset(scene, trial, own)
    early, before = await trial.accepts(preset)
    if early is not False:
        return say.unsure("an older cookie is not clearly refused before the log-in")
    filled = form.fill(username, session.password)
    entered = await scene.call(operation, filled, headers=(("Cookie", _text(preset)),))
    if not judging.is_accepted(entered) and not 300 <= entered.status < 400:
        return say.unsure("the log-in with an older cookie got no good answer")
    is_open, after = await trial.accepts_twice(preset)
    if is_open is None:
        return say.unsure("after the log-in, the older cookie got no clear answer")
    if not is_open:
        return say.holds("after the log-in, a session cookie from before it was refused")
    saw = "A session cookie from before the log-in was refused, and opened the account after it."
    return say.broken(saw, after, before, more=(entered, trial.good))


async def _preset(scene: Scene, trial: Trial, own: Credential) -> Credential:
    """Return a cookie of before the log-in: one that the server gives to everybody, or a made-up one of its form."""
    _, nobody = await trial.accepts(None)
    given = dict(credentials.cookies_in(nobody))
    return Credential(Place.COOKIE, own.name, given.get(own.name) or str(values.unlike(own.value, scene.rng)))


def _text(credential: Credential) -> str:
    return f"{credential.name}={credential.value}"


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.SESSIONS)
