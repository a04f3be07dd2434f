"""AUT18: a refresh token works again after it was used, or after the log-out (CWE-613, RFC 9700 section 4.14.2).

Proves: a refresh token of a throw-away account gave a token that opened the account although the account had
logged out; a made-up one was refused. One that had been replaced twice is told as likely: some APIs bear a
repetition for a minute, in case an answer was lost, and no scan should wait for so long.
Cannot: say anything where refresh tokens are not replaced and there is no log-out.
"""

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Check, Saying, worst_of
from apiward.scan.identities.log_in import LogInForm
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.proofs.trials.entering import enter_by_any_name
from apiward.scan.proofs.trials.leaving import leave, log_outs
from apiward.scan.proofs.trials.renewing import Refresh, Renewed, made_up, refresh_in, renew, renews
from apiward.scan.proofs.trials.trial import Trial, open_trial
from apiward.scan.scene import Scene

CODE = "AUT18"
_Entry = tuple[Operation, LogInForm, Trial]


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether refresh tokens are shown here."""
    return renews(operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Use a refresh token after it was replaced, and another one after its account has logged out."""
    say = Saying(CODE, operation.key)
    area = scene.accounts.area_of(operation)
    form, spare = area.way.form if area.way else None, await scene.spare()
    if spare is None or form is None:
        return say.not_run("needs a throw-away account that can log in")
    _, credential, answer = await enter_by_any_name(scene, form, spare)
    first = refresh_in(answer)
    if credential is None or first is None:
        return say.not_run("the log-in gives no refresh token")
    trial = await open_trial(scene, spare, area, credential)
    if isinstance(trial, str):
        return say.not_run(trial)
    entry = (operation, form, trial)
    refused = await renew(scene, operation, form, spare, made_up(scene, first))
    if not judging.is_refused(refused.exchange):
        return say.unsure("a made-up refresh token is not clearly refused")
    second = await renew(scene, operation, form, spare, first)
    if second.credential is None or not (await trial.accepts(second.credential))[0]:
        return say.not_run("the refresh token gave no token that opens the account")
    replaced = await _replaced(scene, say, entry, (first, second, refused.exchange))
    left = await _left(scene, say, entry, refused.exchange)
    # Of two weaknesses the one after the log-out is told, as it alone is proved.
    nothing = say.not_run("refresh tokens are not replaced here, and there is no log-out")
    return worst_of([one for one in (left, replaced) if one is not None] or [nothing])


async def _replaced(
    scene: Scene, say: Saying, entry: _Entry, tokens: tuple[Refresh, Renewed, Exchange]
) -> Verdict | None:
    """Use the first token once more, when the second one was used as well; None where none is replaced."""
    operation, form, trial = entry
    first, second, control = tokens
    if second.refresh is None or second.refresh == first:
        return None
    third = await renew(scene, operation, form, trial.session, second.refresh)
    if third.credential is None:
        return say.unsure("the second refresh token gave no token")
    again = await renew(scene, operation, form, trial.session, first)
    is_open, shown = await _opens(trial, again)
    if is_open is None:
        return say.unsure("the old refresh token got no clear answer")
    if not is_open:
        return say.holds("a refresh token that was replaced was refused")
    saw = "A refresh token that had been replaced twice still gave a token that opened the account."
    return say.broken(saw, again.exchange, control, more=(third.exchange, shown), confidence=Confidence.LIKELY)


async def _left(scene: Scene, say: Saying, entry: _Entry, control: Exchange) -> Verdict | None:
    """Log in anew, log out, and use the refresh token; None where there is no one way to log out."""
    operation, form, trial = entry
    ways = log_outs(scene, trial.probe.operation)
    if len(ways) != 1:
        return None
    _, credential, answer = await enter_by_any_name(scene, form, trial.session)
    refresh = refresh_in(answer)
    if credential is None or refresh is None:
        return None
    left = await leave(scene, ways[0], trial.session, credential, answer)
    if not judging.is_accepted(left):
        return None
    again = await renew(scene, operation, form, trial.session, refresh)
    is_open, shown = await _opens(trial, again)
    if is_open is None:
        return say.unsure("after the log-out, the refresh token got no clear answer")
    if not is_open:
        return say.holds("after the log-out, the refresh token was refused")
    saw = "After the log-out, the refresh token still gave a token that opened the account."
    return say.broken(saw, again.exchange, control, more=(left, shown))


async def _opens(trial: Trial, renewed: Renewed) -> tuple[bool | None, Exchange]:
    if renewed.credential is None:
        return (None if renewed.exchange.is_doubtful else False), renewed.exchange
    return await trial.accepts_twice(renewed.credential)


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.SESSIONS)
