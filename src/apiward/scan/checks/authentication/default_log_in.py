"""AUT27: a log-in that programs come with opens the API (CWE-1392, OWASP API2:2023). Only where its owner asks for it.

Proves: a well-known name and password were let in, and given a token or a cookie; the same name with another password
was refused after it, as was an invented name with that password. Cannot: see other log-ins that are easy to
guess, or a second log-in: at most three passwords are tried for a name in all, and none once the API slows down.
"""

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.identities.log_in import LogInForm, given_in
from apiward.scan.identities.personas import invent
from apiward.scan.level import Phase
from apiward.scan.meaning import judging
from apiward.scan.proofs.trials import defaults
from apiward.scan.proofs.trials.entering import wrong_password
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts

CODE = "AUT27"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether this is a log-in."""
    return accounts.is_log_in(operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Try each pair once; go on only where wrong ones are refused clearly."""
    say = Saying(CODE, operation.key)
    if not scene.may_try_defaults:
        return say.not_run("tries log-ins that are not ours: only with --try-defaults")
    form = scene.accounts.log_in_form
    if form is None:
        return say.not_run("no name and password to fill in")
    if form.operation != operation:
        return say.not_run(f"tried at {form.operation.key} alone: accounts that are the same here must not be locked")
    count = 0
    for name, password in defaults.pairs(by_address=_goes_by_address(scene, form)):
        exchange = await _tried(scene, form, name, password)
        if any(given_in(exchange)):
            return await _judged(scene, form, say, (name, password), exchange)
        if _asks_to_wait(exchange):
            return say.unsure(f"after {count} well-known log-ins the API asked to wait; the others were not tried")
        if not judging.is_refused(exchange):
            return say.unsure("a log-in that is not ours got no clear answer")
        count += 1
    return say.holds(f"{count} well-known log-ins were refused")


def _goes_by_address(scene: Scene, form: LogInForm) -> bool | None:
    """Whether people log in by their e-mail address here; None where nobody could tell."""
    if form.takes_email:
        return True
    known = scene.owner.account.username if scene.owner is not None else ""
    return "@" in known if known else None


async def _judged(scene: Scene, form: LogInForm, say: Saying, pair: tuple[str, str], attack: Exchange) -> Verdict:
    """Try what nobody has: who lets that in as well lets in everybody, which is another weakness."""
    name, password = pair
    persona = invent(scene.rng)
    nobody = await _tried(scene, form, persona.email if "@" in name else persona.handle, password)
    control = await _tried(scene, form, name, wrong_password(scene))
    if not (judging.is_refused(control) and judging.is_refused(nobody)) or any(given_in(control)):
        return say.unsure("a well-known log-in was let in, but so was one that nobody has, or it got no clear answer")
    saw = f"the log-in {name} with the password {password} was let in; with another password it was refused"
    return say.broken(saw, attack, control, more=(nobody,))


def _asks_to_wait(exchange: Exchange) -> bool:
    is_told = exchange.response is not None and exchange.response.header("retry-after") is not None
    return is_told or exchange.status in (423, 429, 503)


async def _tried(scene: Scene, form: LogInForm, name: str, password: str) -> Exchange:
    return await scene.call(form.operation, form.fill(name, password), backs_off=False)


CHECK = Check(CODE, applies, run, phase=Phase.LAST)
